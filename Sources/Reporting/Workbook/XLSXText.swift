/// Text as a workbook can hold it.
enum XLSXText {
  /// Control characters become U+FFFD, a literal `_x0041_` is kept from being read as an escape, and what exceeds
  /// the format's 32,767 UTF-16 units is cut with a mark.
  static func safe(_ text: String) -> String {
    guard text.utf8.count > 10_000 || text.utf8.contains(where: isSuspect) else { return text }
    var out = ""
    var units = 0
    let scalars = Array(text.unicodeScalars)
    for (i, scalar) in scalars.enumerated() {
      let size = UTF16.width(scalar)
      if units + size > 32_000 {
        out += "… (cut)"
        break
      }
      units += size
      switch scalar {
      case "\n", "\t": out.unicodeScalars.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
      case "_" where looksEscaped(scalars, i):
        out += "_x005F_"
        units += 6
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// Might this byte be a part of what must be replaced? U+FFFE and U+FFFF begin with EF.
  private static func isSuspect(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == 0xEF || byte == UInt8(ascii: "_")
  }

  /// Is there an `_xHHHH_` at i?
  private static func looksEscaped(_ s: [Unicode.Scalar], _ i: Int) -> Bool {
    guard i + 6 < s.count, s[i + 1] == "x", s[i + 6] == "_" else { return false }
    return s[i + 2...i + 5].allSatisfy { $0.properties.isASCIIHexDigit }
  }
}
