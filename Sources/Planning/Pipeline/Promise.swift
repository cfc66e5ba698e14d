import FleetData
import Quantities

/// A latency that a service promises at its percentile, and where its result stands.
struct Promise {
  var metric: String
  var target: Seconds
  var measured: @Sendable (ServiceLevels) -> Interval?
}

extension ServiceLevelObjective {
  var promises: [Promise] {
    [
      ttft.map { Promise(metric: "ttft", target: $0, measured: \.ttftAtTarget) },
      tpot.map { Promise(metric: "tpot", target: $0, measured: \.tpotAtTarget) },
      endToEnd.map { Promise(metric: "e2e", target: $0, measured: \.endToEndAtTarget) },
    ].compactMap { $0 }
  }
}

extension ServiceLevels {
  /// Was every promised latency kept at its percentile, in steady state, with nothing turned away?
  func meets(_ slo: ServiceLevelObjective) -> Bool {
    steady && rejected == 0
      && slo.promises.allSatisfy { promise in
        promise.measured(self).map { $0.value <= promise.target.value } ?? false
      }
  }

  /// The promise that is closest to being broken, or the most broken.
  func closest(to slo: ServiceLevelObjective) -> (metric: String, target: Seconds, result: Interval)? {
    slo.promises.compactMap { promise in
      promise.measured(self).map { (metric: promise.metric, target: promise.target, result: $0) }
    }
    .max { $0.result.value / $0.target.value < $1.result.value / $1.target.value }
  }

  /// The largest latency at the promised percentile over its target; `nil` where nothing was promised.
  func worstShare(of slo: ServiceLevelObjective) -> Double? {
    closest(to: slo).map { $0.result.value / $0.target.value }
  }
}
