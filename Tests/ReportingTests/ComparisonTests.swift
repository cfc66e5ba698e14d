import FleetData
import Testing

@testable import Reporting

struct ComparisonTests {
  private static func row(_ i: Int) -> Comparison.Row {
    let isSame = i % 3 == 0
    return Comparison.Row(
      service: "service-\(i)|`😀`", status: isSame ? .same : .changed, baseCost: 1000,
      candidateCost: isSame ? 1000 : 1000 + Double(i), baseChips: 8, candidateChips: 16,
      baseLatencyShare: 0.8,
      candidateLatencyShare: 0.9)
  }

  private static func side(_ id: String, _ cost: Double) -> Comparison.Side {
    .init(
      id: id, name: id, toolVersion: "1", seed: 1, monthlyCost: cost, peakChips: 10,
      sources: [.init(path: "fleet.yaml", sha256: "ab")])
  }

  private static func gate(_ i: Int) -> Plan.GateResult {
    let why = String(repeating: "why ", count: 80)
    return .init(
      gate: Gate(name: "g\(i)", expression: "cost.month.total <= $1", why: why), status: .fail, value: 2,
      limit: 1,
      unit: "$", detail: "")
  }

  private static func input(_ i: Int) -> Comparison.InputChange {
    .init(id: "pods.p\(i).price", status: .changed, before: "1", after: "2", unit: "USD/chip-hour")
  }

  static func comparison(services: Int, gates: Int = 2) -> Comparison {
    let rows: [Comparison.Row] = (0..<services).map { row($0) }
    let a: Double = rows.reduce(0) { $0 + $1.baseCost }
    let b: Double = rows.reduce(0) { $0 + $1.candidateCost }
    let bridge: [Comparison.Step] = [
      .init(name: "baseline", kind: .baseline, amount: a), .init(name: "all", kind: .change, amount: b - a),
      .init(name: "candidate", kind: .candidate, amount: b),
    ]
    let month = Comparison.MonthRow(
      label: "2027-01", baseCost: a, candidateCost: b, baseChips: 10, candidateChips: 12)
    return Comparison(
      currency: "USD", sentence: "The mean monthly cost rises.", baseline: side("base", a),
      candidate: side("cand", b),
      bridge: bridge, rows: rows, months: [month], inputs: (0..<services).map { input($0) },
      gates: (0..<gates).map { gate($0) }, notes: [])
  }

  @Test("The comment stays below the limit for 5,000 services, with folds balanced and no table cut")
  func size() {
    let comment = PullRequestComment.render(Self.comparison(services: 5000, gates: 400))
    #expect(comment.utf8.count <= PullRequestComment.limit)
    #expect(comment.hasPrefix("<!-- fleetplan:plan cand -->\n"))
    #expect(comment.ranges(of: "<details>").count == comment.ranges(of: "</details>").count)
    for line in comment.split(separator: "\n") where line.hasPrefix("| ") { #expect(line.hasSuffix(" |")) }
    let short = PullRequestComment.render(Self.comparison(services: 50), limit: 2_500)
    #expect(short.utf8.count <= 2_500 && short.contains("parts omitted"))
  }

  @Test("No difference is one line")
  func noChange() {
    var comparison = Self.comparison(services: 1)
    comparison.inputs = []
    #expect(PullRequestComment.render(comparison).split(separator: "\n").count == 2)
  }

  @Test(
    "The what-if workbook recalculates to its own values and its checks are zero",
    .enabled(if: LibreOffice.isInstalled, "LibreOffice is not installed: recalculation is not checked"))
  func whatIf() throws {
    let book = WhatIfWorkbook.workbook(Self.comparison(services: 6))
    let values = try LibreOffice.recalculate([("what-if", book.stale)])["what-if"]!
    #expect(values["Checks"]!.last { $0.first == "Errors in all" }![4] == "0")
    #expect(values["Verdict"]![Sheet.firstRow][6] == "more")
    #expect(Double(values["Verdict"]![Sheet.firstRow][3]) == 12)
  }
}
