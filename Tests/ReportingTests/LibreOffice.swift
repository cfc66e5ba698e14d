import Foundation

@testable import Reporting

/// LibreOffice as an independent reader of workbooks: opens them with recalculation forced and prints every sheet.
enum LibreOffice {
  static let program = ["/usr/bin/soffice", "/usr/local/bin/soffice"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static var isInstalled: Bool { program != nil }

  /// The raw values of every sheet of every workbook after a full recalculation, by workbook and sheet name.
  static func recalculate(_ books: [(name: String, book: Workbook)]) throws -> [String: [String: [[String]]]]
  {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "fleetplan-recalculation-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try writeProfile(folder)
    for (name, book) in books { try XLSXWriter.write(book, to: folder.appending(path: "\(name).xlsx").path) }
    try run(folder, books.map { "\($0.name).xlsx" })
    var result: [String: [String: [[String]]]] = [:]
    for (name, book) in books {
      for sheet in book.sheets {
        let file = folder.appending(path: "\(name)-\(sheet.name).csv")
        result[name, default: [:]][sheet.name] = parse(try String(contentsOf: file, encoding: .utf8))
      }
    }
    return result
  }

  /// A private profile whose only setting is: always recalculate on load.
  private static func writeProfile(_ folder: URL) throws {
    let user = folder.appending(path: "profile/user")
    try FileManager.default.createDirectory(at: user, withIntermediateDirectories: true)
    let setting = """
      <?xml version="1.0" encoding="UTF-8"?>
      <oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
      <item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
      </oor:items>
      """
    try Data(setting.utf8).write(to: user.appending(path: "registrymodifications.xcu"))
  }

  private static func run(_ folder: URL, _ files: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program!)
    process.currentDirectoryURL = folder
    process.arguments =
      [
        "-env:UserInstallation=\(folder.appending(path: "profile").absoluteString)", "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir",
        folder.path,
      ] + files
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }

  static func parse(_ csv: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var previousQuote = false
    for scalar in csv.unicodeScalars {
      if isQuoted {
        if scalar == "\"" {
          (isQuoted, previousQuote) = (false, true)
        } else {
          field.unicodeScalars.append(scalar)
        }
        continue
      }
      switch scalar {
      case "\"":
        if previousQuote { field.append("\"") }
        isQuoted = true
      case ",":
        row.append(field)
        field = ""
      case "\n":
        rows.append(row + [field])
        (row, field) = ([], "")
      case "\r": break
      default: field.unicodeScalars.append(scalar)
      }
      previousQuote = false
    }
    if !field.isEmpty || !row.isEmpty { rows.append(row + [field]) }
    return rows
  }
}
