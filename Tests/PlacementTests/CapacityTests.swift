import FleetData
import Quantities
import Testing

@testable import Placement

private func profile(kvTokens: Int = 400_000, maxSequences: Int = 256) -> ReplicaProfile {
  // Roughly a 70B model in int8 on eight chips: 11 ms of weights, 0.2 ms per prefill token.
  ReplicaProfile(
    model: "m", chip: "c", chips: 8, slice: SliceTopology([2, 4]), sharding: Sharding(tensor: 8),
    weights: .int8,
    kv: .int8,
    step: StepCost(
      computePerSequence: 0.0001, computePerPrefillToken: 0.0001, computePerAttentionPair: 1e-10,
      weightRead: 0.011, kvReadPerToken: 2.5e-8, overhead: 0.002), kvCapacityTokens: kvTokens,
    maxSequences: maxSequences, weightBytes: 7e10, kvBytesPerToken: 163_840, grade: .assumed)
}

@Test("A looser SLO never lowers the capacity of a replica")
func looserSLOServesMore() throws {
  let lengths = RequestLengths(input: 1000, output: 200)
  var last = 0.0
  for tpot in [0.02, 0.03, 0.05, 0.08, 0.15] {
    let slo = ServiceLevelObjective(ttft: 2, tpot: Seconds(tpot))
    let capacity = try ReplicaCapacity.atSLO(profile(), lengths: lengths, slo: slo)
    #expect(capacity.requestsPerSecond >= last)
    #expect(capacity.timePerOutputToken.value <= tpot)
    #expect(capacity.timeToFirstToken.value <= 2)
    last = capacity.requestsPerSecond
  }
}

@Test("Capacity never exceeds what the steps could do at their physical best")
func capacityStaysBelowTheStepLimit() throws {
  // Prefill alone: 1000 tokens cost at least 0.1 s of compute, so 10 req/s is the ceiling.
  let lengths = RequestLengths(input: 1000, output: 200)
  let capacity = try ReplicaCapacity.atSLO(
    profile(), lengths: lengths, slo: ServiceLevelObjective(ttft: 100, tpot: 10))
  #expect(capacity.requestsPerSecond < 10)
  #expect(capacity.requestsPerSecond > 3)
}

@Test("A target that a lone request misses is reported with its best value")
func hopelessTargetsAreReported() {
  let lengths = RequestLengths(input: 1000, output: 200)
  #expect(throws: CapacityError.self) {
    try ReplicaCapacity.atSLO(profile(), lengths: lengths, slo: ServiceLevelObjective(ttft: 0.01))
  }
  #expect(throws: CapacityError.noRoom(tokens: 100, needed: 1200)) {
    try ReplicaCapacity.atSLO(profile(kvTokens: 100), lengths: lengths, slo: ServiceLevelObjective())
  }
}

@Test(
  "The chance to wait and the mean wait of M/M/c agree with the tables",
  arguments: [
    (1, 0.8, 0.8, 4.0), (2, 1, 0.333333, 0.333333), (5, 4, 0.554113, 0.554113), (10, 8, 0.409180, 0.204590),
    (100, 95, 0.506457, 0.101291), (1000, 980, 0.4122, 0.02061),
  ])
func erlangAgreesWithTables(servers: Int, offered: Double, chance: Double, wait: Double) {
  #expect(abs(Queueing.erlangC(servers: servers, offered: offered) - chance) < 1e-5)
  #expect(abs(Queueing.meanWait(servers: servers, offered: offered, serviceVariability: 1) - wait) < 1e-5)
}

@Test("Kimura's wait of M/G/c lies where a million simulated jobs put it")
func kimuraAgreesWithSimulation() {
  // c = 10, a = 8: cs² = 4 → 0.412…0.427; cs² = 0 → 0.108…0.109 (formula 0.1100).
  #expect(abs(Queueing.meanWait(servers: 10, offered: 8, serviceVariability: 4) - 0.4228) < 1e-3)
  #expect(abs(Queueing.meanWait(servers: 10, offered: 8, serviceVariability: 0) - 0.1100) < 1e-3)
}
