import FleetData

/// Gates as GitHub workflow commands, at the line of the scenario that set them.
///
/// GitHub shows ten of each level for a step: the nine most important are written, and one that counts the rest.
public enum GitHubAnnotations {
  private static let shown = 9

  public static func render(_ plan: Plan) -> String {
    let view = PlanView(plan)
    var errors: [(Diagnostic.Location?, String, String)] = []
    var warnings = errors
    for check in plan.checks where !check.passed {
      errors.append((nil, check.name, "the planner's own law broke: \(check.detail)"))
    }
    for row in plan.gates where row.status != .pass {
      let line = (row.gate.location, row.gate.name, GateText.sentence(row, view))
      if row.status == .fail, row.gate.severity == .error {
        errors.append(line)
      } else {
        warnings.append(line)
      }
    }
    if let short = plan.shortfalls.min(by: { $0.month < $1.month }) {
      warnings.append((nil, "shortfall", view.dated(short)))
    }
    return commands("error", errors) + commands("warning", warnings)
      + command("notice", nil, "fleetplan", plan.verdict.sentence)
  }

  private static func commands(_ level: String, _ all: [(Diagnostic.Location?, String, String)]) -> String {
    var text = all.prefix(shown).map { command(level, $0.0, $0.1, $0.2) }.joined()
    if all.count > shown {
      text += command(level, nil, "fleetplan", "and \(all.count - shown) more; the report lists them all")
    }
    return text
  }

  private static func command(
    _ level: String, _ place: Diagnostic.Location?, _ title: String, _ message: String
  ) -> String {
    var properties: [String] = []
    if let place {
      properties.append("file=\(property(place.file))")
      if let line = place.line { properties.append("line=\(line)") }
      if let column = place.column { properties.append("col=\(column)") }
    }
    properties.append("title=\(property(SafeText.line(title, limit: 80)))")
    return "::\(level) \(properties.joined(separator: ","))::\(data(SafeText.line(message, limit: 1000)))\n"
  }

  /// Message text: percent and line ends are escaped.
  static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  /// Property values: colons and commas too.
  static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}

/// The report as a job summary: Markdown cut at whole sections below GitHub's limit of 1 MiB.
public enum JobSummary {
  public static func render(_ plan: Plan, limit: Int = 900_000) -> String {
    let report = PlanDocument.report(plan)
    var text = ""
    for (i, section) in report.sections.enumerated() {
      let withoutPictures = Report.Section(
        section.title, section.blocks.filter { if case .chart = $0 { false } else { true } })
      let title = i == 0 ? report.title : ""
      var part = Markdown.render(Report(title: title, sections: [withoutPictures]), currency: plan.currency)
        .text
      if i > 0 { part = String(part.dropFirst(part.prefix { $0 != "\n" }.count + 2)) }
      guard text.utf8.count + part.utf8.count <= limit - 200 else {
        return text + "\n\(report.sections.count - i) sections omitted; see report.md.\n"
      }
      text += part + "\n"
    }
    return text
  }
}
