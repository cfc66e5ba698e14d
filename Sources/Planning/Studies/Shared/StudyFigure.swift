import Economics
import FleetData

/// A figure of a study with the interval that the ranges of its inputs leave it, and what moves it.
struct StudyFigure: Sendable {
  /// The finding's id.
  var id: String
  /// `cost of the whole life`.
  var name: String
  var unit: String
  var uncertainty: Uncertainty

  init(_ id: String, _ name: String, unit: String, _ uncertainty: Uncertainty) {
    self.id = id
    self.name = name
    self.unit = unit
    self.uncertainty = uncertainty
  }

  var result: Interval { uncertainty.result }
  var finding: StudyResult.Finding {
    .init(id, result.value, unit, low: result.low, high: result.high)
  }
}

extension [StudyFigure] {
  /// Every figure with its 95 % interval and the input that moves it most.
  func intervalTable(id: String) -> Table {
    Table(
      id: id, title: "How well the answer is known",
      columns: [
        Table.Column("Figure"), Table.Column("Value", format: .significant3),
        Table.Column("95 % from", format: .significant3), Table.Column("95 % to", format: .significant3),
        Table.Column("Unit"), Table.Column("Moved most by"),
      ],
      rows: map { figure in
        let most = figure.uncertainty.drivers.first
        return [
          .text(figure.name), .number(figure.result.value, grade: .derived), .number(figure.result.low),
          .number(figure.result.high), .text(figure.unit),
          most.map { .text($0.input.name) } ?? .absent(reason: "none of its inputs is a range"),
        ]
      },
      note:
        "2,000 seeded samples of every range at once, each a triangle that peaks at its base. What was decided at "
        + "the base stays decided.")
  }

  /// What each figure becomes at the ends of each range that moves it: the numbers of the tornado.
  func driverTable(id: String) -> Table {
    Table(
      id: id, title: "What the answer depends on",
      columns: [
        Table.Column("Figure"), Table.Column("Input"), Table.Column("Low", format: .significant3),
        Table.Column("Base", format: .significant3), Table.Column("High", format: .significant3),
        Table.Column("Figure at low", format: .significant3),
        Table.Column("Figure at high", format: .significant3), Table.Column("Swing", format: .significant3),
      ],
      rows: flatMap { figure in
        figure.uncertainty.drivers.map { driver -> [Cell] in
          let range = driver.input.range
          return [
            .text(withUnit(figure.name, figure.unit)), .text(withUnit(driver.input.name, driver.input.unit)),
            .number(range.low), .number(range.base), .number(range.high), .number(driver.atLow),
            .number(driver.atHigh), .number(driver.swing),
          ]
        }
      }, note: "One input at a time from its low to its high, all others at their base.")
  }

  private func withUnit(_ name: String, _ unit: String) -> String { unit.isEmpty ? name : "\(name), \(unit)" }

  var findings: [StudyResult.Finding] { map(\.finding) }

  /// Both tables.
  func certainty(_ study: String) -> [Table] {
    [intervalTable(id: "\(study)-intervals"), driverTable(id: "\(study)-drivers")]
  }
}
