import FleetData
import Foundation
import Ingest
import Planning
import Reporting

/// The cells of one sweep and where their results are kept.
struct SweepWork: Sendable {
  struct Cell: Sendable {
    /// The address of its content: inputs, values, traces and version.
    var id: String
    var cell: SweepMatrix.Cell
    var study: Study
    var label: String { cell.label }
  }

  let catalog: Catalog
  let documents: StudyDocuments
  let matrix: SweepMatrix
  let directories: [String]
  var directory: String { directories[0] }

  init(_ inputs: SweepInputs) throws {
    catalog = try inputs.catalog.load()
    documents = try StudyDocuments.read(scenario: inputs.scenario)
    directories = try inputs.results.isEmpty ? [Settings.current.get().text(.results)] : inputs.results
    var matrix = try SweepMatrix(documents.scenario["sweep"], documents: documents)
    for text in inputs.vary {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ExitError(.usage, "'\(text)' is not an axis", help: "write path=value,value")
      }
      matrix.vary(.init(path: parts[0], values: parts[1].split(separator: ",").map(String.init)))
    }
    guard !matrix.cells.isEmpty else {
      throw ExitError(
        .usage, "nothing to sweep", help: "add a `sweep:` mapping to the scenario, or --vary path=a,b")
    }
    self.matrix = matrix
  }

  /// The cells of a shard, or all; cell k belongs to shard k mod n.
  /// - Throws: what is wrong with any cell, before the first is planned.
  func cells(shard: String?) throws -> [Cell] {
    let (index, count) = try Self.shard(shard)
    let place = Diagnostic.Location(file: documents.files[0])
    let traces = try traceHashes()
    return try matrix.cells.enumerated().filter { $0.offset % count == index }.map { _, cell in
      let changed = try documents.applying(cell.change(at: place))
      let content = [
        Fleetplan.version, changed.scenario.canonicalText, changed.fleet.canonicalText,
        traces.joined(separator: ","),
      ]
      let id = SHA256.hexDigest(of: Array(content.joined(separator: "\n").utf8)).prefix(24)
      return Cell(id: String(id), cell: cell, study: try Study.decode(changed, catalog: catalog))
    }
  }

  private func traceHashes() throws -> [String] {
    try Study.decode(documents, catalog: catalog).traces.map { trace in
      guard FileManager.default.fileExists(atPath: trace.path) else {
        throw ExitError(.inputMissing, [trace.missing])
      }
      return try PlanRun.hash(trace.path)
    }
  }

  /// A cell's result, wherever it was kept; a file that cannot be read is as good as none.
  func stored(_ cell: Cell) -> SweepRow? {
    directories.lazy.compactMap { row(cell, in: $0) }.first
  }

  private func row(_ cell: Cell, in directory: String) -> SweepRow? {
    FileManager.default.contents(atPath: "\(directory)/\(cell.id).json").flatMap {
      try? CanonicalJSON.decode(SweepRow.self, from: Array($0))
    }
  }

  func plan(_ cell: Cell) throws {
    let plan = try PlanRun(study: cell.study, progress: nil, explores: false).plan()
    let row = SweepRow(id: cell.id, values: cell.cell.assignments.map { $0.values[0] }, plan: plan)
    try AtomicFile.write(try CanonicalJSON.encode(row), to: "\(directory)/\(cell.id).json")
  }

  func show(_ format: OutputFormat) throws {
    let cells = try cells(shard: nil)
    try checkAgreement(cells)
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
    case .csv: Output.text(CSV.table(result.table))
    case .svg: Output.text(SVGChart.render(result.chart))
    case .text, .md: Output.text(Markdown.table(result.table))
    }
  }

  private func checkAgreement(_ cells: [Cell]) throws {
    for cell in cells {
      let rows = Set(directories.compactMap { row(cell, in: $0) })
      guard rows.count < 2 else {
        throw ExitError(
          .badContent, "two results for one cell: \(cell.label)",
          help: "delete \(cell.id).json where it is stale")
      }
    }
  }

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
