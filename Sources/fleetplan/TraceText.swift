import FleetData
import Foundation
import Ingest
import Workloads

/// `trace inspect` for people at a terminal.
enum TraceText {
  static func summary(_ scan: TraceScan, _ demand: DemandStatistics, ascii: Bool) -> String {
    var lines = [
      "\(scan.format.rawValue): \(demand.requests) requests on \(scan.lines) lines, \(scan.rejected) rejected"
    ]
    lines += scan.notes.map { "  note: \($0)" }
    lines += scan.rejectionCounts.prefix(10).map { "  rejected \($0.count): \($0.reason)" }
    lines += scan.rejections.prefix(5).map { "    line \($0.line): \($0.reason)" }
    lines += [
      "", "duration      \(span(demand.durationSeconds)), \(number(demand.ratePerSecond)) requests/s",
      "burstiness    CV of gaps \(demand.interarrivalCV.map(number) ?? "n/a")"
        + demand.dispersion.map { ", dispersion over \(span(Double($0.windowSeconds))) \(number($0.index))" }
        .joined(),
      "", "tokens               mean       p50       p90       p99       max           total",
      row("input", demand.inputTokens), row("output", demand.outputTokens),
    ]
    if let reasoning = demand.reasoningTokens { lines.append(row("reasoning", reasoning)) }
    if let cached = demand.cachedTokens { lines.append(row("cached", cached)) }
    if let correlation = demand.rankCorrelation {
      lines.append("rank correlation of input and output: \(number(correlation))")
    }
    lines += joint(demand)
    lines += ["", "requests per \(span(Double(demand.series.coarsened(to: 72).binSeconds)))"]
    lines += TerminalPlot(ascii: ascii).columns(demand.series.coarsened(to: 72).requests.map(Double.init))
    if let hours = demand.hours, demand.durationSeconds > 6 * 3600 {
      lines += ["", "requests by hour of the day (UTC, 0 to 23)"]
      lines += TerminalPlot(ascii: ascii).columns(hours.map(Double.init), height: 4, width: 3)
    }
    lines += details(demand)
    return lines.joined(separator: "\n")
  }

  /// The joint distribution of lengths, in percent of the requests.
  private static func joint(_ demand: DemandStatistics) -> [String] {
    let joint = demand.joint.coarsened(to: 8)
    guard joint.inputEdges.count > 1, joint.outputEdges.count > 1 else { return [] }
    let head = "  from" + joint.outputEdges.map { left(String(Int($0)), 8) }.joined()
    let rows = zip(joint.inputEdges, joint.requests).map { edge, requests in
      left(String(Int(edge)), 6)
        + requests.map { left($0 == 0 ? "." : decimals(Double($0) / Double(demand.requests) * 100, 1), 8) }
        .joined()
    }
    return ["", "percent of requests by input tokens (down) and output tokens (across)", head] + rows
  }

  /// The trace a description was learnt from beside one made from it.
  static func quality(_ quality: FitQuality, seed: UInt64) -> String {
    var lines = ["figure                         trace   seed \(seed)   error"]
    for figure in quality.figures {
      lines.append(
        figure.name.padding(toLength: 24, withPad: " ", startingAt: 0) + left(number(figure.original), 12)
          + left(number(figure.made), 9) + left(percent(figure.error), 8))
    }
    return lines.joined(separator: "\n")
  }

  private static func details(_ demand: DemandStatistics) -> [String] {
    var lines = [""]
    if let sessions = demand.sessions {
      lines.append(
        "sessions      \(sessions.sessions), turns \(number(sessions.meanTurns)) on average, at most \(sessions.maximumTurns)"
      )
    }
    if let prefixes = demand.prefixes {
      let curve = prefixes.curve.map { "\($0.cacheBlocks): \(percent($0.hitRate))" }.joined(separator: ", ")
      lines.append(
        "prefix cache  ideal hit rate \(percent(prefixes.idealHitRate)) of input tokens; \(prefixes.distinctBlocks) blocks of \(prefixes.blockTokens)"
      )
      lines.append("              by size in blocks: \(curve)")
    }
    lines.append(
      "concurrency   \(number(demand.concurrency.mean)) on average, \(demand.concurrency.peak) at peak, "
        + "at \(number(demand.concurrency.secondsPerOutputToken)) s per output token")
    for (name, shares) in [
      ("models", demand.services), ("regions", demand.regions), ("tenants", demand.tenants),
      ("classes", demand.classes),
    ] where !shares.isEmpty {
      let shown = shares.prefix(6).map {
        "\($0.name) \(percent(Double($0.requests) / Double(demand.requests)))"
      }
      lines.append(name.padding(toLength: 14, withPad: " ", startingAt: 0) + shown.joined(separator: ", "))
    }
    return lines
  }

  private static func row(_ name: String, _ lengths: LengthStatistics) -> String {
    let values = [lengths.mean, lengths.p50, lengths.p90, lengths.p99, Double(lengths.max)]
    return name.padding(toLength: 15, withPad: " ", startingAt: 0)
      + values.map { left(number($0), 10) }.joined() + left(String(lengths.total), 16)
  }

  private static func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  static func number(_ value: Double) -> String {
    switch value.magnitude {
    case 0: "0"
    case 100...: String(Int(value.rounded()))
    case 1...: decimals(value, 2)
    default: decimals(value, 4)
    }
  }

  private static func decimals(_ value: Double, _ digits: Int) -> String {
    let scale = pow(10, Double(digits))
    let text = "\((value * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func percent(_ share: Double) -> String { decimals(share * 100, 1) + "%" }

  private static func span(_ seconds: Double) -> String {
    switch seconds {
    case 172_800...: "\(decimals(seconds / 86_400, 1)) d"
    case 7200...: "\(decimals(seconds / 3600, 1)) h"
    case 180...: "\(decimals(seconds / 60, 1)) min"
    default: "\(decimals(seconds, 1)) s"
    }
  }
}
