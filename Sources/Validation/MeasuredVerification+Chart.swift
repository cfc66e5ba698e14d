import FleetData

extension MeasuredVerification {
  /// Predicted against measured on logarithmic axes, one series per chip, with the line of equality.
  public var chart: Chart {
    let shown = predicted.filter { $0.measured > 0 && ($0.predicted ?? 0) > 0 }
    return scatter(
      id: "verification", title: "Predicted against measured",
      shown.map { ($0.chip, Chart.Point(x: $0.measured, y: $0.predicted ?? 0, label: $0.id)) })
  }
}

extension FitRecord {
  /// As the chart of a verification, each row as a fit that had not seen its run predicted it.
  public var chart: Chart {
    scatter(
      id: "verification-\(kind)", title: "Predicted, unseen, against measured: \(kind)",
      points.map { ($0.chip, Chart.Point(x: $0.measured, y: $0.predicted)) })
  }
}

private func scatter(id: String, title: String, _ points: [(chip: String, point: Chart.Point)]) -> Chart {
  var series = Set(points.map(\.chip)).sorted().map { chip in
    Chart.Series(chip, points.filter { $0.chip == chip }.map(\.point))
  }
  let values = points.map(\.point.x)
  if let low = values.min(), let high = values.max() {
    series.append(
      Chart.Series("equal", [Chart.Point(x: low, y: low), Chart.Point(x: high, y: high)], isReference: true))
  }
  let median = Int((100 * ErrorSummary(points.map { $0.point.y / $0.point.x }).median).rounded())
  return Chart(
    id: id, title: title, kind: .scatter,
    x: Chart.Axis("Measured", unit: "each row's own", logarithmic: true),
    y: Chart.Axis("Predicted", unit: "each row's own", logarithmic: true), series: series,
    altText: "\(points.count) measurements against their predictions; half lie within \(median) percent.")
}
