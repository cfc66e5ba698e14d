import Foundation

/// Runs a shell line with the built `fleetplan` first on the path.
enum Shell {
  struct Answer {
    var output: String
    var errors: String
    var status: Int32
  }

  /// The folder of the test binary, where SwiftPM puts the executable too.
  static let binaries = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path

  static func run(_ line: String, in directory: String, out: String) throws -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = [
      "PATH": "\(binaries):/usr/local/bin:/usr/bin:/bin", "OUT": out, "HOME": out, "LC_ALL": "C",
      "SWIFT_BACKTRACE": "enable=no",
    ]
    let outputFile = out + ".stdout"
    let errorFile = out + ".stderr"
    for file in [outputFile, errorFile] {
      _ = FileManager.default.createFile(atPath: file, contents: nil)
    }
    defer { for file in [outputFile, errorFile] { try? FileManager.default.removeItem(atPath: file) } }
    process.standardOutput = FileHandle(forWritingAtPath: outputFile)
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Answer(
      output: (try? String(contentsOfFile: outputFile, encoding: .utf8)) ?? "",
      errors: (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "",
      status: process.terminationStatus)
  }
}
