import FleetData
import Quantities

extension FleetSimulation {
  /// The fewest replicas of the first group, spares not counted, whose run is steady and keeps every latency its
  /// services promise.
  ///
  /// Doubles until a fleet does, then bisects: O(log n) runs, each announced by its replicas. Nil when `limit` replicas
  /// do not.
  public func smallestSteadyReplicas(
    upTo limit: Int, trying: (Int) -> Void = { _ in }
  ) throws(SimulationError) -> Int? {
    func isSteady(replicas: Int) throws(SimulationError) -> Bool {
      trying(replicas)
      return try self.isSteady(replicas: replicas)
    }
    var high = 1
    while try !isSteady(replicas: high) {
      guard high < limit else { return nil }
      high = min(2 * high, limit)
    }
    var low = high / 2
    while high - low > 1 {
      let middle = (low + high) / 2
      if try isSteady(replicas: middle) { high = middle } else { low = middle }
    }
    return high
  }

  private func isSteady(replicas: Int) throws(SimulationError) -> Bool {
    var fleet = self
    fleet.groups[0].replicas = replicas + fleet.groups[0].spares
    let result = try fleet.run()
    return result.steady && zip(result.services, streams).allSatisfy { Self.keeps($0, $1.slo) }
  }

  /// Does the promised percentile of every promised latency lie within its limit, and among the requests served?
  static func keeps(_ levels: ServiceLevels, _ slo: ServiceLevelObjective) -> Bool {
    let pairs = [
      (levels.ttftAtTarget, slo.ttft), (levels.tpotAtTarget, slo.tpot),
      (levels.endToEndAtTarget, slo.endToEnd),
    ]
    return pairs.allSatisfy { interval, limit in
      guard let limit else { return true }
      guard levels.unservedShare <= 1 - slo.percentile else { return false }
      return interval.map { $0.value <= limit.value } ?? false
    }
  }
}

extension ReplicaGroup {
  /// Requests per second that one replica sustains with a full batch of requests of these lengths: an upper limit.
  public func requestCapacity(inputTokens: Double, outputTokens: Double, limits: SchedulerLimits) -> Double {
    StepModel(self, limits: limits, site: 0).requestCapacity(input: inputTokens, output: outputTokens)
  }
}

extension ReplicaProfile {
  /// The same of a replica that neither drafts nor hands over.
  public func requestCapacity(inputTokens: Double, outputTokens: Double, limits: SchedulerLimits) -> Double {
    ReplicaGroup(id: "", site: "", pod: "", profile: self, replicas: 1, services: [])
      .requestCapacity(inputTokens: inputTokens, outputTokens: outputTokens, limits: limits)
  }
}
