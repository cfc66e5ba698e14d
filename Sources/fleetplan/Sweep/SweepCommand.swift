import ArgumentParser
import FleetData
import Foundation

/// `sweep`: plans every combination of values, here or shard by shard on many machines.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Plan a matrix of what-ifs; resumable, and divisible over machines.",
    discussion: """
      Axes come from the scenario's `sweep:` mapping and from --vary. Each cell's result is kept in --results under the \
      hash of its content, so a second run, or another shard, computes only what is missing. All cells share one seed \
      unless `seeds` is an axis, so that they differ by their values and not by chance.

      Example: fleetplan sweep scenario.yaml --vary services.chat.peak_rate=1req/s,2req/s
      """,
    subcommands: [SweepRun.self, SweepMerge.self], defaultSubcommand: SweepRun.self)
}

/// The inputs that decide a sweep's cells.
struct SweepInputs: ParsableArguments {
  @Argument(help: "The scenario file.") var scenario: String
  @Option(name: .long, help: "path=value,value: one more axis. May repeat.") var vary: [String] = []
  @Option(
    name: .long,
    help: "The directory of finished cells, shared by shards (default: sweep-results). Merging takes several."
  )
  var results: [String] = []
  @OptionGroup var catalog: CatalogOption
}

struct SweepRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Plan the cells (the default).",
    discussion: "Example: fleetplan sweep run scenario.yaml --vary seed=1,2 --shard 1/2")
  @OptionGroup var inputs: SweepInputs
  @Option(name: .long, help: "i/n: only the cells of shard i of n, counted from 1.") var shard: String?
  @Option(name: .long, help: "Cells planned at once; 0 takes every core. Any number gives the same bytes.")
  var jobs: Int?
  @Option(
    name: .long, help: "Refuse to start more cells than this (default: the scenario's max_runs, or 256).")
  var maxRuns: Int?
  @Flag(name: .long, help: "Say how many cells there are and how many are done, and stop.") var dryRun = false
  @Option(name: .long, help: "text, md, json, csv, or svg: cost against latency.") var format: OutputFormat =
    .text

  func run() async throws {
    let sweep = try SweepWork(inputs)
    let cells = try sweep.cells(shard: shard)
    let missing = cells.filter { sweep.stored($0) == nil }
    let progress = Progress()
    progress.line(
      "\(cells.count) \(cells.count == 1 ? "cell" : "cells"), \(cells.count - missing.count) done already")
    if dryRun { return }
    let most = maxRuns ?? sweep.matrix.maximumRuns ?? 256
    guard missing.count <= most else {
      throw ExitError(
        .usage, "\(missing.count) cells are more than the limit of \(most)",
        help: "raise --max-runs, or divide the sweep with --shard i/n")
    }
    try AtomicFile.createDirectory(sweep.directory)
    try await plan(missing, sweep, progress)
    progress.finish()
    if shard == nil { try sweep.show(format) }
  }

  /// At most `jobs` cells at once; each is written as soon as it is known, so that an interrupt loses little.
  private func plan(_ cells: [SweepWork.Cell], _ sweep: SweepWork, _ progress: Progress) async throws {
    let wanted = try jobs ?? Int(Settings.current.get().text(.jobs)) ?? 0
    guard wanted >= 0 else { throw ExitError(.usage, "--jobs must be at least 0") }
    let width = min(cells.count, wanted > 0 ? wanted : ProcessInfo.processInfo.activeProcessorCount)
    progress.phase("planning \(cells.count == 1 ? "one cell" : "\(cells.count) cells, \(width) at a time")")
    try await withThrowingTaskGroup(of: SweepWork.Cell.self) { group in
      var waiting = cells[...]
      func start() {
        guard let cell = waiting.popFirst() else { return }
        group.addTask {
          try sweep.plan(cell)
          return cell
        }
      }
      for _ in 0..<width { start() }
      var done = 0
      while let cell = try await group.next() {
        done += 1
        progress.advance(cell.label, done: done, of: cells.count)
        start()
      }
    }
  }
}

struct SweepMerge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the cells of all shards together; missing ones are an error that names them.",
    discussion: """
      --results may repeat: shards may have written to directories of their own. A cell that stands in two of them must \
      be the same in both, so that the order of directories does not matter.

      Example: fleetplan sweep merge scenario.yaml --vary services.chat.peak_rate=1req/s,2req/s
      """)
  @OptionGroup var inputs: SweepInputs
  @Option(name: .long, help: "text, md, json, csv, or svg: cost against latency.") var format: OutputFormat =
    .text

  func run() async throws { try SweepWork(inputs).show(format) }
}
