import Foundation
import Simulation

/// Independent replications on one core and on two: the same results, and how much sooner.
///
///     SimulationBench replications [requests] [replicas] [count]
enum ReplicationBench {
  static func run(requests: Int, replicas: Int, count: Int) async throws {
    let simulation = SimulationBench.simulation(requests: requests, replicas: replicas)
    var answers: [String] = []
    var seconds: [Double] = []
    for jobs in [1, 2] {
      let start = ContinuousClock.now
      let cpu = SimulationBench.cpuSeconds()
      let results = try await simulation.replications(count, jobs: jobs)
      let wall = start.duration(to: .now)
      seconds.append(Double(wall.components.seconds) + Double(wall.components.attoseconds) * 1e-18)
      answers.append("\(results)")
      print("jobs \(jobs)              \(seconds.last!) s, \(SimulationBench.cpuSeconds() - cpu) CPU s")
    }
    let served = Double(count * requests)
    print("requests / s        \(served / seconds[0] / 1e6) M, then \(served / seconds[1] / 1e6) M")
    print("sooner              \(seconds[0] / seconds[1]) times, same answers \(answers[0] == answers[1])")
  }
}
