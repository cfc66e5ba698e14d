import ArgumentParser
import FleetData
import Foundation
import Ingest

/// Where a trace goes.
struct TraceOutputOptions: ParsableArguments {
  @Option(
    help:
      "The format written: azure, burstgpt, mooncake, tracev2, vidur, splitwise, llmservingsim or columns.")
  var to: TraceFormat?
  @Option(name: [.short, .long], help: "The file written; - is stdout. A name in .gz is not packed.")
  var out = "-"

  /// Writes a trace that comes in pieces, telling on stderr what the format cannot hold.
  ///
  /// - Parameter pieces: calls its argument with each piece, in order of arrival.
  func write(default format: TraceFormat, _ pieces: (_ emit: (WorkloadTrace) throws -> Void) throws -> Void)
    throws
  {
    let format = try checked(to ?? format)
    var writer = TraceStreamWriter(format)
    var count = 0
    try Self.sink(out) { emit in
      try pieces { piece in
        guard piece.count > 0 else { return }
        if count == 0 { warn(of: TraceWriter.dropped(piece, in: format), format) }
        count += piece.count
        try writer.write(piece, emit: emit)
      }
    }
    if out != "-" { Output.note("wrote \(count) requests to \(out) as \(format.rawValue)") }
  }

  /// Said before the first line is written: whoever reads the lines may stop at any of them.
  private func warn(of dropped: [String], _ format: TraceFormat) {
    guard !dropped.isEmpty else { return }
    Output.note("warning: \(format.rawValue) cannot hold: \(dropped.joined(separator: ", ")); dropped")
  }

  func checked(_ format: TraceFormat) throws -> TraceFormat {
    guard TraceWriter.formats.contains(format) else {
      throw ValidationError("--to \(format.rawValue): this format is read only")
    }
    return format
  }

  /// Calls `body` with a function that takes bytes for stdout or for a file that appears only when it is whole.
  static func sink(_ out: String, _ body: (_ emit: @escaping ([UInt8]) throws -> Void) throws -> Void) throws
  {
    if out == "-" { return try body { try write($0, STDOUT_FILENO, "stdout") } }
    try AtomicFile.write(to: out) { temporary in
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        throw ExitError(.cannotWrite, "cannot write '\(out)': \(String(cString: strerror(errno)))")
      }
      defer { close(descriptor) }
      try body { try write($0, descriptor, out) }
    }
  }

  private static func write(_ bytes: [UInt8], _ descriptor: Int32, _ name: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      guard written > 0 else {
        throw ExitError(.cannotWrite, "cannot write '\(name)': \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(written)
    }
  }
}
