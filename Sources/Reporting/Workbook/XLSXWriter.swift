import CXLSXWriter
import FleetData
import Foundation

/// Writes a workbook of values to a file through libxlsxwriter.
///
/// Rows are written in order on every sheet, so that large workbooks can be streamed (`constant_memory`); every
/// formula carries its value; every return code is checked; numbers are finite; the creation date is fixed.
struct XLSXWriter {
  private let book: UnsafeMutablePointer<lxw_workbook>
  private let model: Workbook
  private var styles: XLSXStyles
  private let number: NumberText
  /// Widths of the columns of the sheet that is being written, in characters.
  private var widths: [Double] = []
  /// C strings that the library keeps pointers to until the file is closed.
  private var kept: [UnsafeMutablePointer<CChar>] = []

  /// - Throws: `WorkbookError` when a number is not finite, a cell is refused or the file cannot be written.
  static func write(_ model: Workbook, to path: String) throws(WorkbookError) {
    try checkFinite(model)
    let cells = model.sheets.reduce(0) { $0 + $1.rows.count * $1.columns.count }
    var options = lxw_workbook_options()
    options.constant_memory = cells > 250_000 ? 1 : 0
    guard let book = workbook_new_opt(path, &options) else {
      throw .library(code: -1, doing: "opening the workbook")
    }
    var writer = XLSXWriter(book, model)
    var failure: WorkbookError?
    do { try writer.writeAll() } catch { failure = error }
    let closed = workbook_close(book)
    for text in writer.kept { text.deallocate() }
    if let failure { throw failure }
    try check(closed, "writing the file")
    guard endsAsZip(path) else { throw .library(code: -2, doing: "writing the end of the file") }
  }

  /// A zip ends with its directory's record; the library does not notice when the last bytes found no room.
  private static func endsAsZip(_ path: String) -> Bool {
    guard let file = fopen(path, "rb") else { return false }
    defer { fclose(file) }
    var end = [UInt8](repeating: 0, count: 22)
    guard fseek(file, -22, SEEK_END) == 0, fread(&end, 1, 22, file) == 22 else { return false }
    return end.starts(with: [0x50, 0x4B, 0x05, 0x06])
  }

  private init(_ book: UnsafeMutablePointer<lxw_workbook>, _ model: Workbook) {
    self.book = book
    self.model = model
    styles = XLSXStyles(book, currency: model.currency)
    number = NumberText(currency: model.currency)
  }

  private static func check(_ code: lxw_error, _ doing: @autoclosure () -> String) throws(WorkbookError) {
    guard code == LXW_NO_ERROR else { throw .library(code: Int(code.rawValue), doing: doing()) }
  }

  private static func checkFinite(_ model: Workbook) throws(WorkbookError) {
    for sheet in model.sheets {
      for (r, row) in sheet.rows.enumerated() {
        for (c, cell) in row.enumerated() {
          switch cell.content {
          case .number(let x) where !x.isFinite: throw .notFinite(cell: sheet.reference(r, c))
          case .live(let live) where !live.value.isFinite: throw .notFinite(cell: sheet.reference(r, c))
          default: break
          }
        }
      }
    }
  }

  private mutating func keep(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = Array(text.utf8CString)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    copy.initialize(from: bytes, count: bytes.count)
    kept.append(copy)
    return copy
  }

  private mutating func writeAll() throws(WorkbookError) {
    setProperties()
    var pages: [UnsafeMutablePointer<lxw_worksheet>] = []
    for sheet in model.sheets {
      guard let page = workbook_add_worksheet(book, sheet.name) else {
        throw .library(code: -1, doing: "adding the sheet \(sheet.name)")
      }
      pages.append(page)
    }
    for (sheet, page) in zip(model.sheets, pages) {
      setUp(page, sheet)
      try write(sheet, page)
    }
    for (sheet, page) in zip(model.sheets, pages) {
      for chart in sheet.charts { try insert(chart, on: sheet, page) }
    }
    for name in model.names {
      try Self.check(workbook_define_name(book, name.name, "=" + name.reference), "naming")
    }
    worksheet_activate(pages[0])
  }

  private mutating func setProperties() {
    var properties = lxw_doc_properties()
    properties.title = keep(XLSXText.safe(SafeText.line(model.title)))
    properties.subject = keep(XLSXText.safe(SafeText.line(model.subject)))
    properties.author = keep("fleetplan")
    properties.created = 946_684_800
    workbook_set_properties(book, &properties)
  }

  /// Panes, widths and print set-up.
  private mutating func setUp(_ page: UnsafeMutablePointer<lxw_worksheet>, _ sheet: Sheet) {
    widths = sheet.columns.enumerated().map { width(of: $0.offset, $0.element, in: sheet) }
    for (i, width) in widths.enumerated() { worksheet_set_column(page, UInt16(i), UInt16(i), width, nil) }
    worksheet_freeze_panes(page, UInt32(Sheet.firstRow), UInt16(sheet.frozenColumns))
    worksheet_set_landscape(page)
    worksheet_set_paper(page, 9)
    worksheet_fit_to_pages(page, 1, sheet.isOnePage ? 1 : 0)
    worksheet_repeat_rows(page, UInt32(Sheet.headerRow), UInt32(Sheet.kindRow))
    worksheet_set_footer(page, "&L&F&C&A&R&P of &N")
    worksheet_gridlines(page, 0)
    if sheet.hasFilter, !sheet.rows.isEmpty {
      let last = Sheet.kindRow + sheet.rows.count
      worksheet_autofilter(page, UInt32(Sheet.kindRow), 0, UInt32(last), UInt16(sheet.columns.count - 1))
    }
  }

  /// Wide enough for the longest value of the first rows and for the header's words; at most 60.
  private func width(of index: Int, _ column: SheetColumn, in sheet: Sheet) -> Double {
    var longest = column.header.split(separator: " ").map(\.count).max() ?? 0
    longest = max(longest, min(column.header.count / 2 + 3, 18)) + 2
    for row in sheet.rows.prefix(2_000) {
      let cell = row[index]
      let format = cell.format ?? column.format
      switch cell.content {
      case .text(let text): longest = max(longest, min(60, SafeText.line(text, limit: 80).count) + 1)
      case .number(let x): longest = max(longest, shown(x, format) + 3)
      case .live(let live): longest = max(longest, shown(live.value, format) + 4)
      case .liveText(let words): longest = max(longest, words.value.count + 2)
      case .jump(let name): longest = max(longest, name.count + 2)
      case .empty: break
      }
    }
    return Double(min(60, longest))
  }

  /// Characters of a number in a cell: reports shorten millions to an exponent, cells show every digit.
  private func shown(_ x: Double, _ format: NumberFormat) -> Int {
    let text = number.text(x, format).count
    guard format == .significant3, x.isFinite, abs(x) >= 1e6 else { return text }
    let digits = Int(log10(abs(x))) + 1
    return max(text, digits + (digits - 1) / 3)
  }

  private mutating func write(_ sheet: Sheet, _ page: UnsafeMutablePointer<lxw_worksheet>)
    throws(WorkbookError)
  {
    try Self.check(
      worksheet_write_string(page, 0, 0, XLSXText.safe(sheet.title), styles.format(.title)), "a title")
    try writeNote(sheet, page)
    // A streamed sheet takes its rows in order, their heights included.
    try Self.check(worksheet_set_row(page, UInt32(Sheet.headerRow), 32, nil), "a height")
    for (c, column) in sheet.columns.enumerated() where !column.header.isEmpty {
      let header = XLSXText.safe(column.header)
      try Self.check(
        worksheet_write_string(
          page, UInt32(Sheet.headerRow), UInt16(c), header,
          styles.format(column.format == .text ? .header : .numberHeader)),
        "a header")
    }
    if sheet.showsKinds {
      for (c, column) in sheet.columns.enumerated() {
        try Self.check(
          worksheet_write_string(
            page, UInt32(Sheet.kindRow), UInt16(c), column.kind.rawValue, styles.format(.kindLetter)),
          "a kind")
      }
    }
    for (r, row) in sheet.rows.enumerated() {
      let lines = self.lines(row, sheet)
      if lines > 1 {
        try Self.check(worksheet_set_row(page, UInt32(Sheet.firstRow + r), 14 * lines, nil), "a height")
      }
      for (c, cell) in row.enumerated() {
        try write(cell, sheet, page, row: UInt32(Sheet.firstRow + r), column: UInt16(c))
      }
    }
    markAlarms(sheet, page)
  }

  /// Over the columns of the sheet, in as many lines as it needs, so that a long sentence does not widen the page.
  private mutating func writeNote(_ sheet: Sheet, _ page: UnsafeMutablePointer<lxw_worksheet>)
    throws(WorkbookError)
  {
    let (note, style) = (XLSXText.safe(sheet.note), styles.format(.note))
    let width = widths.reduce(0, +)
    guard sheet.columns.count > 1, width > 40 else {
      return try Self.check(worksheet_write_string(page, 1, 0, note, style), "a note")
    }
    let lines = max(1, (Double(note.count) / width).rounded(.up))
    try Self.check(worksheet_set_row(page, 1, 15 * lines, nil), "a height")
    try Self.check(
      worksheet_merge_range(page, 1, 0, 1, UInt16(sheet.columns.count - 1), note, style), "a note")
  }

  private mutating func write(
    _ cell: SheetCell, _ sheet: Sheet, _ page: UnsafeMutablePointer<lxw_worksheet>, row: UInt32,
    column: UInt16
  ) throws(WorkbookError) {
    let about = sheet.columns[Int(column)]
    let style = styles.format(.data(cell.kind ?? about.kind, cell.format ?? about.format))
    let code: lxw_error
    switch cell.content {
    case .empty: return
    case .text(let text):
      let wrapped = Self.isWrapped(text, cell.kind ?? about.kind)
      code = worksheet_write_string(
        page, row, column, XLSXText.safe(text), wrapped ? styles.format(.wrapped) : style)
    case .number(let x): code = worksheet_write_number(page, row, column, x, style)
    case .live(let live):
      code = worksheet_write_formula_num(
        page, row, column, Self.local(live.formula, sheet), style, live.value)
    case .liveText(let words):
      code = worksheet_write_formula_str(
        page, row, column, Self.local(words.formula, sheet), style, XLSXText.safe(words.value))
    case .jump(let name):
      code = worksheet_write_url_opt(
        page, row, column, "internal:'\(name)'!A1", styles.format(.jump), name, "Go to \(name)")
    }
    try Self.check(code, "writing \(sheet.reference(Int(row) - Sheet.firstRow, Int(column)))")
  }

  /// A long note is wrapped in its cell.
  private static func isWrapped(_ text: String, _ kind: CellKind) -> Bool {
    kind == .label && text.utf8.count > 58
  }

  /// Lines that a row needs, at most ten: readers other than Excel do not find out themselves.
  private func lines(_ row: [SheetCell], _ sheet: Sheet) -> Double {
    var lines = 1.0
    for (c, cell) in row.enumerated() {
      guard case .text(let text) = cell.content, Self.isWrapped(text, cell.kind ?? sheet.columns[c].kind)
      else {
        continue
      }
      lines = max(lines, (Double(text.count) / max(10, widths[c] - 4)).rounded(.up))
    }
    return min(lines, 10)
  }

  /// References to the sheet itself are written without its name.
  static func local(_ formula: String, _ sheet: Sheet) -> String {
    let (text, name) = (Array(formula.utf8), Array((sheet.name + "!").utf8))
    var out = [UInt8(ascii: "=")]
    out.reserveCapacity(text.count + 1)
    var i = 0
    while i < text.count {
      let startsWord = i == 0 || !isWord(text[i - 1])
      if startsWord, text[i] == name[0], text[i...].starts(with: name) {
        i += name.count
      } else {
        out.append(text[i])
        i += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (byte >= 48 && byte <= 57) || (byte | 32 >= 97 && byte | 32 <= 122) || byte == UInt8(ascii: "_")
  }

  private mutating func markAlarms(_ sheet: Sheet, _ page: UnsafeMutablePointer<lxw_worksheet>) {
    guard !sheet.rows.isEmpty else { return }
    for column in sheet.alarmColumns {
      var rule = lxw_conditional_format()
      rule.type = UInt8(LXW_CONDITIONAL_TYPE_CELL.rawValue)
      rule.criteria = UInt8(LXW_CONDITIONAL_CRITERIA_GREATER_THAN.rawValue)
      rule.value = 0
      rule.format = styles.format(.bad)
      worksheet_conditional_format_range(
        page, UInt32(Sheet.firstRow), UInt16(column), UInt32(Sheet.firstRow + sheet.rows.count - 1),
        UInt16(column),
        &rule)
    }
  }

  private mutating func insert(
    _ chart: SheetChart, on sheet: Sheet, _ page: UnsafeMutablePointer<lxw_worksheet>
  ) throws(WorkbookError) {
    guard let source = model.sheets.first(where: { $0.name == chart.source }), !chart.rows.isEmpty else {
      return
    }
    let made = XLSXChart.make(chart, source, in: book, currency: model.currency)
    var options = lxw_chart_options()
    options.x_scale = 1.35
    options.x_offset = Int32(670 * chart.side)
    options.y_scale = 1.2
    options.description = keep(SafeText.line(chart.altText))
    try Self.check(
      worksheet_insert_chart_opt(
        page, UInt32(Sheet.firstRow + chart.row), 0, made, &options),
      "placing a chart")
  }
}
