import FleetData

/// What can be wrong with a gate, said the same before planning and after.
extension GateMetric {
  static func unknown(_ name: String, _ gate: Gate, among names: [String]) -> Diagnostic {
    let near = nearest(to: name, among: names)
    return Diagnostic(
      "gate '\(gate.name)': unknown metric", at: gate.location, found: name,
      expected: near == nil ? "one of " + names.joined(separator: ", ") : nil,
      help: near.map { "did you mean '\($0)'?" })
  }

  /// A change may be limited by a share too.
  func accepts(_ limit: GateQuantity, isDelta: Bool) -> Bool {
    limit.dimension == dimension || isDelta && limit.dimension == .share
  }

  func wrongLimit(_ expression: GateExpression, _ gate: Gate, currency: String) -> Diagnostic {
    let example = dimension == .money && currency != "USD" ? currency + " 2.6M" : dimension.example
    return Diagnostic(
      "gate '\(gate.name)': the limit has the wrong unit", at: gate.location, found: expression.limit,
      expected: "a limit like \(example)" + (expression.isDelta ? " or +5%" : ""))
  }

  func unknownKey(_ selector: GateExpression.Selector, _ gate: Gate) -> Diagnostic {
    Diagnostic(
      "gate '\(gate.name)': \(name) has no '\(selector.key)'", at: gate.location, found: selector.key,
      expected: keys.isEmpty ? "no selector" : keys.joined(separator: ", "),
      help: suggestion(for: selector.key, among: keys))
  }

  static func nothingSelected(_ selector: GateExpression.Selector, _ names: [String], _ gate: Gate)
    -> Diagnostic
  {
    let known = Array(Set(names)).sorted()
    return Diagnostic(
      "gate '\(gate.name)': nothing matches [\(selector.key)=\(selector.value)]", at: gate.location,
      found: selector.value, expected: known.prefix(8).joined(separator: ", "),
      help: suggestion(for: selector.value, among: known))
  }
}
