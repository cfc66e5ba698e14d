import FleetData
import Performance
import Quantities
import Simulation

/// The largest rate a replica carries within the SLO, found by simulation.
///
/// A pool of replicas replays the service's own trace; the rate is bisected, by ratio, up to the saturation rate
///
///     saturation = 1 / (prefill(I) + O · step(b, I + O/2) / b)         requests per second of one replica
///
/// with the largest batch b that the KV cache holds. Queueing, batching and chunked prefill are thereby in the figure.
struct CapacitySearch {
  let workload: ServiceWorkload
  let options: PlanningOptions
  let seed: UInt64

  /// Simulations a search may take, and the ratio between what holds and what does not at which it ends.
  static let trials = 8
  static let precision = 1.03

  /// The capacity of one replica in pools of growing size, as long as `rate` and the replicas there are fill them.
  func capacities(
    of profile: ReplicaProfile, ttft: Seconds?, filledBy rate: Double, most: Int
  ) throws(SimulationError) -> [Int: Double] {
    var found: [Int: Double] = [:]
    var known = 0.0
    for size in OptionTable.measuredPools where size <= most && Double(size) * known <= rate {
      known = try capacity(of: profile, ttft: ttft, poolSize: size, atLeast: known)
      found[size] = known
      if known == 0, size > 1 { break }
    }
    return found
  }

  /// - Parameters:
  ///   - ttft: the time to first token that is left after the network, or nil when none was promised.
  ///   - poolSize: replicas that share arrivals: waits fall with the size of a pool.
  ///   - known: what one replica of a smaller pool carries.
  /// - Returns: requests per second of one replica; 0 when even a near-idle pool misses the SLO.
  func capacity(of profile: ReplicaProfile, ttft: Seconds?, poolSize: Int, atLeast known: Double = 0)
    throws(SimulationError) -> Double
  {
    let tightened = workload.promising(ttft: ttft)
    let trial = ReplicaTrial(workload: tightened, profile: profile, replicas: poolSize, seed: seed)
    let pool = Double(poolSize)
    var (low, high) = (known * pool, saturation(of: profile) * pool)
    for _ in 0..<Self.trials where high > low * Self.precision {
      let middle = low > 0 ? (low * high).squareRoot() : high / 4
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
