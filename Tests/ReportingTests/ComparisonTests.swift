import FleetData
import Foundation
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

  @Test("Hostile names survive every form of a comparison")
  func hostileNames() throws {
    let name = "=cmd|' /C calc'!A0 </script><b>`x`\n| 😀 \u{202E}gnp ](x) @all"
    var comparison = Self.comparison(services: 3)
    comparison.rows[1].service = name
    comparison.candidate.name = name
    comparison.bridge[1].name = name
    comparison.inputs[0].id = name
    comparison.gates[0].gate.name = name
    comparison.changes = [
      .init(name: name, why: name, edits: [.init(verb: name, path: name, before: name, after: name)])
    ]
    comparison.levels = [.init(service: name, promise: name, base: nil, candidate: nil)]
    let report = ComparisonDocument.report(comparison)
    let document = Markdown.render(report)
    // Inside a code span nothing is markup.
    let comment = PullRequestComment.render(comparison, name: name).replacing(/`[^`\n]*`/, with: "code")
    for text in [document.text, comment] {
      #expect(!text.contains("<script") && !text.contains("</script") && !text.contains("\u{202E}"))
      for line in text.split(separator: "\n") where line.hasPrefix("|") { #expect(line.hasSuffix("|")) }
    }
    for picture in document.pictures { #expect(XMLText.isWellFormed(picture.svg)) }
    #expect(!HTMLPage.render(report).contains("</script><b>"))
    let file = FileManager.default.temporaryDirectory.appending(path: "fleetplan-\(UUID().uuidString).xlsx")
    defer { try? FileManager.default.removeItem(at: file) }
    try WhatIfWorkbook.write(comparison, to: file.path)
    #expect(try Data(contentsOf: file).count > 1000)
  }

  @Test("A change below the least that matters is one line, unless a gate does not pass")
  func smallestChange() {
    var comparison = Self.comparison(services: 4)
    comparison.gates = []
    #expect(PullRequestComment.render(comparison, smallest: 1000).split(separator: "\n").count == 2)
    comparison.gates = [Self.gate(1)]
    #expect(PullRequestComment.render(comparison, smallest: 1000).split(separator: "\n").count > 2)
  }

  @Test("No difference is one line, and a gate that fails all the same is said")
  func noChange() {
    var comparison = Self.comparison(services: 1)
    comparison.inputs = []
    comparison.gates = []
    #expect(PullRequestComment.render(comparison).split(separator: "\n").count == 2)
    comparison.gates = [Self.gate(7)]
    let text = PullRequestComment.render(comparison)
    #expect(text.contains("no change") && text.contains("- FAIL (error) g7"), "\(text)")
  }

  @Test(
    "The what-if workbook recalculates to its own values and its checks are zero",
    .enabled(if: LibreOffice.isInstalled, "LibreOffice is not installed: recalculation is not checked"))
  func whatIf() throws {
    var comparison = Self.comparison(services: 6)
    comparison.changes = [
      .init(
        name: "cheaper", why: "renewal", author: "ada",
        edits: [.init(verb: "scale", path: "pods.a.price", before: "$2", after: "$1")], marginalCost: -5,
        marginalChips: 0),
      .init(name: "needs it", note: "needs a change before it"),
    ]
    let book = WhatIfWorkbook.workbook(comparison)
    let all = try LibreOffice.recalculate([
      ("what-if", book.stale), ("bridge", book.corrupting("Bridge", 1, 2).stale),
      ("deltas", book.corrupting("Deltas", 1, 2).stale),
      ("limit", book.stale.replacing("Gates", 0, 6, with: .number(3))),
    ])
    // Both gates fail at $2 against $1; a limit of $3 lets the first pass.
    #expect(all["limit"]!["Gates"]![Sheet.firstRow][2] == "pass")
    #expect(all["limit"]!["Verdict"]!.first { $0.first == "Gates that fail" }![2] == "1")
    let values = all["what-if"]!
    RecalculationTests().expectEqual(values, book, sheets: book.sheets.map(\.name))
    for name in ["bridge", "deltas"] {
      #expect(all[name]!["Checks"]!.last { $0.first == "Errors in all" }![4] == "1", "\(name)")
    }
    #expect(values["Checks"]!.last { $0.first == "Errors in all" }![4] == "0")
    #expect(values["Verdict"]![Sheet.firstRow][6] == "more")
    #expect(Double(values["Verdict"]![Sheet.firstRow][3]) == 12)
  }
}
