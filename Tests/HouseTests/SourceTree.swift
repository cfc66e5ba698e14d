import Foundation

/// The files of the project, read once for the style tests.
struct SourceTree {
  struct File {
    /// Relative to the root: `Sources/Ingest/TraceReader.swift`.
    var path: String
    var lines: [String]
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static func swiftFiles(under folder: String) -> [File] { files(under: folder) { $0.hasSuffix(".swift") } }

  static func files(under folder: String, where accept: (String) -> Bool) -> [File] {
    guard let walker = FileManager.default.enumerator(atPath: root + "/" + folder) else { return [] }
    let names = walker.compactMap { $0 as? String }.filter(accept).sorted()
    return names.compactMap { name in
      guard let text = try? String(contentsOfFile: "\(root)/\(folder)/\(name)", encoding: .utf8) else {
        return nil
      }
      return File(path: "\(folder)/\(name)", lines: text.components(separatedBy: "\n"))
    }
  }
}

extension SourceTree.File {
  /// The functions and initialisers with the number of lines from signature to closing brace.
  ///
  /// The formatter closes a body at the indent of its signature, which is what is looked for here.
  var functions: [(name: String, start: Int, length: Int)] {
    var found: [(name: String, start: Int, length: Int)] = []
    for (index, line) in lines.enumerated() {
      let code = line.drop { $0 == " " }
      let words = code.split(separator: " ")
      guard words.contains("func") || code.hasPrefix("init(") || code.contains(" init(") else { continue }
      guard !code.hasPrefix("//"), !code.hasPrefix("///") else { continue }
      let closing = String(repeating: " ", count: line.count - code.count) + "}"
      guard let end = lines[index...].firstIndex(where: { $0 == closing }) else { continue }
      found.append((String(code.prefix(60)), index + 1, end - index + 1))
    }
    return found
  }
}
