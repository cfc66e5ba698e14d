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
        "\($0.input.name) matters most: from \(StudyText.number($0.atLow)) to \(StudyText.number($0.atHigh)) \(unit)"
      } ?? "no input is uncertain")
  }

  /// The tornado's numbers.
  static func tornadoTable(id: String, title: String, unit: String, _ uncertainty: Uncertainty) -> Table {
    Table(
      id: id, title: title,
      columns: [
        Table.Column("Input"), Table.Column("Unit"), Table.Column("Low", format: .significant3),
        Table.Column("Base", format: .significant3), Table.Column("High", format: .significant3),
        Table.Column("Result at low", unit: unit, format: .significant3),
        Table.Column("Result at high", unit: unit, format: .significant3),
        Table.Column("Swing", unit: unit, format: .significant3),
      ],
      rows: uncertainty.drivers.map { driver in
        [
          .text(driver.input.name), .text(driver.input.unit), .number(driver.input.range.low),
          .number(driver.input.range.base), .number(driver.input.range.high), .number(driver.atLow),
          .number(driver.atHigh), .number(driver.swing),
        ]
      })
  }
}
