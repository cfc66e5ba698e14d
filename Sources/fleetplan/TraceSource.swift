import FleetData
import Foundation
import Ingest
import Workloads

/// A trace that is edited on its way: read once to learn its outline, and again piece by piece, in order of arrival.
///
/// Memory stays bounded whatever the size. Standard input is set down in a temporary file first. Rows out of order need
/// the whole trace to be sorted: that is done up to `mostSorted` requests.
struct TraceSource {
  static let mostSorted = 4_000_000

  /// As the user names it.
  let name: String
  let scan: TraceScan
  private(set) var outline = TraceOutline()
  private let input: TraceInputOptions
  private let options: TraceOptions
  private let file: SpooledFile
  /// The trace when its rows had to be sorted.
  private var sorted: WorkloadTrace?

  /// Reads the trace once; what is odd about it is told on stderr.
  init(_ name: String, _ input: TraceInputOptions) throws {
    self.name = name
    file = try SpooledFile(name)
    self.input = input
    options = try input.options()
    let rejects = try input.rejectFile.map(RejectFile.init)
    defer { rejects?.flush() }
    do throws(TraceError) {
      var outline = TraceOutline()
      let pieces = try input.pieces(file.path, options, rejected: rejects.map { $0.add })
      while let piece = try pieces.next() { outline.add(piece) }
      let scan = pieces.scan
      self.scan = scan
      TraceInputOptions.report(scan, name)
      if scan.outOfOrder > 0 {
        guard scan.accepted <= Self.mostSorted else { throw Self.disorder(scan) }
        let whole = try TraceReader.read(path: file.path, options: options).trace
        sorted = whole
        outline = TraceOutline(whole)
        Output.note("\(name): note: rows out of order were sorted by arrival, all in memory")
      }
      if scan.format == .tracev2 { outline.leaveOutEmptyColumns() }
      self.outline = outline
    } catch {
      throw TraceInputOptions.exit(error, name)
    }
  }

  private static func disorder(_ scan: TraceScan) -> TraceError {
    .limit(
      what:
        "\(scan.outOfOrder) rows arrive before the row above them; more than \(mostSorted) requests are not "
        + "sorted here, sort the file by time first", line: nil)
  }

  /// The pieces, one at each call, nil at the end.
  func pieces() throws -> () throws -> WorkloadTrace? {
    if let sorted {
      var rest: WorkloadTrace? = sorted
      return {
        defer { rest = nil }
        return rest
      }
    }
    do throws(TraceError) {
      let stream = try input.pieces(file.path, options)
      return {
        do throws(TraceError) {
          return try stream.next().map { outline.completed($0) }
        } catch {
          throw TraceInputOptions.exit(error, name)
        }
      }
    } catch {
      throw TraceInputOptions.exit(error, name)
    }
  }
}

/// A file as it is, or standard input set down in a temporary file that goes with this value.
private final class SpooledFile {
  let path: String
  private var slot: Int?

  init(_ name: String) throws {
    guard name == "-" else {
      path = name
      return
    }
    path = NSTemporaryDirectory() + "fleetplan-\(UUID().uuidString)"
    slot = PartialFiles.add(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = Foundation.read(STDIN_FILENO, buffer.baseAddress!, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      var done = 0
      while done < count {
        let written = Foundation.write(descriptor, buffer.baseAddress! + done, count - done)
        guard written > 0 else { throw Self.failure(path) }
        done += written
      }
    }
  }

  deinit {
    guard let slot else { return }
    unlink(path)
    PartialFiles.remove(slot)
  }

  private static func failure(_ path: String) -> ExitError {
    ExitError(.cannotWrite, "cannot write '\(path)': \(String(cString: strerror(errno)))")
  }
}
