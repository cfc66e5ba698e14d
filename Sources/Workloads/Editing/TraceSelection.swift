import FleetData
import Quantities

/// Which requests of a trace to keep; an empty list of names keeps all.
public struct TraceSelection: Hashable, Sendable {
  /// Kept from here on, counted from the zero of the trace's arrivals.
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

extension WorkloadTrace {
  /// The requests of a selection. Its first request arrives at zero, or at its date.
  public func slice(_ selection: TraceSelection) -> WorkloadTrace {
    let services = Self.kept(serviceNames, selection.services)
    let regions = Self.kept(regionNames, selection.regions)
    let tenants = Self.kept(tenantNames, selection.tenants)
    let classes = Self.kept(classNames, selection.classes)
    func passes<Index: BinaryInteger>(_ kept: [Bool]?, _ column: [Index], _ i: Int) -> Bool {
      guard let kept else { return true }
      return !column.isEmpty && kept[Int(column[i])]
    }
    let indices = arrivals.indices.filter { i in
      (selection.from.map { arrivals[i] >= $0 } ?? true) && (selection.to.map { arrivals[i] < $0 } ?? true)
        && passes(services, self.services, i) && passes(regions, self.regions, i)
        && passes(tenants, self.tenants, i) && passes(classes, self.classes, i)
    }
    return self[Array(indices.prefix(selection.limit ?? .max))].startingAtZero().withoutUnusedNames()
  }

  /// Which names are wanted; nil when all are.
  private static func kept(_ names: [String], _ wanted: [String]) -> [Bool]? {
    wanted.isEmpty ? nil : names.map { wanted.contains($0) }
  }

  /// The same requests with the first arrival at zero, or in its first second when the trace has a date, which moves.
  public func startingAtZero() -> WorkloadTrace {
    guard let earliest = arrivals.first else { return self }
    let second: Int64 = 1_000_000_000
    let first =
      start == nil ? earliest : SimTime(nanoseconds: (earliest.nanoseconds / second) * second)
    guard first != .zero else { return self }
    var moved = self
    moved.arrivals = arrivals.map { $0 - first }
    moved.start = start.map { $0 + first.seconds }
    return moved
  }

  /// The same requests with names numbered in order of first use; names and sessions nobody uses are forgotten.
  func withoutUnusedNames() -> WorkloadTrace {
    var compact = self
    (compact.services, compact.serviceNames) = renumbered(services, serviceNames)
    (compact.regions, compact.regionNames) = renumbered(regions, regionNames)
    (compact.tenants, compact.tenantNames) = renumbered(tenants, tenantNames)
    (compact.classes, compact.classNames) = renumbered(classes, classNames)
    var numbers: [Int32: Int32] = [:]
    compact.sessions = sessions.map { session in
      if session < 0 { return -1 }
      let number = numbers[session] ?? Int32(numbers.count)
      numbers[session] = number
      return number
    }
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
