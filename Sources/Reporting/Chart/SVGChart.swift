import FleetData

/// Draws a chart as SVG: one file, no script, the same bytes every time, readable on light and dark pages.
public enum SVGChart {
  /// - Parameter embedded: leave the style sheet out, for a page that carries `styleSheet` once.
  public static func render(_ chart: Chart, embedded: Bool = false) -> String {
    var drawing = ChartDrawing(chart)
    drawing.draw()
    let title = SafeText.xml(SafeText.line(chart.title))
    let id = SafeText.fileName(chart.id)
    var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"\(id)-t \(id)-d\" "
    let (width, height) = (SVGCanvas.number(drawing.width), SVGCanvas.number(drawing.height))
    svg += "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\">\n"
    svg += "<title id=\"\(id)-t\">\(title)</title>\n"
    svg += "<desc id=\"\(id)-d\">\(SafeText.xml(SafeText.line(chart.altText, limit: 2000)))</desc>\n"
    if !embedded { svg += "<style>\n\(ChartStyle.css)</style>\n" }
    return svg + drawing.canvas.body + "</svg>\n"
  }

  /// The style sheet of embedded charts.
  public static var styleSheet: String { ChartStyle.css }

  /// The name of the chart's file: its id in lower case, `cost-by-month.svg`.
  public static func fileName(_ chart: Chart) -> String { SafeText.fileName(chart.id) + ".svg" }
}

extension SafeText {
  /// Letters, digits and hyphens only; never empty.
  static func fileName(_ id: String) -> String {
    let kept = id.lowercased().unicodeScalars.prefix(80).map { scalar -> Character in
      (scalar >= "a" && scalar <= "z") || (scalar >= "0" && scalar <= "9") ? Character(scalar) : "-"
    }
    let name = String(kept).split(separator: "-").joined(separator: "-")
    return name.isEmpty ? "chart" : name
  }
}
