import FleetData

/// Reading and editing a document by path: `pods.iowa-v5e.price.committed`, by id, never by list index.
extension ConfigNode {
  /// The node at `path`, if it is there.
  public func node(at path: [String]) -> ConfigNode? {
    path.reduce(self as ConfigNode?) { $0?[$1] }
  }

  /// This document with the node at `path` replaced; the path must exist unless `creating`.
  /// - Throws: a `Diagnostic` that names the first part that is not there.
  public func replacing(
    _ path: [String], with value: ConfigNode, creating: Bool = false
  ) throws(Diagnostic) -> ConfigNode {
    guard let key = path.first else { return value }
    guard case .mapping(var entries) = content else { throw missing(key, among: []) }
    let rest = Array(path.dropFirst())
    if let index = entries.firstIndex(where: { $0.key == key }) {
      if creating && rest.isEmpty {
        throw Diagnostic("it is there already", found: "'\(key)'", help: "use `set` to change it")
      }
      entries[index].value = try entries[index].value.replacing(rest, with: value, creating: creating)
    } else {
      guard creating, rest.isEmpty else { throw missing(key, among: entries.map(\.key)) }
      entries.append(Entry(key: key, keyLocation: value.location, value: value))
    }
    return ConfigNode(.mapping(entries), at: location)
  }

  /// This document without the node at `path`.
  public func removing(_ path: [String]) throws(Diagnostic) -> ConfigNode {
    guard let key = path.first, case .mapping(var entries) = content,
      let index = entries.firstIndex(where: { $0.key == key })
    else { throw missing(path.first ?? "", among: keys) }
    if path.count == 1 {
      entries.remove(at: index)
    } else {
      entries[index].value = try entries[index].value.removing(Array(path.dropFirst()))
    }
    return ConfigNode(.mapping(entries), at: location)
  }

  /// The quantity with its number multiplied and its unit kept: `$0.54/chip.h` · 0.9 = `$0.486/chip.h`.
  public func scaled(by factor: Double) throws(Diagnostic) -> ConfigNode {
    guard case .scalar(let text) = content else {
      throw Diagnostic("only a quantity can be scaled", found: kind)
    }
    let lead = text.prefix { !$0.isNumber && $0 != "." && $0 != "-" }
    let digits = text.dropFirst(lead.count).prefix { $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" }
    guard let number = Double(digits.filter { $0 != "_" }) else {
      throw Diagnostic("only a quantity can be scaled", found: "'\(text)'")
    }
    let unit = text.dropFirst(lead.count + digits.count)
    return ConfigNode(.scalar("\(lead)\(plain(number * factor))\(unit)"), at: location)
  }

  private var keys: [String] {
    if case .mapping(let entries) = content { entries.map(\.key) } else { [] }
  }

  private func missing(_ key: String, among keys: [String]) -> Diagnostic {
    Diagnostic(
      "the path leads nowhere", found: "'\(key)'",
      expected: keys.isEmpty ? nil : "one of \(keys.joined(separator: ", "))",
      help: suggestion(for: key, among: keys))
  }
}

/// A number as a person would write it: no exponent, no trailing zeros, twelve significant digits at most.
func plain(_ value: Double) -> String {
  guard value != 0 else { return "0" }
  var digits = 0
  var scale = 1.0
  while digits < 12, abs((value * scale).rounded() / scale - value) > abs(value) * 1e-12 {
    digits += 1
    scale *= 10
  }
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 9e15 else { return "\(value)" }
  var text = String(Int64(scaled))
  if digits > 0 {
    text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
  }
  return (value < 0 ? "-" : "") + text
}

extension ConfigNode {
  /// The content without its places, in one form whatever the file's layout: the text that content hashes are made of.
  public var canonicalText: String {
    switch content {
    case .scalar(let text): "\"\(text)\""
    case .sequence(let items): "[" + items.map(\.canonicalText).joined(separator: ",") + "]"
    case .mapping(let entries):
      "{"
        + entries.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value.canonicalText)" }
        .joined(separator: ",") + "}"
    }
  }
}
