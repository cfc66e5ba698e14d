import FleetData
import Foundation
import Quantities
import Simulation
import Synchronization

/// Runs a simulation as a terminal wants it: progress on stderr, and Ctrl-C ends it with what there is.
enum SimulationConsole {
  private static let isInterrupted = Atomic<Bool>(false)

  static func run(_ simulation: FleetSimulation, requests: RequestFile?) throws -> SimulationResult {
    signal(SIGINT) { _ in SimulationConsole.isInterrupted.store(true, ordering: .relaxed) }
    defer { PartialFiles.guardAgainstSignals() }
    let progress = Progress()
    defer { progress.finish() }
    do {
      return try simulation.run(
        progress: { share, time in
          progress.advance(
            "simulating, \(Int(time.value)) s replayed", done: Int(share * 100_000), of: 100_000)
          return !isInterrupted.load(ordering: .relaxed)
        }, onFinish: requests.map { file in { file.append($0) } })
    } catch {
      throw ExitError(.badContent, "\(error)")
    }
  }

  /// Several runs, on up to `jobs` cores.
  static func replications(
    _ simulation: FleetSimulation, _ count: Int, jobs: Int
  ) async throws -> [SimulationResult] {
    signal(SIGINT) { _ in SimulationConsole.isInterrupted.store(true, ordering: .relaxed) }
    defer { PartialFiles.guardAgainstSignals() }
    let progress = Progress()
    defer { progress.finish() }
    do {
      return try await simulation.replications(
        count, jobs: jobs,
        progress: { share in
          progress.advance("simulating \(count) replications", done: Int(share * 100_000), of: 100_000)
          return !isInterrupted.load(ordering: .relaxed)
        })
    } catch {
      throw ExitError(.badContent, "\(error)")
    }
  }
}
