import FleetData
import Foundation

/// Writes files so that a reader sees the old one or the new one, never half of one.
enum AtomicFile {
  /// Writes `bytes` beside `path`, syncs and renames.
  static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try write(to: path) { temporary in
      guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes)) else {
        throw failure(path)
      }
    }
  }

  /// Lets `body` write a temporary file beside `path`, syncs it and renames it; on failure the old file stays.
  static func write(to path: String, _ body: (_ temporary: String) throws -> Void) throws {
    let temporary = path + ".partial-\(getpid())"
    do {
      try body(temporary)
      try sync(temporary, for: path)
      guard rename(temporary, path) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  static func createDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ExitError(.cannotWrite, "cannot create the directory '\(path)'", help: "choose another --out")
    }
  }

  private static func sync(_ temporary: String, for path: String) throws {
    let descriptor = open(temporary, O_RDWR)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> ExitError {
    ExitError(.cannotWrite, "cannot write '\(path)': \(String(cString: strerror(errno)))")
  }
}
