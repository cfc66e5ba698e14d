import FleetData

extension MeasuredVerification {
  /// Predicted against measured on logarithmic axes, one series per chip, with the line of equality.
  public var chart: Chart {
    let shown = predicted.filter { $0.measured > 0 && ($0.predicted ?? 0) > 0 }
    let chips = Set(shown.map(\.chip)).sorted()
    var series = chips.map { chip in
      Chart.Series(
        chip,
        shown.filter { $0.chip == chip }.map {
          Chart.Point(x: $0.measured, y: $0.predicted ?? 0, label: $0.id)
        })
    }
    let values = shown.map(\.measured)
    if let low = values.min(), let high = values.max() {
      series.append(
        Chart.Series(
          "equal", [Chart.Point(x: low, y: low), Chart.Point(x: high, y: high)], isReference: true))
    }
    let errors = ErrorSummary(shown.compactMap(\.ratio))
    let median = Int((errors.median * 100).rounded())
    return Chart(
      id: "verification", title: "Predicted against measured", kind: .scatter,
      x: Chart.Axis("Measured", unit: "each row's own", logarithmic: true),
      y: Chart.Axis("Predicted", unit: "each row's own", logarithmic: true), series: series,
      altText: "\(shown.count) measurements against their predictions; half lie within \(median) percent.")
  }
}
