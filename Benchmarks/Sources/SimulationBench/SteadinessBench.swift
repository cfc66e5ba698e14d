import FleetData
import Quantities
import Simulation

/// How often a run is called unsteady, by load and length: alarms below 100 % are false, silence above is a miss.
///
/// Loads are shares of what the fleet can really do, measured on a long run at twice its analytic limit.
enum SteadinessBench {
  private struct Fleet {
    var name: String
    var profile: ReplicaProfile
    var replicas: Int
    var input: SyntheticArrivals.Lengths
    var output: SyntheticArrivals.Lengths
  }

  private static let fleets = [
    Fleet(
      name: "one seat, M/M/1", profile: clock(seats: 1), replicas: 1, input: .fixed(1),
      output: .exponential(mean: 1000)),
    Fleet(
      name: "16 seats, lognormal", profile: clock(seats: 16), replicas: 1, input: .fixed(1),
      output: .lognormal(mean: 1000, sigma: 0.7)),
    Fleet(
      name: "256 seats, lognormal", profile: clock(seats: 256), replicas: 1, input: .fixed(1),
      output: .lognormal(mean: 1000, sigma: 0.7)),
    Fleet(
      name: "4 x 8B on h100, Azure-like", profile: SimulationBench.profile, replicas: 4,
      input: .lognormal(mean: 2000, sigma: 0.8), output: .lognormal(mean: 271, sigma: 0.7)),
    Fleet(
      name: "4 x 8B on h100, short prompts", profile: SimulationBench.profile, replicas: 4,
      input: .lognormal(mean: 200, sigma: 0.8), output: .lognormal(mean: 500, sigma: 0.7)),
  ]

  /// A millisecond per token whatever the batch.
  private static func clock(seats: Int) -> ReplicaProfile {
    var profile = SimulationBench.profile
    profile.step = StepCost(
      computePerSequence: 0, computePerPrefillToken: 0, computePerAttentionPair: 0, weightRead: 0,
      kvReadPerToken: 0, overhead: 1e-3)
    profile.kvCapacityTokens = 100_000_000
    profile.maxSequences = seats
    return profile
  }

  static func run(seeds: Int) throws {
    for fleet in fleets {
      let capacity = try throughput(fleet)
      print("\(fleet.name): \((capacity * 100).rounded() / 100) requests/s at most")
      for count in [1000, 2000, 4000, 16_000] {
        for load in [0.8, 0.9, 0.95, 0.97, 0.99, 1.01, 1.03, 1.05, 1.1] {
          var (alarms, doubts) = (0, 0)
          for seed in 1...UInt64(seeds) {
            let result = try simulation(fleet, rate: load * capacity, count: count, seed: seed).run()
            if !result.steady { alarms += 1 }
            if result.longerRun != nil { doubts += 1 }
          }
          print(
            "  \(count) requests at \(load): \(alarms) of \(seeds) unsteady, \(doubts) of them to run longer")
        }
      }
    }
  }

  /// Requests per second of a fleet that always has some waiting.
  private static func throughput(_ fleet: Fleet) throws -> Double {
    let limit = fleet.profile.requestCapacity(
      inputTokens: mean(fleet.input), outputTokens: mean(fleet.output), limits: SchedulerLimits())
    let rate = 2 * limit * Double(fleet.replicas)
    var run = simulation(fleet, rate: rate, count: 400_000, seed: 9)
    run.horizon = Seconds(399_000 / rate)
    let all = try run.run()
    run.horizon = Seconds(0.25 * run.horizon!.value)
    let start = try run.run()
    return Double(all.overall.completed - start.overall.completed) / (all.simulated - start.simulated).value
  }

  private static func mean(_ lengths: SyntheticArrivals.Lengths) -> Double {
    switch lengths {
    case .fixed(let tokens): Double(tokens)
    case .exponential(let mean), .lognormal(let mean, _), .hyperexponential(let mean, _): mean
    }
  }

  private static func simulation(_ fleet: Fleet, rate: Double, count: Int, seed: UInt64) -> FleetSimulation {
    FleetSimulation(
      groups: [
        ReplicaGroup(
          id: "g", site: "s", pod: "p", profile: fleet.profile, replicas: fleet.replicas, services: ["a"])
      ],
      streams: [
        ServiceStream(
          service: "a",
          arrivals: .synthetic(
            SyntheticArrivals(
              requestsPerSecond: rate, count: count, input: fleet.input, output: fleet.output)))
      ], seed: seed)
  }
}
