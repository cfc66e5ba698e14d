import Foundation

/// Programs that some tests need; where one is missing the test is skipped with a line that says so.
enum Program {
  static func isInstalled(_ name: String) -> Bool { path(name) != nil }

  static func path(_ name: String) -> String? {
    ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin", "/sbin"].map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static let isRoot = getuid() == 0
}

/// An empty folder that is gone when the test is over.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "fleetplan-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(path)/\(name)") }
  func text(_ name: String) -> String { String(decoding: bytes(name) ?? Data(), as: UTF8.self) }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func run(_ line: String) throws -> Shell.Answer {
    try Shell.run(line, in: GoldenCase.root, out: path)
  }
}
