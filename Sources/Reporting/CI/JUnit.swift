import FleetData

/// Gates and checks as JUnit XML, for CI servers that show test results.
///
/// One suite per area; a failed gate is a failure, one that could not be decided an error, a warning passes with its
/// text in system-out. The text stands in the body too, because some servers ignore the message attribute.
public enum JUnit {
  private struct Case {
    var suite: String
    var name: String
    var outcome: Outcome
    var text: String
  }
  private enum Outcome { case pass, failure, error, warning }

  public static func render(_ plan: Plan) -> String {
    let view = PlanView(plan)
    var cases = plan.gates.map { gateCase($0, view) }
    cases += plan.checks.map {
      Case(suite: "checks", name: $0.name, outcome: $0.passed ? .pass : .failure, text: $0.detail)
    }
    let suites = ["budget", "slo", "capacity", "power", "other", "checks"]
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    xml += "<testsuites name=\"fleetplan\" \(counts(cases)) time=\"0\">\n"
    for suite in suites {
      let here = cases.filter { $0.suite == suite }
      guard !here.isEmpty else { continue }
      xml += "  <testsuite name=\"\(suite)\" \(counts(here)) time=\"0\">\n"
      xml += unique(here).map { element($0) }.joined()
      xml += "  </testsuite>\n"
    }
    return xml + "</testsuites>\n"
  }

  private static func gateCase(_ row: Plan.GateResult, _ view: PlanView) -> Case {
    let metric = row.gate.expression.replacing("delta(", with: "")
    let suite =
      metric.hasPrefix("cost")
      ? "budget"
      : metric.hasPrefix("slo")
        ? "slo"
        : metric.contains("power")
          ? "power"
          : metric.hasPrefix("headroom") || metric.hasPrefix("chips") || metric.hasPrefix("shortfalls")
            ? "capacity" : "other"
    let outcome: Outcome =
      switch (row.status, row.gate.severity) {
      case (.pass, _): .pass
      case (_, .warn): .warning
      case (.fail, .error): .failure
      case (.inconclusive, .error): .error
      }
    return Case(suite: suite, name: row.gate.name, outcome: outcome, text: GateText.sentence(row, view))
  }

  private static func counts(_ cases: [Case]) -> String {
    let failures = cases.count { $0.outcome == .failure }
    let errors = cases.count { $0.outcome == .error }
    return "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\""
  }

  /// Servers tell cases apart by class and name: a repeated name gets a number.
  private static func unique(_ cases: [Case]) -> [Case] {
    var seen: [String: Int] = [:]
    return cases.map { one in
      var one = one
      one.name = SafeText.line(one.name)
      seen[one.name, default: 0] += 1
      if let n = seen[one.name], n > 1 { one.name += " (\(n))" }
      return one
    }
  }

  private static func element(_ one: Case) -> String {
    let text = SafeText.xml(SafeText.line(one.text, limit: 2000))
    let head =
      "    <testcase classname=\"fleetplan.\(one.suite)\" name=\"\(SafeText.xml(one.name))\" time=\"0\""
    switch one.outcome {
    case .pass: return head + "/>\n"
    case .warning: return head + ">\n      <system-out>warning: \(text)</system-out>\n    </testcase>\n"
    case .failure: return head + ">\n      <failure message=\"\(text)\">\(text)</failure>\n    </testcase>\n"
    case .error: return head + ">\n      <error message=\"\(text)\">\(text)</error>\n    </testcase>\n"
    }
  }
}

/// A gate's result in one sentence, the same in every format.
enum GateText {
  static func sentence(_ row: Plan.GateResult, _ view: PlanView) -> String {
    var text = "\(row.gate.name): \(row.status.rawValue): \(row.gate.expression): is \(view.gateValue(row))"
    text += ", limit \(view.amount(row.limit, row.unit))"
    if !row.detail.isEmpty { text += "; \(row.detail)" }
    if let why = row.gate.why { text += "; why: \(why)" }
    if let owner = row.gate.owner { text += "; owner: \(owner)" }
    return text
  }
}
