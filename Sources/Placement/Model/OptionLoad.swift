/// The load that routed flows put on one option, in replicas' worth of work, hour by critical hour.
struct OptionLoad: Sendable {
  private var shares: [(column: Int, load: Double, critical: [Double])] = []

  /// - Parameters:
  ///   - column: the share of a flow that is routed here.
  ///   - load: of the whole flow at its own peak.
  ///   - critical: the flow's load over its peak in each critical hour of the service.
  mutating func add(_ column: Int, load: Double, critical: [Double]) {
    shares.append((column, load, critical))
  }

  /// The columns and their loads at their own peaks.
  var peaks: [LinearProgram.Term] {
    shares.map { LinearProgram.Term(column: $0.column, coefficient: $0.load) }
  }

  /// One left-hand side for every hour that is not below another one in all of these flows.
  var rows: [[LinearProgram.Term]] {
    guard let hours = shares.first?.critical.indices else { return [] }
    let kept = hours.filter { hour in
      !hours.contains { other in
        guard other != hour, shares.allSatisfy({ $0.critical[hour] <= $0.critical[other] }) else {
          return false
        }
        return other < hour || shares.contains { $0.critical[hour] < $0.critical[other] }
      }
    }
    return kept.map { hour in
      shares.map { LinearProgram.Term(column: $0.column, coefficient: $0.load * $0.critical[hour]) }
    }
  }
}
