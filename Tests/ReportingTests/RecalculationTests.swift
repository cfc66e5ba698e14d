import FleetData
import Foundation
import Testing

@testable import Reporting

/// The workbook's formulas, computed by LibreOffice, against the planner's own numbers.
@Suite(
  .enabled(if: LibreOffice.isInstalled, "LibreOffice is not installed: recalculation is not checked"),
  .serialized)
struct RecalculationTests {
  @Test("Recalculated from stale caches the workbook gives the planner's numbers, and edits give a re-run's")
  func recalculation() throws {
    let plan = try PlanFile.canonical(SamplePlan().make())
    let book = CapacityWorkbook.workbook(plan)
    let edits: [(name: String, edited: SamplePlan, sheet: String, key: String, column: Int, value: Double)] =
      [
        (
          "price", SamplePlan(prices: ["us-east-v5e": 1.75, "eu-west-v6e": 2.97]), "Prices", "us-east-v5e", 4,
          1.75
        ),
        ("growth", SamplePlan(chatGrowth: 0.02), "Inputs", "growth of chat", 1, 0.02),
        ("cap", SamplePlan(maxUtilization: 0.65), "Inputs", "in_max_utilization", 1, 0.65),
      ]
    var books = [(name: "stale", book: book.stale)]
    for edit in edits {
      books.append((edit.name, book.stale.setting(edit.sheet, edit.key, edit.column, to: edit.value)))
    }
    let values = try LibreOffice.recalculate(books)
    expectEqual(values["stale"]!, book, sheets: book.sheets.map(\.name))
    for edit in edits {
      let rerun = CapacityWorkbook.workbook(try PlanFile.canonical(edit.edited.make()))
      let recalculated = values[edit.name]!
      expectColumns(recalculated, rerun, "Forecast", [2, 3, 4, 5, 6, 7, 8, 9, 11, 13])
      expectColumns(recalculated, rerun, "Inventory", [5, 7, 8])
      expectColumns(recalculated, rerun, "Power", [4, 6, 8])
      let state = recalculated["Summary"]!.first { $0.first == "State of the workbook" }![1]
      #expect(state.hasPrefix("RE-RUN NEEDED") == (edit.name != "price"))
      #expect(recalculated["Checks"]!.last { $0.first == "Errors in all" }![5] == "0")
    }
  }

  @Test("Every check of the workbook notices its own seeded corruption, and the total counts it")
  func seededCorruption() throws {
    let plan = try PlanFile.canonical(SamplePlan(months: 2).make())
    let book = CapacityWorkbook.workbook(plan)
    let corruptions: [(check: String, book: Workbook)] = [
      ("Cost over the horizon", book.corrupting("Costs", 0, 5)),
      ("Cost lines of the run sum to its totals", book.corrupting("Costs", 0, 12)),
      ("Replicas", book.corrupting("Capacity", 0, 12)), ("Chips used", book.corrupting("Inventory", 0, 3)),
      ("Chips installed", book.corrupting("Inventory", 0, 2)),
      ("Requests per second", book.corrupting("Demand", 0, 3)),
      ("Facility power, kW", book.corrupting("Power", 0, 2)),
      ("Used + stranded + free = installed", book.replacing("Inventory", 0, 7, with: .number(9999))),
      ("Categories sum to the total", book.replacing("Forecast", 0, 6, with: .number(1))),
    ]
    let names = try #require(book.sheets.first { $0.name == "Checks" }).rows.dropLast().map { row in
      if case .text(let name) = row[0].content { name } else { "" }
    }
    #expect(Set(names) == Set(corruptions.map(\.check) + ["The planner's own laws that broke"]))
    let books = corruptions.enumerated().map { i, one in (name: "corrupt\(i)", book: one.book.stale) }
    let values = try LibreOffice.recalculate(books)
    for (i, one) in corruptions.enumerated() {
      let checks = values["corrupt\(i)"]!["Checks"]!
      #expect(checks.first { $0.first == one.check }![5] == "1", "\(one.check)")
      #expect(Double(checks.last { $0.first == "Errors in all" }![5])! >= 1)
    }
    var broken = plan
    broken.checks = [.init(name: "law", passed: false, detail: "")]
    let told = CapacityWorkbook.workbook(broken).sheets.first { $0.name == "Checks" }!.rows
    guard case .live(let total) = told.last![5].content else { return }
    #expect(total.value == 1, "a law of the planner's own that broke is an error of the workbook")
  }

  func expectEqual(_ values: [String: [[String]]], _ book: Workbook, sheets: [String]) {
    for sheet in book.sheets where sheets.contains(sheet.name) {
      let rows = values[sheet.name]!
      for (r, row) in sheet.rows.enumerated() {
        for (c, cell) in row.enumerated() {
          let shown = text(rows, Sheet.firstRow + r, c)
          switch cell.content {
          case .live(let live): expectNear(shown, live.value, "\(sheet.reference(r, c)): =\(live.formula)")
          case .liveText(let words):
            #expect(shown == words.value, "\(sheet.reference(r, c)): =\(words.formula)")
          default: break
          }
        }
      }
    }
  }

  private func expectColumns(
    _ values: [String: [[String]]], _ book: Workbook, _ name: String, _ columns: [Int]
  ) {
    let sheet = book.sheets.first { $0.name == name }!
    for (r, row) in sheet.rows.enumerated() {
      for c in columns {
        guard case .live(let live) = row[c].content else { continue }
        expectNear(
          text(values[name]!, Sheet.firstRow + r, c), live.value, "\(sheet.reference(r, c)) after the edit")
      }
    }
  }

  private func text(_ rows: [[String]], _ r: Int, _ c: Int) -> String {
    r < rows.count && c < rows[r].count ? rows[r][c] : ""
  }

  /// Relative 1e-9: the caches carry sixteen digits, the plan twelve.
  private func expectNear(_ shown: String, _ expected: Double, _ what: String) {
    let isPercent = shown.hasSuffix("%")
    guard let value = Double(isPercent ? String(shown.dropLast()) : shown).map({ isPercent ? $0 / 100 : $0 })
    else {
      Issue.record("\(what) shows '\(shown)', expected \(expected)")
      return
    }
    #expect(
      abs(value - expected) <= 1e-9 * max(abs(value), abs(expected)) + 1e-9,
      "\(what): \(value), expected \(expected)")
  }
}

extension Workbook {
  /// The same workbook with every cached value deliberately wrong, so that only recalculation can be right.
  var stale: Workbook {
    var copy = self
    copy.sheets = sheets.map { sheet in
      var sheet = sheet
      sheet.rows = sheet.rows.map { row in
        row.map { cell in
          var cell = cell
          if case .live(let live) = cell.content { cell.content = .live(.closed(live.formula, -1)) }
          if case .liveText(let words) = cell.content {
            cell.content = .liveText(.init(value: "stale", formula: words.formula))
          }
          return cell
        }
      }
      return sheet
    }
    return copy
  }

  /// The workbook after a user typed a number into the row whose first cell is `key`.
  func setting(_ sheet: String, _ key: String, _ column: Int, to value: Double) -> Workbook {
    var copy = self
    let s = copy.sheets.firstIndex { $0.name == sheet }!
    let r = copy.sheets[s].rows.firstIndex { row in
      if case .text(key) = row[0].content { true } else { false }
    }!
    copy.sheets[s].rows[r][column].content = .number(value)
    return copy
  }

  /// The workbook with one cell overwritten.
  func replacing(_ sheet: String, _ row: Int, _ column: Int, with content: SheetCell.Content) -> Workbook {
    var copy = self
    let s = copy.sheets.firstIndex { $0.name == sheet }!
    copy.sheets[s].rows[row][column].content = content
    return copy
  }

  func corrupting(_ sheet: String, _ row: Int, _ column: Int) -> Workbook {
    var copy = self
    let s = copy.sheets.firstIndex { $0.name == sheet }!
    guard case .number(let x) = copy.sheets[s].rows[row][column].content else { return copy }
    copy.sheets[s].rows[row][column].content = .number(x + 3)
    return copy
  }
}
