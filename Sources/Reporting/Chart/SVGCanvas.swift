/// Writes SVG elements: coordinates with at most one decimal, text escaped, classes instead of colours.
struct SVGCanvas {
  private(set) var body = ""

  enum Anchor: String { case start, middle, end }

  static func number(_ x: Double) -> String {
    let tenths = (x * 10).rounded()
    if tenths == (tenths / 10).rounded() * 10 { return String(Int(tenths / 10)) }
    return "\(tenths / 10)"
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    body += "<line class=\"\(style)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>\n"
  }

  mutating func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, hint: String? = nil
  ) {
    let shape =
      "<rect class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\""
    body += hint.map { "\(shape)><title>\(SafeText.xml($0))</title></rect>\n" } ?? "\(shape)/>\n"
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String, hint: String? = nil) {
    let shape = "<circle class=\"\(style)\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\""
    body += hint.map { "\(shape)><title>\(SafeText.xml($0))</title></circle>\n" } ?? "\(shape)/>\n"
  }

  mutating func path(_ points: [(x: Double, y: Double)], _ style: String) {
    guard let first = points.first else { return }
    body += "<path class=\"\(style)\" d=\"M\(n(first.x)) \(n(first.y))"
    for point in points.dropFirst() { body += "L\(n(point.x)) \(n(point.y))" }
    body += "\"/>\n"
  }

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ style: String = "fp-t", _ anchor: Anchor = .start,
    rotated: Double? = nil
  ) {
    let turn = rotated.map { " transform=\"rotate(\(n($0)) \(n(x)) \(n(y)))\"" } ?? ""
    body += "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor.rawValue)\"\(turn)>"
    body += "\(SafeText.xml(SafeText.line(text)))</text>\n"
  }

  private func n(_ x: Double) -> String { Self.number(x) }

  /// Width of a text in pixels, from the advance widths of common sans-serif faces, on the generous side.
  static func width(_ text: String, size: Double) -> Double {
    var em = 0.0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "f", "t", "(", ")": em += 0.32
      case "m", "w", "M", "W", "%", "@": em += 0.90
      case "A"..."Z": em += 0.70
      case "\u{1100}"...: em += 1.05
      default: em += 0.58
      }
    }
    return em * size
  }

  /// The text cut to a width, with an ellipsis.
  static func fit(_ text: String, width limit: Double, size: Double) -> String {
    let line = SafeText.line(text)
    guard width(line, size: size) > limit else { return line }
    var cut = line
    while !cut.isEmpty, width(cut + "…", size: size) > limit { cut.removeLast() }
    return cut + "…"
  }

  /// The text in lines of at most `limit` pixels, broken at spaces.
  static func wrap(_ text: String, width limit: Double, size: Double, lines: Int) -> [String] {
    var out: [String] = []
    var current = ""
    for word in SafeText.line(text, limit: 400).split(separator: " ") {
      let next = current.isEmpty ? String(word) : current + " " + word
      if width(next, size: size) > limit, !current.isEmpty {
        out.append(current)
        current = String(word)
      } else {
        current = next
      }
    }
    out.append(current)
    if out.count > lines { out[lines - 1] = out[(lines - 1)...].joined(separator: " ") }
    return out.prefix(lines).map { fit($0, width: limit, size: size) }
  }
}
