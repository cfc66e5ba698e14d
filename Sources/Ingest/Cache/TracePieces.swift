import FleetData

/// A trace that comes in pieces of bounded memory, each when it is asked for, in file order.
public protocol TracePieces: AnyObject {
  /// The next requests; nil at the end.
  func next() throws(TraceError) -> WorkloadTrace?
  /// What was found beside the requests; complete at the end.
  var scan: TraceScan { get }
}

extension TraceStream: TracePieces {}
