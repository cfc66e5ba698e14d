import ArgumentParser
import FleetData
import Foundation
import Ingest
import Planning
import Reporting

/// `sweep`: plans every combination of values, here or shard by shard on many machines.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Plan a matrix of what-ifs; resumable, and divisible over machines.",
    discussion: """
      Axes come from the scenario's `sweep:` mapping and from --vary. Each cell's result is kept in --results under the \
      hash of its content, so a second run, or another shard, computes only what is missing. All cells share one seed.
      """,
    subcommands: [SweepRun.self, SweepMerge.self], defaultSubcommand: SweepRun.self)
}

/// The inputs that decide a sweep's cells.
struct SweepInputs: ParsableArguments {
  @Argument(help: "The scenario file.") var scenario: String
  @Option(name: .long, help: "path=value,value: one more axis. May repeat.") var vary: [String] = []
  @Option(name: .long, help: "The directory of finished cells, shared by shards.") var results =
    "sweep-results"
  @OptionGroup var catalog: CatalogOption
}

struct SweepRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Plan the cells (the default).")
  @OptionGroup var inputs: SweepInputs
  @Option(name: .long, help: "i/n: only the cells of shard i of n, counted from 1.") var shard: String?
  @Option(name: .long, help: "Refuse to start more cells than this.") var maxRuns = 256
  @Flag(name: .long, help: "Say how many cells there are and how many are done, and stop.") var dryRun = false
  @OptionGroup var output: FormatOption

  func run() async throws {
    let sweep = try SweepWork(inputs)
    let cells = try sweep.cells(shard: shard)
    let missing = cells.filter { sweep.stored($0) == nil }
    Output.progress("fleetplan: \(cells.count) cells, \(cells.count - missing.count) done already")
    if dryRun { return }
    guard missing.count <= maxRuns else {
      throw ExitError(.usage, "\(missing.count) cells are more than --max-runs \(maxRuns)")
    }
    try AtomicFile.createDirectory(inputs.results)
    for (index, cell) in missing.enumerated() {
      Output.progress("fleetplan: cell \(index + 1) of \(missing.count): \(cell.label)")
      try sweep.plan(cell)
    }
    if shard == nil { try sweep.show(output.format) }
  }
}

struct SweepMerge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the cells of all shards together; missing ones are an error that names them.")
  @OptionGroup var inputs: SweepInputs
  @OptionGroup var output: FormatOption

  func run() async throws { try SweepWork(inputs).show(output.format) }
}

/// The cells of one sweep and where their results are kept.
struct SweepWork {
  struct Cell {
    var id: String
    var cell: SweepMatrix.Cell
    var documents: StudyDocuments
    var label: String { cell.assignments.map { "\($0.path)=\($0.values[0])" }.joined(separator: " ") }
  }

  let inputs: SweepInputs
  let catalog: Catalog
  let documents: StudyDocuments
  let matrix: SweepMatrix

  init(_ inputs: SweepInputs) throws {
    self.inputs = inputs
    catalog = try inputs.catalog.load()
    documents = try StudyDocuments.read(scenario: inputs.scenario)
    var matrix = try SweepMatrix(documents.scenario["sweep"])
    matrix.axes += try inputs.vary.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ExitError(.usage, "'\(text)' is not an axis", help: "write path=value,value")
      }
      return SweepMatrix.Axis(path: parts[0], values: parts[1].split(separator: ",").map(String.init))
    }
    guard !matrix.axes.isEmpty else {
      throw ExitError(
        .usage, "nothing to sweep", help: "add a `sweep:` mapping to the scenario, or --vary path=a,b")
    }
    self.matrix = matrix
  }

  /// The cells of a shard, or all; cell k belongs to shard k mod n.
  func cells(shard: String?) throws -> [Cell] {
    let (index, count) = try Self.shard(shard)
    let place = Diagnostic.Location(file: inputs.scenario)
    let traces = try traceHashes()
    return try matrix.cells.enumerated().filter { $0.offset % count == index }.map { _, cell in
      let changed = try documents.applying(cell.change(at: place))
      let content = [
        Fleetplan.version, changed.scenario.canonicalText, changed.fleet.canonicalText,
        traces.joined(separator: ","),
      ]
      let id = SHA256.hexDigest(of: Array(content.joined(separator: "\n").utf8)).prefix(24)
      return Cell(id: String(id), cell: cell, documents: changed)
    }
  }

  private func traceHashes() throws -> [String] {
    let study = try Study.decode(documents, catalog: catalog)
    return try study.scenario.services.compactMap(\.trace).map {
      try PlanRun.hash(Study.resolve($0, in: study.directory))
    }
  }

  func stored(_ cell: Cell) -> SweepRow? {
    FileManager.default.contents(atPath: path(cell)).flatMap {
      try? CanonicalJSON.decode(SweepRow.self, from: Array($0))
    }
  }

  func plan(_ cell: Cell) throws {
    var run = PlanRun(study: try Study.decode(cell.documents, catalog: catalog), say: { _ in })
    run.options.explores = false
    let row = SweepRow(id: cell.id, values: cell.cell.assignments.map { $0.values[0] }, plan: try run.plan())
    try AtomicFile.write(try CanonicalJSON.encode(row), to: path(cell))
  }

  func show(_ format: OutputFormat) throws {
    let cells = try cells(shard: nil)
    let missing = cells.filter { stored($0) == nil }
    guard missing.isEmpty else {
      throw ExitError(
        .inputMissing,
        missing.map {
          Diagnostic("a cell has no result", found: $0.label, help: "run the shard that holds it again")
        })
    }
    let result = SweepResult(axes: matrix.axes.map(\.path), rows: cells.compactMap(stored))
    switch format {
    case .json: Output.text(String(decoding: try CanonicalJSON.encode(result), as: UTF8.self))
    default: Output.text(Markdown.table(result.table))
    }
  }

  private func path(_ cell: Cell) -> String { "\(inputs.results)/\(cell.id).json" }

  /// `2/8` as (1, 8); no shard is (0, 1).
  private static func shard(_ text: String?) throws -> (index: Int, count: Int) {
    guard let text else { return (0, 1) }
    let parts = text.split(separator: "/").compactMap { Int($0) }
    guard parts.count == 2, parts[1] >= 1, (1...parts[1]).contains(parts[0]) else {
      throw ExitError(.usage, "'\(text)' is not a shard", help: "write i/n with 1 ≤ i ≤ n, such as 2/8")
    }
    return (parts[0] - 1, parts[1])
  }
}
