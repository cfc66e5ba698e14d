import FleetData

/// A workbook as values: sheets in order and the names other tools may rely on.
struct Workbook {
  struct Name {
    var name: String
    /// `Inputs!$C$6`.
    var reference: String
  }
  var title: String
  var subject: String
  var currency: String
  var sheets: [Sheet] = []
  var names: [Name] = []

  /// The cell as an absolute reference, for a name.
  mutating func define(_ name: String, _ sheet: Sheet, row: Int, column: Int) {
    precondition(Self.isLegalName(name), "\(name) is not a legal name in a workbook")
    names.append(
      .init(
        name: name,
        reference: sheet.range(column, row..<row + 1).split(separator: ":").first.map(String.init)!))
  }

  mutating func defineRange(_ name: String, _ sheet: Sheet, column: Int) {
    guard !sheet.rows.isEmpty else { return }
    names.append(.init(name: name, reference: sheet.range(column, 0..<sheet.rows.count)))
  }

  /// Lower-case letters, digits and underscores with an underscore inside: never an address such as A1 or R1C1.
  static func isLegalName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first >= "a", first <= "z", name.contains("_") else {
      return false
    }
    return name.utf8.count <= 60
      && name.unicodeScalars.allSatisfy { ($0 >= "a" && $0 <= "z") || ($0 >= "0" && $0 <= "9") || $0 == "_" }
  }
}

/// Why a workbook could not be written.
public enum WorkbookError: Error, Hashable, Sendable {
  case notFinite(cell: String)
  /// The library refused a cell or could not write the file.
  case library(code: Int, doing: String)
}

extension WorkbookError {
  /// The place could not be written, rather than the content being wrong: codes 2 to 10 are about files and the zip.
  public var isAboutWriting: Bool {
    if case .library(let code, _) = self { code < 0 || (2...10).contains(code) } else { false }
  }
}

extension WorkbookError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let cell): "\(cell) is not a finite number"
    case .library(let code, let doing): "\(doing) failed with libxlsxwriter's code \(code)"
    }
  }
}
