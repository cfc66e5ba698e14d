import CXLSXWriter
import FleetData

/// The formats of one workbook, each made once.
struct XLSXStyles {
  enum Role: Hashable {
    case data(CellKind, NumberFormat)
    case title, note, header, numberHeader, kindLetter, good, bad, jump, wrapped
  }
  private let book: UnsafeMutablePointer<lxw_workbook>
  private let currency: String
  private var made: [Role: UnsafeMutablePointer<lxw_format>] = [:]

  init(_ book: UnsafeMutablePointer<lxw_workbook>, currency: String) {
    self.book = book
    self.currency = currency
  }

  mutating func format(_ role: Role) -> UnsafeMutablePointer<lxw_format> {
    if let format = made[role] { return format }
    let format = workbook_add_format(book)!
    style(format, role)
    made[role] = format
    return format
  }

  private func style(_ format: UnsafeMutablePointer<lxw_format>, _ role: Role) {
    switch role {
    case .data(let kind, let number): styleData(format, kind, number)
    case .title:
      format_set_bold(format)
      format_set_font_size(format, 15)
    case .note:
      format_set_font_color(format, 0x57606A)
      format_set_italic(format)
      format_set_text_wrap(format)
      format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    case .header, .numberHeader:
      // As their cells: texts are indented, numbers stand right.
      if role == .header { format_set_indent(format, 1) }
      if role == .numberHeader { format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue)) }
      format_set_bold(format)
      format_set_text_wrap(format)
      format_set_bg_color(format, 0xE8EEF4)
      format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
      format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    case .kindLetter:
      format_set_font_color(format, 0x57606A)
      format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
      format_set_font_size(format, 8)
    case .good:
      format_set_bg_color(format, 0xD7F0DC)
      format_set_font_color(format, 0x14532D)
    case .bad:
      format_set_bg_color(format, 0xFAD7D7)
      format_set_font_color(format, 0x8B1A1A)
      format_set_bold(format)
    case .jump:
      format_set_font_color(format, 0x0563C1)
      format_set_underline(format, UInt8(LXW_UNDERLINE_SINGLE.rawValue))
    case .wrapped:
      format_set_text_wrap(format)
      format_set_indent(format, 1)
      format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    }
  }

  private func styleData(_ format: UnsafeMutablePointer<lxw_format>, _ kind: CellKind, _ number: NumberFormat)
  {
    if number != .text || kind == .input { format_set_num_format(format, Self.pattern(number, currency)) }
    if number == .text, kind != .input { format_set_indent(format, 1) }
    format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
    switch kind {
    case .input:
      format_set_font_color(format, 0x0000FF)
      format_set_bg_color(format, 0xFFFBE0)
      format_set_unlocked(format)
    case .link: format_set_font_color(format, 0x006100)
    case .simulator:
      format_set_bg_color(format, 0xEDEDED)
      format_set_font_color(format, 0x3C3C3C)
    case .calculation, .label: break
    }
  }

  /// The spreadsheet's own spelling of a number format.
  static func pattern(_ format: NumberFormat, _ currency: String) -> String {
    let symbol = currency == "USD" ? "$" : "[$\(currency)] "
    return switch format {
    case .text: "General"
    case .integer: "#,##0"
    case .decimal1: "#,##0.0"
    case .decimal2: "#,##0.00"
    case .decimal3: "#,##0.000"
    // Thousands without decimals; what is smaller than a hundredth, or negative, in as many digits as fit.
    case .significant3: "[>=1000]#,##0;[>=0.01]0.000;General"
    case .percent: "0.0%"
    case .dollars: "\(symbol)#,##0;-\(symbol)#,##0"
    case .dollarsCents: "\(symbol)#,##0.0000;-\(symbol)#,##0.0000"
    case .scientific: "0.00E+00"
    }
  }
}
