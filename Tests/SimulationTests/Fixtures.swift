import FleetData
import Quantities

@testable import Simulation

/// Profiles and streams that the tests share.
enum Fixtures {
  static func profile(
    _ step: StepCost, kvCapacity: Int = 100_000_000, maxSequences: Int = 1_000_000, chips: Int = 1
  ) -> ReplicaProfile {
    ReplicaProfile(
      model: "model", chip: "chip", chips: chips, slice: SliceTopology([chips]), sharding: Sharding(),
      weights: .bf16, kv: .bf16, step: step, kvCapacityTokens: kvCapacity, maxSequences: maxSequences,
      weightBytes: 16e9, kvBytesPerToken: 131_072, grade: .derived)
  }

  /// An 8-billion-parameter model on one H100 (989 TFLOP/s, 3.35 TB/s): 16.1 GB of bf16 weights read in 4.8 ms,
  /// 131 kB of KV per token, 2 × 8.03e9 FLOPs per token at 60 % of peak.
  static let eightBillion = profile(
    StepCost(
      computePerSequence: 2.7e-5, computePerPrefillToken: 2.7e-5, computePerAttentionPair: 4.4e-10,
      weightRead: 4.8e-3, kvReadPerToken: 4.9e-8, overhead: 1e-3, computeFloorShare: 0.6,
      memoryFloorShare: 0.8),
    kvCapacity: 400_000, maxSequences: 256)

  static func group(
    _ profile: ReplicaProfile, _ replicas: Int = 1, id: String = "g", site: String = "s",
    services: [String] = ["a"], role: ReplicaGroup.Role = .both
  ) -> ReplicaGroup {
    ReplicaGroup(
      id: id, site: site, pod: "p", profile: profile, replicas: replicas, services: services, role: role,
      powerPerChip: 700)
  }

  static func stream(
    _ rate: Double, _ count: Int, input: SyntheticArrivals.Lengths = .lognormal(mean: 1000, sigma: 0.8),
    output: SyntheticArrivals.Lengths = .lognormal(mean: 200, sigma: 0.7)
  ) -> ServiceStream {
    ServiceStream(
      service: "a",
      arrivals: .synthetic(
        SyntheticArrivals(requestsPerSecond: rate, count: count, input: input, output: output)))
  }
}
