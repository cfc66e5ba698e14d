import FleetData

/// Lines, points and columns.
extension ChartDrawing {
  mutating func drawLines() {
    for (i, series) in coloured {
      let points = series.points
      canvas.path(points.map { (px($0.x), py($0.y)) }, "fp-l \(ChartStyle.series(i))")
      if points.count <= 40 {
        for point in points {
          drawErrorBar(point, at: px(point.x))
          canvas.circle(px(point.x), py(point.y), 3, ChartStyle.series(i), hint: hint(series, point))
        }
      }
    }
    drawReferences()
  }

  mutating func drawScatter() {
    drawReferences()
    var taken: [(x: Double, y: Double, width: Double)] = []
    for (i, series) in coloured {
      for point in series.points {
        let (x, y) = (px(point.x), py(point.y))
        drawErrorBar(point, at: x)
        canvas.circle(
          x, y, series.points.count > 200 ? 2 : 4, ChartStyle.series(i), hint: hint(series, point))
        if let label = point.label { drawLabel(label, x, y, &taken) }
      }
    }
  }

  /// A label beside its point, left out where it would lie on another.
  private mutating func drawLabel(
    _ label: String, _ x: Double, _ y: Double, _ taken: inout [(x: Double, y: Double, width: Double)]
  ) {
    let text = SVGCanvas.fit(label, width: 130, size: 12)
    let size = SVGCanvas.width(text, size: 12)
    for (start, middle) in [
      (x + 7, y + 4), (x - 7 - size, y + 4), (x - size / 2, y - 9), (x - size / 2, y + 17),
    ] {
      guard start > left, start + size < right, middle > top, middle < bottom else { continue }
      let isFree = taken.allSatisfy {
        abs($0.y - middle) > 13 || start > $0.x + $0.width + 4 || start + size + 4 < $0.x
      }
      guard isFree else { continue }
      canvas.text(text, start, middle)
      taken.append((start, middle, size))
      return
    }
  }

  mutating func drawColumns() {
    let count = Double(max(1, coloured.count))
    let slot = (right - left) / Double(max(1, chart.categories.count))
    let bar = min(44, slot * 0.76 / count)
    for (i, series) in coloured {
      for point in series.points {
        let start = px(point.x) - bar * count / 2 + Double(i) * bar
        drawBar(
          start, bar, from: y.isLogarithmic ? y.low : 0, to: point.y, ChartStyle.series(i),
          hint(series, point))
        drawErrorBar(point, at: start + bar / 2)
      }
    }
    drawReferences()
  }

  mutating func drawStacks() {
    let slot = (right - left) / Double(max(1, chart.categories.count))
    let bar = min(56, slot * 0.72)
    var above = [Double](repeating: 0, count: chart.categories.count)
    var below = above
    for (i, series) in coloured {
      for point in series.points {
        let place = Int(point.x)
        guard above.indices.contains(place), point.y != 0 else { continue }
        let from = point.y > 0 ? above[place] : below[place]
        drawBar(
          px(point.x) - bar / 2, bar, from: from, to: from + point.y, ChartStyle.series(i),
          hint(series, point))
        if point.y > 0 { above[place] += point.y } else { below[place] += point.y }
      }
    }
    drawReferences()
  }

  /// The tops and feet of all stacks.
  func stackTotals() -> [Double] {
    var above = [Double](repeating: 0, count: chart.categories.count)
    var below = above
    for (_, series) in coloured {
      for point in series.points where above.indices.contains(Int(point.x)) {
        if point.y > 0 { above[Int(point.x)] += point.y } else { below[Int(point.x)] += point.y }
      }
    }
    return above + below
  }

  private mutating func drawBar(
    _ start: Double, _ width: Double, from: Double, to: Double, _ style: String, _ hint: String
  ) {
    let (a, b) = (py(from), py(to))
    canvas.rect(start, min(a, b), width, max(0.5, abs(a - b)), style, hint: hint)
  }

  private mutating func drawErrorBar(_ point: Chart.Point, at x: Double) {
    guard let low = point.low, let high = point.high, high > low else { return }
    canvas.line(x, py(low), x, py(high), "fp-e")
    canvas.line(x - 4, py(low), x + 4, py(low), "fp-e")
    canvas.line(x - 4, py(high), x + 4, py(high), "fp-e")
  }

  /// A single value crosses the whole plot; several follow their points, as steps over categories.
  private mutating func drawReferences() {
    for series in references {
      if let only = series.points.first, series.points.count == 1 {
        canvas.line(left, py(only.y), right, py(only.y), "fp-r")
      } else if chart.categories.isEmpty || chart.kind == .line {
        canvas.path(series.points.map { (px($0.x), py($0.y)) }, "fp-r")
      } else {
        let half = (right - left) / Double(chart.categories.count) / 2
        canvas.path(
          series.points.flatMap { [(px($0.x) - half, py($0.y)), (px($0.x) + half, py($0.y))] }, "fp-r")
      }
    }
  }

  func hint(_ series: Chart.Series, _ point: Chart.Point) -> String {
    let place = chart.categories.isEmpty ? Ticks.short(point.x) + " " + chart.x.unit : category(point.x)
    let value = Ticks.short(point.y) + (chart.y.unit.isEmpty ? "" : " " + chart.y.unit)
    return SafeText.line([point.label ?? series.name, place, value].joined(separator: ", "))
  }

  func category(_ x: Double) -> String {
    chart.categories.indices.contains(Int(x)) ? chart.categories[Int(x)] : Ticks.short(x)
  }
}

/// Waterfalls and tornadoes.
extension ChartDrawing {
  struct Step: Equatable {
    var from: Double
    var to: Double
    var isTotal: Bool
  }

  /// First and last points are totals; each point between is a signed change from the running total.
  func waterfallSteps() -> [Step] {
    guard let points = chart.series.first?.points else { return [] }
    var running = 0.0
    return points.enumerated().map { i, point in
      if i == 0 || i == points.count - 1 {
        running = point.y
        return Step(from: 0, to: point.y, isTotal: true)
      }
      defer { running += point.y }
      return Step(from: running, to: running + point.y, isTotal: false)
    }
  }

  mutating func drawWaterfall() {
    let steps = waterfallSteps()
    guard let series = chart.series.first else { return }
    let slot = (right - left) / Double(max(1, steps.count))
    let bar = min(64, slot * 0.66)
    for (i, step) in steps.enumerated() {
      let middle = px(Double(i))
      let style = step.isTotal ? "fp-total" : step.to >= step.from ? "fp-up" : "fp-down"
      drawBar(middle - bar / 2, bar, from: step.from, to: step.to, style, hint(series, series.points[i]))
      if i + 1 < steps.count {
        canvas.line(middle + bar / 2, py(step.to), px(Double(i + 1)) - bar / 2, py(step.to), "fp-a")
      }
      let change = step.to - step.from
      let text = (step.isTotal || change <= 0 ? "" : "+") + Ticks.short(change)
      if SVGCanvas.width(text, size: 12) < slot {
        canvas.text(text, middle, min(py(step.from), py(step.to)) - 5, "fp-t", .middle)
      }
    }
  }

  mutating func layOutTornado(below header: Double) {
    guard let points = chart.series.first?.points else { return }
    let values = points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    x = .linear(values.min() ?? 0, values.max() ?? 1, count: 5)
    left =
      36
      + (chart.categories.map { SVGCanvas.width(SVGCanvas.fit($0, width: 270, size: 12), size: 12) }.max()
        ?? 0)
    right = width - 40
    top = header + 22
    bottom = top + Double(points.count) * 30
    height = bottom + 54
  }

  private func tornadoX(_ value: Double) -> Double { left + x.position(value) * (right - left) }

  mutating func drawTornado() {
    guard let points = chart.series.first?.points, let base = points.first?.y else { return }
    for (value, label) in zip(x.values, x.labels) {
      canvas.line(tornadoX(value), top, tornadoX(value), bottom, "fp-g")
      canvas.text(label, tornadoX(value), bottom + 18, "fp-m", .middle)
    }
    drawTornadoKey()
    for (i, point) in points.enumerated() {
      let row = top + Double(i) * 30
      canvas.text(SVGCanvas.fit(category(Double(i)), width: 270, size: 12), left - 12, row + 19, "fp-t", .end)
      for (end, style, name) in [(point.low ?? base, "fp-s5", "low"), (point.high ?? base, "fp-s4", "high")] {
        let (a, b) = (tornadoX(base), tornadoX(end))
        canvas.rect(
          min(a, b), row + 5, max(0.5, abs(a - b)), 20, style,
          hint: "\(category(Double(i))) at its \(name): \(Ticks.short(end)) \(chart.x.unit)")
      }
    }
    canvas.line(tornadoX(base), top, tornadoX(base), bottom, "fp-a")
    canvas.text(Self.axisTitle(chart.x), (left + right) / 2, height - 12, "fp-m", .middle)
  }

  private mutating func drawTornadoKey() {
    canvas.rect(left, top - 20, 12, 12, "fp-s5")
    canvas.text("driver at its low", left + 18, top - 10, "fp-m")
    canvas.rect(left + 140, top - 20, 12, 12, "fp-s4")
    canvas.text("driver at its high", left + 158, top - 10, "fp-m")
  }
}
