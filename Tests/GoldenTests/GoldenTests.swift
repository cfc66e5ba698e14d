import Foundation
import Testing

/// Real commands with exact answers: every folder of `fixtures/cases` and `fixtures/errors`.
///
/// `command` is a shell line run in the root of the project with `fleetplan` on the path and `$OUT` an empty folder;
/// `stdout`, `stderr` and `status` are what it must answer. `FLEETPLAN_UPDATE_GOLDEN=1` rewrites them.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  var folder: String
  var testDescription: String { folder }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  static func all(in folder: String) -> [GoldenCase] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: "\(root)/\($0)/command") }
      .map { GoldenCase(folder: $0) }
  }

  func expected(_ part: String) -> String? {
    try? String(contentsOfFile: "\(Self.root)/\(folder)/\(part)", encoding: .utf8)
  }
}

@Test("A command gives its golden answer", arguments: GoldenCase.all(in: "fixtures/cases"))
func commandGivesGoldenAnswer(_ golden: GoldenCase) throws { try check(golden) }

@Test("Bad input earns its message and exit code", arguments: GoldenCase.all(in: "fixtures/errors"))
func badInputEarnsItsMessage(_ golden: GoldenCase) throws { try check(golden) }

@Test("An example gives its committed answer", arguments: GoldenCase.all(in: "examples/studies"))
func exampleGivesItsAnswer(_ golden: GoldenCase) throws { try check(golden) }

private func check(_ golden: GoldenCase) throws {
  let command = try #require(golden.expected("command"))
  let out = NSTemporaryDirectory() + "golden-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: out) }
  let answer = try Shell.run(command, in: GoldenCase.root, out: out)
  let actual = [
    "stdout": answer.output.replacingOccurrences(of: out, with: "$OUT"),
    "stderr": answer.errors.replacingOccurrences(of: out, with: "$OUT"),
    "status": "\(answer.status)\n",
  ]
  let update = ProcessInfo.processInfo.environment["FLEETPLAN_UPDATE_GOLDEN"] == "1"
  for (part, text) in actual.sorted(by: { $0.key < $1.key }) {
    let path = "\(GoldenCase.root)/\(golden.folder)/\(part)"
    if update {
      if text.isEmpty {
        try? FileManager.default.removeItem(atPath: path)
      } else {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
    } else {
      #expect(text == golden.expected(part) ?? "", "\(golden.folder)/\(part)")
    }
  }
}
