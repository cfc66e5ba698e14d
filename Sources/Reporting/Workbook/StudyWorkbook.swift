import FleetData

/// A study as a workbook: its answer, the closed part of its calculation as live formulas, its tables.
public enum StudyWorkbook {
  /// Writes the workbook to `path`.
  ///
  /// - Throws: `WorkbookError` when a number is not finite or the file cannot be written.
  public static func write(
    title: String, sentences: [String], live: LiveModel?, tables: [Table], to path: String
  ) throws(WorkbookError) {
    try XLSXWriter.write(workbook(title: title, sentences: sentences, live: live, tables: tables), to: path)
  }

  static func workbook(title: String, sentences: [String], live: LiveModel?, tables: [Table]) -> Workbook {
    var book = Workbook(title: title, subject: "a study", currency: "USD")
    book.sheets = [answerSheet(title, sentences)]
    if let live { book.sheets.append(liveSheet(live)) }
    // A sheet's name may have 31 characters.
    for table in tables { book.sheets.append(.values(String(table.id.prefix(31)), table, note: "")) }
    return book
  }

  private static func answerSheet(_ title: String, _ sentences: [String]) -> Sheet {
    var sheet = Sheet(
      "Answer", title: title, note: "The sheet Live recalculates; tables are results of the run.",
      columns: [.init("Answer")])
    for sentence in sentences {
      for line in lines(of: sentence, upTo: 78) { sheet.append([.text(line)]) }
      sheet.append([.text("")])
    }
    sheet.hasFilter = false
    return sheet
  }

  /// A sentence broken at spaces, so that the sheet reads and prints without scrolling.
  static func lines(of sentence: String, upTo width: Int) -> [String] {
    sentence.split(separator: " ").reduce(into: [String]()) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
  }

  /// Inputs first, then every step as a formula over the cells above it.
  private static func liveSheet(_ model: LiveModel) -> Sheet {
    var sheet = Sheet(
      "Live", title: model.title, note: "Change an input, marked I, and every result below follows.",
      columns: [.init("Figure"), .init("Value", .calculation, .significant3), .init("Unit")])
    var cells: [String: Live] = [:]
    for input in model.inputs {
      cells[input.key] = sheet.live(sheet.rows.count, 1, input.value)
      sheet.append([.text(input.title), .number(input.value, .input, input.format), .text(input.unit)])
    }
    for step in model.steps {
      let formula = live(step.expression, cells)
      cells[step.key] = sheet.live(sheet.rows.count, 1, formula.value)
      sheet.append([.text(step.title), .live(formula, .calculation, step.format), .text(step.unit)])
    }
    sheet.hasFilter = false
    return sheet
  }

  private static func live(_ expression: LiveExpression, _ cells: [String: Live]) -> Live {
    switch expression {
    case .named(let key):
      guard let cell = cells[key] else { preconditionFailure("no earlier cell is called \(key)") }
      return cell
    case .number(let x): return .literal(x)
    case .sum(let a, let b): return live(a, cells) + live(b, cells)
    case .difference(let a, let b): return live(a, cells) - live(b, cells)
    case .product(let a, let b): return live(a, cells) * live(b, cells)
    case .quotient(let a, let b): return live(a, cells) / live(b, cells)
    case .power(let a, let b): return Live.power(live(a, cells), live(b, cells))
    }
  }
}
