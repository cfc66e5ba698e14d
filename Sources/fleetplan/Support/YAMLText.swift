import Ingest

/// A document as YAML in block style; text that YAML could read as something else is quoted.
enum YAMLText {
  static func render(_ node: ConfigNode) -> String { lines(node).joined(separator: "\n") + "\n" }

  static func lines(_ node: ConfigNode) -> [String] {
    switch node.content {
    case .scalar(let text): return [quoted(text)]
    case .sequence(let items):
      if items.isEmpty { return ["[]"] }
      return items.flatMap { indented(lines($0), first: "- ", rest: "  ") }
    case .mapping(let entries):
      if entries.isEmpty { return ["{}"] }
      return entries.flatMap { entry -> [String] in
        let key = quoted(entry.key) + ":"
        switch entry.value.content {
        case .scalar(let text): return [key + " " + quoted(text)]
        case .sequence(let items) where items.isEmpty: return [key + " []"]
        case .mapping(let inner) where inner.isEmpty: return [key + " {}"]
        default: return [key] + lines(entry.value).map { "  " + $0 }
        }
      }
    }
  }

  private static func indented(_ lines: [String], first: String, rest: String) -> [String] {
    lines.enumerated().map { ($0.offset == 0 ? first : rest) + $0.element }
  }

  private static func quoted(_ text: String) -> String {
    let special = ",[]{}#&*!|>'\"@`\\".unicodeScalars
    let isPlain =
      !text.isEmpty && !" -?%:".contains(text.first!) && !" :".contains(text.last!) && !text.contains(": ")
      && !text.unicodeScalars.contains { $0.value < 0x20 || special.contains($0) }
    if isPlain { return text }
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
      "\n", with: "\\n"
    )
    .replacing("\t", with: "\\t")
    return "\"\(escaped)\""
  }
}
