import FleetData
import Simulation

/// Figures over replications: means with 95 % intervals over the runs that came to their end.
struct SimulatedReplications: Encodable {
  struct Latency: Encodable {
    var mean, p50, p99: Interval?

    init(_ runs: [SimulationResult], _ summary: (SimulationResult) -> LatencySummary?) {
      mean = FleetSimulation.interval(runs) { summary($0)?.mean }
      p50 = FleetSimulation.interval(runs) { summary($0)?.p50 }
      p99 = FleetSimulation.interval(runs) { summary($0)?.p99 }
    }
  }

  struct Service: Encodable {
    var service: String
    var ttft, tpot, endToEnd: Latency
    var attainment, goodput: Interval?
    enum CodingKeys: String, CodingKey {
      case service, attainment
      case ttft = "ttft_s"
      case tpot = "tpot_s"
      case endToEnd = "e2e_s"
      case goodput = "goodput_per_s"
    }
  }

  var asked, completed, steady: Int
  var utilization, requestsPerSecond, outputTokensPerSecond: Interval?
  var services: [Service]

  enum CodingKeys: String, CodingKey {
    case asked, completed, steady, utilization, services
    case requestsPerSecond = "requests_per_s"
    case outputTokensPerSecond = "output_tokens_per_s"
  }

  init(_ all: [SimulationResult], _ simulation: FleetSimulation, asked: Int) {
    let runs = all.filter { !$0.interrupted }
    self.asked = asked
    completed = runs.count
    steady = runs.count(where: \.steady)
    utilization = FleetSimulation.interval(runs) { $0.utilization }
    requestsPerSecond = FleetSimulation.interval(runs) {
      Double($0.overall.completed) / max($0.simulated.value, 1e-9)
    }
    outputTokensPerSecond = FleetSimulation.interval(runs) {
      Double($0.overall.outputTokens) / max($0.simulated.value, 1e-9)
    }
    services = simulation.streams.indices.map { i in
      Service(
        service: simulation.streams[i].service, ttft: Latency(runs) { $0.services[i].ttft },
        tpot: Latency(runs) { $0.services[i].tpot }, endToEnd: Latency(runs) { $0.services[i].endToEnd },
        attainment: FleetSimulation.interval(runs) { $0.services[i].attainment },
        goodput: FleetSimulation.interval(runs) { $0.serviceGoodput[i] })
    }
  }
}
