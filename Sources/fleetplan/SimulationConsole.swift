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
}

/// The per-request file: one line per request that left, in order of time, through a buffer.
final class RequestFile {
  private let path: String
  private let temporary: String
  private let handle: FileHandle
  private let slot: Int?
  private var buffer = "arrival_s,ttft_s,e2e_s,input_tokens,output_tokens\n"

  init(path: String) throws {
    self.path = path
    temporary = path + ".partial-\(getpid())"
    slot = PartialFiles.add(temporary)
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let handle = FileHandle(forWritingAtPath: temporary)
    else { throw ExitError(.cannotWrite, "cannot write '\(path)'") }
    self.handle = handle
  }

  func append(_ request: FinishedRequest) {
    let ttft = request.ttft.map { "\($0)" } ?? ""
    let total = request.endToEnd.map { "\($0)" } ?? ""
    buffer += "\(request.arrival),\(ttft),\(total),\(request.inputTokens),\(request.outputTokens)\n"
    if buffer.utf8.count > 1 << 16 { flush() }
  }

  private func flush() {
    handle.write(Data(buffer.utf8))
    buffer = ""
  }

  func finish() throws {
    flush()
    try handle.synchronize()
    try handle.close()
    defer { PartialFiles.remove(slot) }
    guard rename(temporary, path) == 0 else { throw ExitError(.cannotWrite, "cannot write '\(path)'") }
  }
}
