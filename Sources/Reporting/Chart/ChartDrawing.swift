import FleetData

/// Lays one chart out: title, legend, y title, plot, x labels, x title, from top to bottom without overlap.
struct ChartDrawing {
  let chart: Chart
  var canvas = SVGCanvas()
  let width = 760.0
  var height = 380.0
  /// The plot's edges in pixels.
  var left = 64.0
  var right = 736.0
  var top = 40.0
  var bottom = 320.0
  var x = Ticks.linear(0, 1)
  var y = Ticks.linear(0, 1)

  init(_ chart: Chart) { self.chart = chart }

  mutating func draw() {
    guard !isEmpty else { return drawEmpty() }
    let header = headerHeight()
    if chart.kind == .tornado {
      layOutTornado(below: header)
    } else {
      layOutUpright(below: header)
    }
    canvas.rect(0.5, 0.5, width - 1, height - 1, "fp-card")
    drawHeader()
    switch chart.kind {
    case .tornado: drawTornado()
    case .line: drawAxes(); drawLines()
    case .scatter: drawAxes(); drawScatter()
    case .columns: drawAxes(); drawColumns()
    case .stackedColumns: drawAxes(); drawStacks()
    case .waterfall: drawAxes(); drawWaterfall()
    }
  }

  var isEmpty: Bool { chart.series.allSatisfy { $0.points.isEmpty } }

  /// Where a value of y lies in pixels.
  func py(_ value: Double) -> Double { bottom - y.position(value) * (bottom - top) }
  /// Where a value of x (or the middle of category i) lies in pixels.
  func px(_ value: Double) -> Double {
    chart.categories.isEmpty
      ? left + x.position(value) * (right - left)
      : left + (value + 0.5) / Double(chart.categories.count) * (right - left)
  }

  /// Series with their place in the palette; references are drawn apart.
  var coloured: [(index: Int, series: Chart.Series)] {
    chart.series.filter { !$0.isReference }.enumerated().map { ($0.offset, $0.element) }
  }
  var references: [Chart.Series] { chart.series.filter(\.isReference) }

  static func axisTitle(_ axis: Chart.Axis) -> String {
    let repeatsTitle = axis.unit.lowercased() == axis.title.lowercased()
    let unit =
      axis.unit.isEmpty || repeatsTitle && !axis.title.isEmpty
      ? "" : axis.title.isEmpty ? axis.unit : " (\(axis.unit))"
    return axis.title + unit + (axis.logarithmic ? ", log scale" : "")
  }

  private mutating func drawEmpty() {
    height = 120
    canvas.rect(0.5, 0.5, width - 1, height - 1, "fp-card")
    canvas.text(SVGCanvas.fit(chart.title, width: width - 40, size: 15), 20, 30, "fp-h")
    canvas.text("No data: nothing to draw.", 20, 66, "fp-m")
  }
}

/// Title and legend.
extension ChartDrawing {
  private struct LegendEntry {
    var text: String
    var x: Double
    var row: Int
    var style: String
    var isReference: Bool
  }

  private var titleLines: [String] { SVGCanvas.wrap(chart.title, width: width - 40, size: 17.5, lines: 2) }

  private var legend: [LegendEntry] {
    guard chart.series.count > 1, chart.kind != .waterfall, chart.kind != .tornado else { return [] }
    var entries: [LegendEntry] = []
    var (at, row) = (20.0, 0)
    var place = 0
    for series in chart.series {
      let text = SVGCanvas.fit(series.name, width: 260, size: 12)
      // References that share a name are one entry.
      guard !entries.contains(where: { $0.isReference && series.isReference && $0.text == text }) else {
        continue
      }
      let size = SVGCanvas.width(text, size: 12) + 40
      if at + size > width - 16, at > 20 { (at, row) = (20, row + 1) }
      let style = series.isReference ? "fp-r" : ChartStyle.series(place)
      entries.append(.init(text: text, x: at, row: row, style: style, isReference: series.isReference))
      if !series.isReference { place += 1 }
      at += size
    }
    return entries
  }

  func headerHeight() -> Double {
    let legendRows = legend.last.map { Double($0.row + 1) } ?? 0
    return 16 + Double(titleLines.count) * 20 + legendRows * 20 + 6
  }

  mutating func drawHeader() {
    for (i, line) in titleLines.enumerated() { canvas.text(line, 20, 28 + Double(i) * 20, "fp-h") }
    let first = 16 + Double(titleLines.count) * 20
    for entry in legend {
      let middle = first + Double(entry.row) * 20 + 11
      if entry.isReference {
        canvas.line(entry.x, middle, entry.x + 20, middle, "fp-r")
      } else {
        canvas.rect(entry.x + 3, middle - 6, 14, 12, entry.style)
      }
      canvas.text(entry.text, entry.x + 26, middle + 4)
    }
  }
}

/// Axes of upright charts.
extension ChartDrawing {
  mutating func layOutUpright(below header: Double) {
    let range = valueRange()
    y =
      chart.y.logarithmic && range.low > 0
      ? .logarithmic(range.low, range.high) : .linear(range.low, range.high)
    let labels = y.labels.map { SVGCanvas.width($0, size: 12) }.max() ?? 0
    left = max(40, 20 + labels + 8)
    right = width - 24
    top = header + 30
    if chart.categories.isEmpty { layOutNumericX() }
    bottom = top + 240
    height = bottom + xLabelHeight + (Self.axisTitle(chart.x).isEmpty ? 12 : 30)
  }

  private mutating func layOutNumericX() {
    let all = chart.series.flatMap { $0.points.map(\.x) }
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    x = chart.x.logarithmic && low > 0 ? .logarithmic(low, high) : .linear(low, high, count: 8)
  }

  /// The smallest and largest value drawn; columns stand on zero.
  private func valueRange() -> (low: Double, high: Double) {
    var values = chart.series.flatMap { $0.points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] } }
    switch chart.kind {
    case .stackedColumns:
      values = stackTotals() + references.flatMap { $0.points.map(\.y) } + [0]
    case .waterfall: values = waterfallSteps().flatMap { [$0.from, $0.to] } + [0]
    case .columns: values.append(0)
    case .line, .scatter:
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      if !chart.y.logarithmic, low > 0, low < high * 0.75 { values.append(0) }
    case .tornado: break
    }
    if chart.y.logarithmic, values.contains(where: { $0 > 0 }) { values.removeAll { $0 <= 0 } }
    return (values.min() ?? 0, values.max() ?? 1)
  }

  private var slot: Double { (right - left) / Double(max(1, chart.categories.count)) }
  private var widestCategory: Double {
    chart.categories.map { SVGCanvas.width(SVGCanvas.fit($0, width: 150, size: 12), size: 12) }.max() ?? 0
  }
  /// Few long names are turned; many of them, and months and numbers, are thinned out.
  private var turnsLabels: Bool {
    let areNames = chart.categories.contains { !($0.first?.isNumber ?? true) }
    return areNames && widestCategory + 8 > slot && slot >= 16
  }
  private var xLabelHeight: Double { turnsLabels ? 14 + widestCategory * 0.64 + 8 : 24 }

  mutating func drawAxes() {
    for (value, label) in zip(y.values, y.labels) {
      canvas.line(left, py(value), right, py(value), "fp-g")
      canvas.text(label, left - 8, py(value) + 4, "fp-m", .end)
    }
    canvas.text(SVGCanvas.fit(Self.axisTitle(chart.y), width: width - 40, size: 12), 20, top - 14, "fp-m")
    let base = y.isLogarithmic || y.low > 0 || y.high < 0 ? bottom : py(0)
    canvas.line(left, base, right, base, "fp-a")
    if chart.categories.isEmpty { drawNumericX() } else { drawCategories() }
    let title = SVGCanvas.fit(Self.axisTitle(chart.x), width: right - left, size: 12)
    if !title.isEmpty { canvas.text(title, (left + right) / 2, height - 12, "fp-m", .middle) }
  }

  private mutating func drawNumericX() {
    var free = -Double.infinity
    for (value, label) in zip(x.values, x.labels) {
      let middle = px(value)
      canvas.line(middle, bottom, middle, bottom + 5, "fp-a")
      let half = SVGCanvas.width(label, size: 12) / 2
      guard middle - half > free else { continue }
      canvas.text(label, middle, bottom + 20, "fp-m", .middle)
      free = middle + half + 6
    }
  }

  private mutating func drawCategories() {
    let step = turnsLabels ? 1 : max(1, Int(((widestCategory + 10) / slot).rounded(.up)))
    for (i, name) in chart.categories.enumerated() where i % step == 0 {
      let text = SVGCanvas.fit(name, width: 150, size: 12)
      if turnsLabels {
        let text = SVGCanvas.fit(name, width: min(150, (px(Double(i)) - 10) / 0.77), size: 12)
        canvas.text(text, px(Double(i)) + 4, bottom + 14, "fp-m", .end, rotated: -40)
      } else {
        canvas.text(text, px(Double(i)), bottom + 20, "fp-m", .middle)
      }
    }
  }
}
