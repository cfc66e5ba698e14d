import FleetData
import Performance
import Quantities
import Simulation

/// The largest rate a replica carries within the SLO, found by simulation.
///
/// A pool of replicas replays the service's own trace; the rate is bisected between nothing and the saturation rate
///
///     saturation = 1 / (prefill(I) + O · step(b, I + O/2) / b)         requests per second of one replica
///
/// with the largest batch b that the KV cache holds. Queueing, batching and chunked prefill are thereby in the figure.
struct CapacitySearch {
  let workload: ServiceWorkload
  let options: PlanningOptions
  let seed: UInt64

  /// Replicas in the pool: waits fall with the size of a pool.
  let poolSize: Int
  static let bisections = 7

  /// - Parameter ttft: the time to first token that is left after the network, or nil when none was promised.
  /// - Returns: requests per second of one replica; 0 when even a near-idle pool misses the SLO.
  func capacity(of profile: ReplicaProfile, ttft: Seconds?) throws(SimulationError) -> Double {
    let tightened = workload.promising(ttft: ttft)
    let trial = ReplicaTrial(workload: tightened, profile: profile, replicas: poolSize, seed: seed)
    let pool = Double(poolSize)
    var high = saturation(of: profile) * pool
    guard high > 0 else { return 0 }
    var low = 0.0
    for _ in 0..<Self.bisections {
      let middle = low == 0 && high > 0 ? high / 2 : (low + high) / 2
      let levels = try trial.run(rate: middle, requests: options.capacityRequests).services[0]
      if levels.meets(tightened.service.slo) { low = middle } else { high = middle }
    }
    return low / pool
  }

  /// Requests per second of one replica that never waits.
  func saturation(of profile: ReplicaProfile) -> Double {
    let perSequence = workload.meanInput + workload.meanOutput
    let batch = min(profile.maxSequences, Int(Double(profile.kvCapacityTokens) / perSequence))
    guard batch >= 1 else { return 0 }
    let input = Int(workload.meanInput.rounded(.up))
    let pairs = Double(input) * Double(input + 1) / 2
    let prefill = profile.step.seconds(prefilling: input, attentionPairs: pairs)
    let decode = profile.step.seconds(
      decoding: batch, cachedTokens: Int(Double(batch) * workload.meanContext))
    return 1 / (prefill + workload.meanOutput * decode / Double(batch))
  }
}
