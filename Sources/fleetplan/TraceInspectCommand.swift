import ArgumentParser
import FleetData
import Foundation
import Ingest
import Reporting
import Workloads

/// `trace inspect FILE`: what demand looks like, in one pass and bounded memory.
struct TraceInspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Statistics of a trace: rates, bursts, lengths, sessions, prefixes, concurrency.",
    discussion: "Example: fleetplan trace inspect trace.csv --format json")
  @Argument(help: "The trace; - is standard input.") var file: String
  @OptionGroup var input: TraceInputOptions
  @Option(help: "Serving speed assumed for concurrency, in seconds per output token.") var secondsPerToken =
    0.03
  @Option(help: "text, json, md or svg.") var format: OutputFormat = .text
  @Option(name: .long, help: "With svg: which picture: rate, lengths, prefixes or hours.") var chart = "rate"
  @Flag(help: "Draw with plain ASCII.") var ascii = false

  func run() async throws {
    let (scan, statistics) = try measure()
    switch format {
    case .json: try Output.json(TraceInspection(scan, statistics))
    case .md:
      Output.text(
        Markdown.render(DemandReport.report(statistics, of: Self.facts(scan), hasCharts: false)).text)
    case .svg: Output.text(try svg(statistics))
    case .text: Output.text(TraceText.summary(scan, statistics, ascii: ascii))
    case .csv: throw ValidationError("trace inspect writes text, json, md or svg")
    }
  }

  private func measure() throws -> (TraceScan, DemandStatistics) {
    var options = try input.options()
    options.hashing = false
    let rejects = try input.rejectFile.map(RejectFile.init)
    do throws(TraceError) {
      var accumulator = DemandAccumulator(secondsPerOutputToken: secondsPerToken)
      let pieces = try input.pieces(file, options, rejected: rejects.map { $0.add })
      while let piece = try pieces.next() { accumulator.add(piece) }
      var scan = pieces.scan
      rejects?.flush()
      var statistics = accumulator.statistics()
      if scan.outOfOrder > 0 { statistics = try sorted(&scan, options) ?? statistics }
      guard let statistics else { throw .noRows(rejected: scan.rejected, first: scan.rejections.first) }
      return (scan, statistics)
    } catch {
      rejects?.flush()
      throw TraceInputOptions.exit(error, file)
    }
  }

  /// Rows out of order are sorted and measured again, as far as memory and the source allow.
  private func sorted(_ scan: inout TraceScan, _ options: TraceOptions) throws(TraceError)
    -> DemandStatistics?
  {
    guard file != "-", scan.accepted <= 4_000_000 else {
      scan.notes.append("gaps and bursts are measured in file order; rows out of order blur them")
      return nil
    }
    return DemandStatistics(
      try TraceReader.read(path: file, options: options).trace, secondsPerOutputToken: secondsPerToken)
  }

  private func svg(_ statistics: DemandStatistics) throws -> String {
    let charts = DemandReport.charts(statistics)
    guard let picture = charts.first(where: { $0.id == chart }) else {
      throw ExitError(
        .usage, "this trace has no picture '\(chart)'",
        help: "there are: \(charts.map(\.id).joined(separator: ", "))")
    }
    return SVGChart.render(picture)
  }

  static func facts(_ scan: TraceScan) -> [String] {
    var facts = [
      "Format: \(scan.format.rawValue), \(scan.accepted) requests on \(scan.lines) lines, \(scan.rejected) rejected."
    ]
    facts += scan.notes.map { "Note: \($0)." }
    facts += scan.rejectionCounts.prefix(10).map { "Rejected \($0.count): \($0.reason)." }
    return facts
  }
}
