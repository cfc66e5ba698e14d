import FleetData
import Foundation
import Reporting

/// Writes files so that a reader sees the old one or the new one, never half of one.
enum AtomicFile {
  /// Writes `bytes` beside `path`, syncs and renames.
  /// - Throws: exit 73, with the old file untouched, when the disk is full or the place cannot be written.
  static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    let bytes = Array(bytes)
    try write(to: path) { try fill($0, with: bytes, for: path) }
  }

  /// Lets `body` write a temporary file beside `path`, syncs it and renames it; on failure the old file stays.
  ///
  /// A link is followed, so that the file it names is replaced and the link stays; what is no regular file (a pipe, a
  /// device) is written through, for it cannot be replaced.
  static func write(to path: String, _ body: (_ temporary: String) throws -> Void) throws {
    let target = resolved(path)
    guard isReplaceable(target) else { return try copyThrough(target, body) }
    let temporary = target + ".partial-\(getpid())"
    let slot = PartialFiles.add(temporary)
    defer { PartialFiles.remove(slot) }
    do {
      try body(temporary)
      try sync(temporary, for: path)
      guard rename(temporary, target) == 0 else { throw failure(path) }
    } catch {
      unlink(temporary)
      throw meaning(error, path)
    }
  }

  static func createDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ExitError(.cannotWrite, "cannot create the directory '\(path)'", help: "choose another --out")
    }
  }

  /// Every byte or an error: a full disk is noticed here, before the old file is touched.
  private static func fill(_ temporary: String, with bytes: [UInt8], for path: String) throws {
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let problem = failure(path)
        close(descriptor)
        throw problem
      }
      rest = rest.dropFirst(written)
    }
    guard close(descriptor) == 0 else { throw failure(path) }
  }

  private static func sync(_ temporary: String, for path: String) throws {
    let descriptor = open(temporary, O_RDWR)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func isReplaceable(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) != 0 || facts.st_mode & S_IFMT == S_IFREG || facts.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes the file elsewhere and pours it into a pipe or device.
  private static func copyThrough(_ target: String, _ body: (_ temporary: String) throws -> Void) throws {
    let temporary = NSTemporaryDirectory() + "fleetplan-\(UUID().uuidString)"
    let slot = PartialFiles.add(temporary)
    defer {
      unlink(temporary)
      PartialFiles.remove(slot)
    }
    try body(temporary)
    guard let bytes = FileManager.default.contents(atPath: temporary) else { throw failure(target) }
    try fill(target, with: Array(bytes), for: target)
  }

  /// A workbook that could not be written is a file that could not be written.
  private static func meaning(_ error: any Error, _ path: String) -> any Error {
    guard let problem = error as? WorkbookError, problem.isAboutWriting else { return error }
    return ExitError(.cannotWrite, "cannot write '\(path)': \(problem)", help: "is the disk full?")
  }

  private static func failure(_ path: String) -> ExitError {
    ExitError(.cannotWrite, "cannot write '\(path)': \(String(cString: strerror(errno)))")
  }
}
