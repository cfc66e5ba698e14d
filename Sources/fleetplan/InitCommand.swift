import ArgumentParser
import FleetData
import Foundation
import Ingest
import Workloads

/// `init [DIR]`: writes a study that runs at once.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a runnable study: scenario, fleet and traces, or a simulation.",
    discussion: "Example: fleetplan init mystudy --template multi-site")
  @Argument(help: "The directory to write into.") var directory = "."
  @Option(name: .long, help: "chat, agents, multi-site, train, ci or simulation.") var template =
    StudyTemplate.chat
  @Flag(name: .long, help: "Replace files that are there.") var force = false

  /// The traces are made with this seed, so that everyone's first study is the same.
  static let seed: UInt64 = 20_270_101

  func run() async throws {
    let files = template.documents + traces
    let present = files.map { path($0.0) }.filter { FileManager.default.fileExists(atPath: $0) }
    guard present.isEmpty || force else {
      throw ExitError(
        .cannotWrite,
        present.map {
          Diagnostic("the file is there already", at: .init(file: $0), help: "use --force to replace it")
        })
    }
    try AtomicFile.createDirectory(path("traces"))
    for (name, bytes) in files { try AtomicFile.write(bytes, to: path(name)) }
    Output.text(
      files.map { "wrote \(path($0.0))" }.joined(separator: "\n")
        + "\nnext: \(template.next(path))")
  }

  private var traces: [(name: String, bytes: [UInt8])] {
    template.traces.map { trace in
      var bytes: [UInt8] = []
      TraceWriter.write(trace.recipe.trace(seed: Self.seed), as: trace.format) { bytes += $0 }
      return ("traces/\(trace.name)", bytes)
    }
  }

  private func path(_ name: String) -> String { directory == "." ? name : "\(directory)/\(name)" }
}
