import Economics
import FleetData

/// Pictures that every study draws alike.
enum StudyCharts {
  /// What matters: one bar per uncertain input, longest first.
  static func tornado(id: String, title: String, unit: String, _ uncertainty: Uncertainty) -> Chart {
    let base = uncertainty.result.value
    return Chart(
      id: id, title: title, kind: .tornado, x: Chart.Axis(title, unit: unit), y: Chart.Axis("", unit: ""),
      categories: uncertainty.drivers.map { driver in
        let range = driver.input.range
        return "\(driver.input.name) \(StudyText.number(range.low))–\(StudyText.number(range.high))"
          + (driver.input.unit.isEmpty ? "" : " \(driver.input.unit)")
      },
      series: [
        Chart.Series(
          title,
          uncertainty.drivers.enumerated().map { i, driver in
            Chart.Point(x: Double(i), y: base, low: driver.atLow, high: driver.atHigh)
          })
      ],
      altText: uncertainty.drivers.first.map {
        "\($0.input.name) matters most: from \(StudyText.quantity($0.atLow, unit)) to "
          + StudyText.quantity($0.atHigh, unit)
      } ?? "no input is uncertain")
  }
}
