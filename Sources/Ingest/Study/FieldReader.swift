import FleetData

/// Collects what is wrong and what was read, over all files of a study.
final class StudyLog {
  var diagnostics: [Diagnostic] = []
  var inputs: [Plan.InputRow] = []
  /// Dollars for one unit of each other currency that the fleet names.
  var rates: [String: Double] = [:]
  /// First month of the plan as `2027-01`; `nil` where a fleet is read by itself.
  var startMonth: String?

  func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
}

/// Reads the fields of one mapping by our schema: every key must be known, every value must have its unit.
///
/// A problem is logged and the field reads as absent, so that one pass shows everything that is wrong.
struct FieldReader {
  let path: String
  let location: Diagnostic.Location
  private let entries: [ConfigNode.Entry]
  private let known: [String]
  private let log: StudyLog

  /// - Parameter known: every key that may appear; keys that start with `x-` always may.
  init(_ node: ConfigNode, path: String, known: [String], log: StudyLog) {
    self.path = path
    self.known = known
    self.log = log
    location = node.location
    guard case .mapping(let entries) = node.content else {
      self.entries = []
      log.report(
        Diagnostic(
          "'\(path)' must be a mapping", at: node.location, found: node.kind,
          expected: known.prefix(4).joined(separator: ", ") + ", ..."))
      return
    }
    self.entries = entries
    for entry in entries where !known.contains(entry.key) && !entry.key.hasPrefix("x-") {
      log.report(
        Diagnostic(
          "unknown key", at: entry.keyLocation, found: "'\(entry.key)'",
          expected: "one of \(known.joined(separator: ", "))", help: suggestion(for: entry.key, among: known))
      )
    }
  }

  /// First month of the plan, where it is known.
  var startMonth: String? { log.startMonth }

  func node(_ key: String) -> ConfigNode? { entries.first { $0.key == key }?.value }

  /// The entries of a mapping of names, in file order.
  static func named(_ node: ConfigNode?, path: String, log: StudyLog) -> [ConfigNode.Entry] {
    guard let node else { return [] }
    if case .mapping(let entries) = node.content { return entries }
    log.report(
      Diagnostic("'\(path)' must be a mapping of names", at: node.location, found: node.kind))
    return []
  }

  func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text) = node.content, !text.isEmpty else {
      log.report(Diagnostic("'\(key)' must be text", at: node.location, found: node.kind))
      return nil
    }
    return text
  }

  func requiredText(_ key: String, help: String? = nil) -> String? {
    if node(key) == nil { reportMissing(key, example: nil, help: help) }
    return text(key)
  }

  /// A quantity in base units, within `range`.
  func number(_ key: String, _ dimension: Dimension, in range: ClosedRange<Double> = 0...1e30) -> Double? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text) = node.content else {
      log.report(
        Diagnostic(
          "'\(key)' must be \(dimension.name)", at: node.location, found: node.kind,
          expected: "such as \(dimension.example)"))
      return nil
    }
    do throws(Diagnostic) {
      let value = try dimension.parse(text, rates: log.rates)
      guard range.contains(value) else {
        throw Diagnostic(
          "out of range", found: "'\(text)'", expected: "\(dimension.name) such as \(dimension.example)")
      }
      record(key, value, text, dimension.base, node.location)
      return value
    } catch {
      var diagnostic = error
      diagnostic.what = "'\(key)': \(error.what)"
      diagnostic.location = node.location
      log.report(diagnostic)
      return nil
    }
  }

  func requiredNumber(
    _ key: String, _ dimension: Dimension, in range: ClosedRange<Double> = 0...1e30, help: String? = nil
  ) -> Double? {
    if node(key) == nil { reportMissing(key, example: dimension.example, help: help) }
    return number(key, dimension, in: range)
  }

  /// A whole number in base units.
  func integer(_ key: String, _ dimension: Dimension = .count, in range: ClosedRange<Int>) -> Int? {
    guard let value = number(key, dimension, in: Double(range.lowerBound)...Double(range.upperBound)) else {
      return nil
    }
    guard value == value.rounded() else {
      log.report(
        Diagnostic("'\(key)' must be a whole number", at: node(key)?.location, found: "\(value)"))
      return nil
    }
    return Int(value)
  }

  func flag(_ key: String) -> Bool? {
    guard let text = text(key) else { return nil }
    switch text {
    case "true", "yes": return true
    case "false", "no": return false
    default:
      log.report(
        Diagnostic("'\(key)' must be true or false", at: node(key)?.location, found: "'\(text)'"))
      return nil
    }
  }

  /// One of the cases of an enum of texts.
  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let text = text(key) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let all = Choice.allCases.map(\.rawValue)
    log.report(
      Diagnostic(
        "'\(key)' is not one of its values", at: node(key)?.location, found: "'\(text)'",
        expected: all.joined(separator: ", "),
        help: suggestion(for: text, among: all)))
    return nil
  }

  func texts(_ key: String) -> [String] {
    guard let node = node(key) else { return [] }
    guard case .sequence(let items) = node.content else {
      log.report(Diagnostic("'\(key)' must be a list", at: node.location, found: node.kind))
      return []
    }
    return items.compactMap { if case .scalar(let text) = $0.content { text } else { nil } }
  }

  func reportMissing(_ key: String, example: String?, help: String? = nil) {
    log.report(
      Diagnostic(
        "'\(path)' needs '\(key)'", at: location, expected: example.map { "\(key): \($0)" }, help: help))
  }

  /// Notes a default that was taken because the file is silent.
  func recordDefault(_ key: String, _ value: Double, unit: String, why: String) {
    log.inputs.append(
      Plan.InputRow(
        id: "\(path).\(key)", value: value, unit: unit, source: why, asOf: "", grade: .assumed,
        isDefault: true, location: location))
  }

  private func record(
    _ key: String, _ value: Double, _ text: String, _ unit: String, _ place: Diagnostic.Location
  ) {
    log.inputs.append(
      Plan.InputRow(
        id: "\(path).\(key)", value: value, text: text, unit: unit, source: self.text("source") ?? place.file,
        asOf: self.text("as_of") ?? "", grade: .quoted, isDefault: false, location: place))
  }
}
