import FleetData

/// The comparison as a comment on a pull request: one screen, details folded, always below the host's limit.
///
/// The first line is a hidden marker, so that a workflow can find and replace its own comment. Whole parts are left
/// out from the end when the text would exceed the limit; a table or a fence is never cut.
public enum PullRequestComment {
  /// GitHub refuses 65,536 characters; bytes are what counts in practice.
  public static let limit = 60_000
  private static let shownRows = 15

  /// - Parameters:
  ///   - smallest: a smaller change of the mean month, with every gate passing, is one line.
  ///   - command: what makes the comparison again.
  ///   - limit: the most UTF-8 bytes.
  public static func render(
    _ comparison: Comparison, name: String = "plan", smallest: Double = 0,
    command: String = "fleetplan diff BASE CANDIDATE", limit: Int = PullRequestComment.limit
  ) -> String {
    let number = NumberText(currency: comparison.currency)
    let safe = SafeText.fileName(name)
    var text = "<!-- fleetplan:\(safe) \(SafeText.fileName(comparison.candidate.id)) -->\n"
    let (a, b) = (comparison.baseline.monthlyCost, comparison.candidate.monthlyCost)
    let allHold = comparison.gates.allSatisfy { $0.status == .pass }
    if comparison.isEmpty || allHold && abs(b - a) < smallest {
      let least = smallest > 0 ? " of \(number.shortMoney(smallest)) a month or more" : ""
      text +=
        "**fleetplan**: no change\(least) in cost, capacity or inputs (\(number.text(b, .dollars)) a month).\n"
      return text + (allHold ? "" : "\n\(gateLine(comparison))\n\n\(failedGates(comparison))")
    }
    let change = "\(number.signedMoney(b - a)) (\(NumberText.signedPercent(from: a, to: b)))"
    text += "#### fleetplan: \(change) a month\n\n"
    text +=
      "\(SafeText.markdown(comparison.sentence)) \(number.text(a, .dollars)) → \(number.text(b, .dollars)).\n\n"
    if !comparison.gates.isEmpty { text += gateLine(comparison) + "\n\n" }
    let footer =
      "\n<sub>Reproduce: \(SafeText.markdownName(command)). Cost is the mean month of the horizon.</sub>\n"
    let parts = [
      rows(comparison, number), failedGates(comparison),
      fold("Bridge", ComparisonDocument.bridgeTable(comparison), comparison),
      fold("Changes", ComparisonDocument.changes(comparison), comparison),
      fold("Months" + spark(comparison), ComparisonDocument.monthTable(comparison), comparison),
      fold("Inputs that differ", ComparisonDocument.inputs(comparison), comparison),
      fold("Provenance", ComparisonDocument.sides(comparison), comparison),
    ].filter { !$0.isEmpty }
    for (i, part) in parts.enumerated() {
      let rest = "\n\(parts.count - i) parts omitted for length; see the report.\n"
      guard text.utf8.count + part.utf8.count + footer.utf8.count + rest.utf8.count <= limit else {
        return text + rest + footer
      }
      text += part
    }
    return text + footer
  }

  private static func gateLine(_ comparison: Comparison) -> String {
    func count(_ status: Plan.GateResult.Status) -> Int { comparison.gates.count { $0.status == status } }
    return "Gates: \(count(.pass)) passed, \(count(.fail)) failed, \(count(.inconclusive)) inconclusive."
  }

  private static func rows(_ comparison: Comparison, _ number: NumberText) -> String {
    let changed = comparison.rows.filter { $0.status != .same }
    guard !changed.isEmpty else { return "" }
    var text =
      "| Service | Before, \(ComparisonDocument.money(comparison))/month | After | Change | Peak chips | Latency, of target |\n"
    text += "| --- | ---: | ---: | ---: | ---: | ---: |\n"
    for row in changed.prefix(shownRows) {
      let change =
        "\(number.signedMoney(row.delta)) (\(NumberText.signedPercent(from: row.baseCost, to: row.candidateCost)))"
      let cells = [
        SafeText.markdownName(row.service) + (row.status == .changed ? "" : " (\(row.status.rawValue))"),
        number.text(row.baseCost, .dollars), number.text(row.candidateCost, .dollars), change,
        "\(row.baseChips) → \(row.candidateChips)", ComparisonDocument.latency(row),
      ]
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    if changed.count > shownRows { text += "\n\(changed.count - shownRows) rows omitted; see the report.\n" }
    return text + "\n"
  }

  private static func failedGates(_ comparison: Comparison) -> String {
    let number = NumberText(currency: comparison.currency)
    let failed = comparison.gates.filter { $0.status != .pass }
    guard !failed.isEmpty else { return "" }
    var text = "**Gates that do not pass**\n\n"
    for row in failed.prefix(shownRows) {
      let owner = row.gate.owner.map { ", owner \($0)" } ?? ""
      let why = row.gate.why.map { ", \($0)" } ?? ""
      text += "- \(row.status.rawValue.uppercased()) (\(row.gate.severity.rawValue)) "
      text +=
        SafeText.markdown(
          "\(row.gate.name): \(row.gate.expression): is \(number.amount(row.value, row.unit))"
            + (row.detail.isEmpty ? "" : "; \(row.detail)") + why + owner, limit: 400) + "\n"
    }
    if failed.count > shownRows { text += "- and \(failed.count - shownRows) more\n" }
    return text + "\n"
  }

  private static func fold(_ summary: String, _ table: Table, _ comparison: Comparison) -> String {
    guard !table.rows.isEmpty else { return "" }
    let body = Markdown.table(table, currency: comparison.currency)
    return "<details>\n<summary>\(SafeText.xml(summary))</summary>\n\n\(body)</details>\n\n"
  }

  /// The candidate's months as eight heights.
  private static func spark(_ comparison: Comparison) -> String {
    let values = comparison.months.map(\.candidateCost)
    guard let low = values.min(), let high = values.max(), high > low else { return "" }
    let blocks = Array("▁▂▃▄▅▆▇█")
    return " " + String(values.prefix(60).map { blocks[Int((($0 - low) / (high - low) * 7).rounded())] })
  }
}
