import FleetData
import Foundation
import Testing

@testable import Reporting

/// A study's live sheet: its formulas against its own values, and against a re-run after an edit.
@Suite(
  .enabled(if: LibreOffice.isInstalled, "LibreOffice is not installed: recalculation is not checked"),
  .serialized)
struct StudyWorkbookTests {
  /// Training cost, as a study writes it: chip-hours of 6ND at a price, grown over months.
  func model(price: Double = 2) -> LiveModel {
    func v(_ key: String) -> LiveExpression { .named(key) }
    return LiveModel(
      title: "Training",
      inputs: [
        .init("n", "Parameters", 7e10), .init("d", "Tokens", 1.4e12), .init("rate", "FLOP/s per chip", 4e14),
        .init("price", "Price", price), .init("growth", "Growth", 0.05), .init("months", "Months", 24),
      ],
      steps: [
        .init("hours", "Chip-hours", 6 * v("n") * v("d") / v("rate") / 3600),
        .init("cost", "Cost", v("hours") * v("price")),
        .init("factor", "Growth over the life", (.power(1 + v("growth"), v("months")) - 1) / v("growth")),
        .init("rest", "Less a tenth", v("cost") * v("factor") - 0.1 * (v("cost") * v("factor"))),
      ])
  }

  func book(_ model: LiveModel) -> Workbook {
    let table = Table(
      id: "t", title: "A table", columns: [.init("Name"), .init("Value", format: .significant3)],
      rows: [[.text("=1+1"), .number(3)], [.text("gone"), .absent(reason: "why")]])
    return StudyWorkbook.workbook(title: "A study", sentences: ["Yes."], live: model, tables: [table])
  }

  @Test("A study's live sheet recalculates to the study's numbers, and to a re-run's after an edit")
  func recalculation() throws {
    let stale = book(model()).stale
    let values = try LibreOffice.recalculate([
      ("stale", stale), ("edited", stale.setting("Live", "Price", 1, to: 3)),
    ])
    for (name, price) in [("stale", 2.0), ("edited", 3.0)] {
      let rows = try #require(values[name]?["Live"])
      let model = model(price: price)
      let expected = model.values()
      for step in model.steps {
        let shown = try #require(rows.first { $0.first == step.title })
        let value = try #require(Double(shown[1]))
        #expect(abs(value / expected[step.key]! - 1) < 1e-9, "\(name): \(step.title)")
      }
    }
  }

  @Test("A table's text that looks like a formula stays text, and what is absent says n/a")
  func text() throws {
    let values = try LibreOffice.recalculate([("book", book(model()))])
    let rows = try #require(values["book"]?["t"])
    #expect(rows.contains { $0.first == "=1+1" })
    #expect(rows.contains { $0.first == "gone" && $0[1] == "n/a" })
  }
}
