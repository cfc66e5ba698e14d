import FleetData
import Quantities

/// Which requests of a trace to keep; an empty list of names keeps all.
public struct TraceSelection: Hashable, Sendable {
  /// Kept from here on, counted from the first request, or the second it lies in when the trace has a date.
  public var from: SimTime?
  /// Kept until just before.
  public var to: SimTime?
  public var services: [String] = []
  public var regions: [String] = []
  public var tenants: [String] = []
  public var classes: [String] = []
  /// At most so many requests, the earliest.
  public var limit: Int?

  public init() {}
}

/// Cuts a trace that comes in pieces, in order of arrival. What is kept begins at zero, or at its date.
public struct TraceSlicer {
  private let selection: TraceSelection
  private let outline: TraceOutline
  private let services, regions, tenants, classes: [Bool]?
  /// What is taken off every arrival: known with the first request kept.
  private var shift: SimTime?
  private var sessions = SessionNumbers()
  /// Requests kept so far.
  public private(set) var count = 0

  public init(_ selection: TraceSelection, of outline: TraceOutline) {
    self.selection = selection
    self.outline = outline
    services = Self.kept(outline.names.serviceNames, selection.services)
    regions = Self.kept(outline.names.regionNames, selection.regions)
    tenants = Self.kept(outline.names.tenantNames, selection.tenants)
    classes = Self.kept(outline.names.classNames, selection.classes)
  }

  /// True when no later piece can hold anything that is kept.
  public private(set) var isFinished = false

  /// What is kept of a piece.
  public mutating func take(_ piece: WorkloadTrace) -> WorkloadTrace {
    let (from, to) = (selection.from.map { $0 + outline.zero }, selection.to.map { $0 + outline.zero })
    let indices = piece.arrivals.indices.filter { i in
      (from.map { piece.arrivals[i] >= $0 } ?? true) && (to.map { piece.arrivals[i] < $0 } ?? true)
        && Self.passes(services, piece.services, i) && Self.passes(regions, piece.regions, i)
        && Self.passes(tenants, piece.tenants, i) && Self.passes(classes, piece.classes, i)
    }
    var part = piece[Array(indices.prefix((selection.limit ?? .max) - count))]
    count += part.count
    if count == selection.limit { isFinished = true }
    if let to, let last = piece.arrivals.last, last >= to { isFinished = true }
    guard let first = part.arrivals.first else { return part }
    let shift = self.shift ?? (part.start == nil ? first : first.wholeSecond)
    self.shift = shift
    part.arrivals = part.arrivals.map { $0 - shift }
    part.start = part.start.map { $0 + shift.seconds }
    part.sessions = part.sessions.map { sessions.number($0) }
    return part
  }

  private static func passes<Index: BinaryInteger>(_ kept: [Bool]?, _ column: [Index], _ i: Int) -> Bool {
    guard let kept else { return true }
    return !column.isEmpty && kept[Int(column[i])]
  }

  /// Which names are wanted; nil when all are.
  private static func kept(_ names: [String], _ wanted: [String]) -> [Bool]? {
    wanted.isEmpty ? nil : names.map { wanted.contains($0) }
  }
}

/// Sessions numbered anew, in order of appearance.
struct SessionNumbers {
  private var numbers: [Int32] = []
  private var next: Int32 = 0

  mutating func number(_ session: Int32) -> Int32 {
    guard session >= 0 else { return -1 }
    let place = Int(session)
    if place >= numbers.count { numbers += repeatElement(-1, count: place + 1 - numbers.count) }
    if numbers[place] < 0 {
      numbers[place] = next
      next += 1
    }
    return numbers[place]
  }
}

extension WorkloadTrace {
  /// The requests of a selection. Its first request arrives at zero, or at its date.
  public func slice(_ selection: TraceSelection) -> WorkloadTrace {
    var slicer = TraceSlicer(selection, of: TraceOutline(self))
    return slicer.take(self).withoutUnusedNames()
  }

  /// The same requests with names numbered in order of first use; names and sessions nobody uses are forgotten.
  func withoutUnusedNames() -> WorkloadTrace {
    var compact = self
    (compact.services, compact.serviceNames) = renumbered(services, serviceNames)
    (compact.regions, compact.regionNames) = renumbered(regions, regionNames)
    (compact.tenants, compact.tenantNames) = renumbered(tenants, tenantNames)
    (compact.classes, compact.classNames) = renumbered(classes, classNames)
    var numbers = SessionNumbers()
    compact.sessions = sessions.map { numbers.number($0) }
    return compact
  }
}

private func renumbered<Index: FixedWidthInteger>(_ column: [Index], _ names: [String]) -> ([Index], [String])
{
  var numbers = [Index?](repeating: nil, count: names.count)
  var kept: [String] = []
  let column = column.map { index -> Index in
    if let number = numbers[Int(index)] { return number }
    let number = Index(kept.count)
    numbers[Int(index)] = number
    kept.append(names[Int(index)])
    return number
  }
  return (column, kept)
}
