import FleetData
import Foundation
import Reporting
import Synchronization

/// Plans as commands read them.
enum PlanInput {
  /// - Throws: exit 66 when the file cannot be read, 65 when it is no plan of this schema.
  static func read(_ path: String) throws -> Plan {
    guard let content = content(path) else {
      throw ExitError(.inputMissing, "cannot read '\(path)'", help: "plans are written by 'fleetplan plan'")
    }
    return try PlanFile.decode(content, file: path)
  }

  /// Two plans at once, each on a core of its own.
  static func read(_ first: String, _ second: String) throws -> (Plan, Plan) {
    if first == "-" || second == "-" { return (try read(first), try read(second)) }
    let results = Mutex<[Int: Result<Plan, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: 2) { i in
      let result = Result { try read(i == 0 ? first : second) }
      results.withLock { $0[i] = result }
    }
    let pair = results.withLock { $0 }
    return (try pair[0]!.get(), try pair[1]!.get())
  }

  private static func content(_ path: String) -> [UInt8]? {
    if path == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
    return regularFile(path) ?? FileManager.default.contents(atPath: path).map { Array($0) }
  }

  /// The whole file, once in memory; `nil` when it is no regular file.
  private static func regularFile(_ path: String) -> [UInt8]? {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_size > 0,
      let file = fopen(path, "rb")
    else { return nil }
    defer { fclose(file) }
    let size = Int(facts.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress!, 1, size, file)
    }
  }
}
