/// Names come from users and may hold anything: each format gets them in a spelling that it cannot mistake.
enum SafeText {
  /// XML and HTML text and attribute values; characters XML 1.0 forbids become U+FFFD.
  static func xml(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || xmlSpecial.contains($0) || $0 >= 0xEF || $0 == 0x7F })
    else {
      return text
    }
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\t", "\n", "\r": out.unicodeScalars.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
  private static let xmlSpecial = Set("&<>\"'".utf8)

  /// One line, no control characters, directional overrides made visible, at most `limit` characters.
  static func line(_ text: String, limit: Int = 200) -> String {
    var out = ""
    var length = 0
    for scalar in text.unicodeScalars {
      guard length < limit else { return out + "…" }
      switch scalar {
      case "\n", "\r", "\t", "\u{2028}", "\u{2029}", "\u{0B}", "\u{0C}": out += " "
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
      length += 1
    }
    return out
  }

  /// A sentence in Markdown: characters that would start markup, HTML or a mention are escaped.
  static func markdown(_ text: String, limit: Int = 2000) -> String {
    var out = ""
    for character in line(text, limit: limit) {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#": out += "\\\(character)"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "&": out += "&amp;"
      case "@": out += "@\u{2060}"
      default: out.append(character)
      }
    }
    return out
  }

  /// A table cell in Markdown.
  static func markdownCell(_ text: String) -> String { text.isEmpty ? " " : markdown(text, limit: 120) }

  /// A name as code, whatever it holds: backticks and pipes become look-alikes that cannot end the cell.
  static func markdownName(_ text: String) -> String {
    let safe = line(text, limit: 64).map { $0 == "`" ? "ˋ" : $0 == "|" ? "¦" : $0 }
    return "`" + String(safe) + "`"
  }
}
