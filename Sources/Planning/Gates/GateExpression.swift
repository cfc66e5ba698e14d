import FleetData

/// A gate as it was meant: `delta(cost.month.total[site=*]) <= +5%`.
struct GateExpression: Equatable {
  enum Comparison: String, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case equal = "=="
    case below = "<"
    case above = ">"

    /// Is a small value good? Then the largest member is the worst.
    var wantsSmall: Bool { self == .atMost || self == .below }

    func holds(_ value: Double, _ limit: Double) -> Bool {
      switch self {
      case .atMost: value <= limit
      case .atLeast: value >= limit
      case .equal: value == limit
      case .below: value < limit
      case .above: value > limit
      }
    }
  }

  struct Selector: Equatable {
    var key: String
    /// `*` asks every member.
    var value: String
    var isEvery: Bool { value == "*" }
  }

  var metric: String
  var selectors: [Selector]
  /// Judged as the change from a baseline.
  var isDelta: Bool
  var comparison: Comparison
  var limit: String

  /// - Throws: a `Diagnostic` at the gate that says which part cannot be read.
  init(_ gate: Gate) throws(Diagnostic) {
    let text = gate.expression
    func wrong(_ what: String, found: String?) -> Diagnostic {
      Diagnostic(
        "gate '\(gate.name)': \(what)", at: gate.location, found: found,
        expected: "METRIC[key=value] <= LIMIT, for example cost.month.total <= $2.6M")
    }
    let outside = Self.maskingSelectors(text)
    guard let found = Self.operatorRange(outside) else { throw wrong("there is no comparison", found: text) }
    comparison = found.comparison
    let bytes = Array(text.utf8)
    var left = Self.trimmed(String(decoding: bytes[..<found.range.lowerBound], as: UTF8.self))
    limit = Self.trimmed(String(decoding: bytes[found.range.upperBound...], as: UTF8.self))
    guard !left.isEmpty else { throw wrong("there is no metric", found: text) }
    guard !limit.isEmpty else { throw wrong("there is no limit", found: text) }
    isDelta = left.hasPrefix("delta(")
    if isDelta {
      guard left.hasSuffix(")") else { throw wrong("'delta(' is not closed", found: left) }
      left = Self.trimmed(String(left.dropFirst(6).dropLast()))
    }
    guard let bracket = left.firstIndex(of: "[") else {
      (metric, selectors) = (left, [])
      return
    }
    guard left.hasSuffix("]") else { throw wrong("a selector is not closed", found: left) }
    metric = Self.trimmed(String(left[..<bracket]))
    selectors = []
    for part in left[left.index(after: bracket)...].dropLast().split(
      separator: ",", omittingEmptySubsequences: false)
    {
      let sides = part.split(separator: "=", maxSplits: 1).map { Self.trimmed(String($0)) }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        throw wrong("a selector needs a key and a value", found: String(part))
      }
      selectors.append(Selector(key: sides[0], value: sides[1]))
    }
  }

  /// The text as bytes with everything between square brackets blanked out, so that names may hold `<` and `=`.
  private static func maskingSelectors(_ text: String) -> [UInt8] {
    var depth = 0
    return text.utf8.map { byte in
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") { depth -= 1 }
      return depth > 0 ? UInt8(ascii: " ") : byte
    }
  }

  private static func operatorRange(_ bytes: [UInt8]) -> (range: Range<Int>, comparison: Comparison)? {
    for i in bytes.indices {
      for comparison in Comparison.allCases {
        let sign = Array(comparison.rawValue.utf8)
        if bytes[i...].starts(with: sign) { return (i..<i + sign.count, comparison) }
      }
    }
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    var rest = Substring(text)
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
