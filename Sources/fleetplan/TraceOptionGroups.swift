import ArgumentParser
import FleetData
import Foundation
import Ingest
import Quantities

extension TraceFormat: ExpressibleByArgument {}
extension TimeUnit: ExpressibleByArgument {}

/// How traces are read.
struct TraceInputOptions: ParsableArguments {
  @Option(help: "The format, when the content does not tell.") var traceFormat: TraceFormat?
  @Option(
    help: ArgumentHelp(
      "Which column holds what: timestamp=…,input=…,output=… by name or number from 1.",
      discussion: "Also service, region, tenant, session, turn, cached, reasoning, class, deadline, number."))
  var columns: String?
  @Option(help: "What numeric time stamps count: s, ms, us or ns.") var timeUnit: TimeUnit?
  @Flag(help: "Stop with an error at the first row that cannot be taken.") var strict = false
  @Flag(help: "Reject rows equal to the row before them, or with a request number met before.")
  var rejectRepeats = false
  @Option(help: "Write rejected rows here as CSV: line, reason, text.") var rejectFile: String?
  @Option(help: "Rows with more tokens than this are rejected.") var maximumTokens: UInt32 = 100_000_000

  @Option(
    help: "Seconds per output token that later calls of an agentic session wait for the answer before them.")
  var servingTime = 0.0

  @Flag(
    help: ArgumentHelp(
      "Read anew even when the same bytes were read before.",
      discussion: """
        Traces of 8 MiB or more are kept under $XDG_CACHE_HOME/fleetplan, or ~/.cache/fleetplan, by the hash of their \
        bytes; the folder may be deleted at any time. Plain files in the published form of Azure and Mooncake are kept \
        by simulate and plan only: trace commands parse them as fast as an entry could be read.
        """))
  var noCache = false

  func options() throws -> TraceOptions {
    var options = TraceOptions(format: traceFormat)
    options.columns = try columns.map(Self.choices) ?? []
    options.timeUnit = timeUnit
    options.strict = strict
    options.rejectRepeats = rejectRepeats
    options.maximumTokens = maximumTokens
    options.hashing = false
    options.servingSecondsPerOutputToken = servingTime
    return options
  }

  static func choices(_ text: String) throws -> [ColumnChoice] {
    try text.split(separator: ",").map { part in
      let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard sides.count == 2, let field = TraceField(rawValue: sides[0]) else {
        let names = TraceField.allCases.filter { $0 != .ignored }.map(\.rawValue)
        let help = sides.first.flatMap { suggestion(for: $0, among: names) }
        throw ValidationError(
          "--columns: '\(part)' is not field=column; fields are \(names.joined(separator: ", ")). \(help ?? "")"
        )
      }
      return ColumnChoice(field, sides[1])
    }
  }

  /// Reads a trace whole; rejected rows are told on stderr.
  func read(_ path: String) throws -> TraceReading {
    do throws(TraceError) {
      let reading = try Self.reading(path, readOptions(), cached: !noCache)
      Self.report(reading.scan, path)
      return reading
    } catch {
      throw Self.exit(error, path)
    }
  }

  /// Large files come from the cache when their bytes were read before by this version.
  static func reading(
    _ path: String, _ options: TraceOptions, cached: Bool = true
  ) throws(TraceError) -> TraceReading {
    guard cached, let cache = cache(for: path) else {
      return try TraceReader.read(path: path, options: options)
    }
    return try cache.read(path: path, options: options)
  }

  /// A trace in pieces, from the cache when its bytes were read before and parsing them is slower than that.
  func pieces(
    _ path: String, _ options: TraceOptions, rejected: ((Rejection, UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(TraceError) -> any TracePieces {
    guard !noCache, let cache = Self.cache(for: path) else {
      return try TraceStream(path: path, options: options, rejected: rejected)
    }
    return try cache.pieces(path: path, options: options, rejected: rejected)
  }

  /// Nil for files too small to be worth it.
  private static func cache(for path: String) -> TraceCache? {
    var file = stat()
    guard stat(path, &file) == 0, file.st_mode & S_IFMT == S_IFREG, file.st_size >= 8 << 20 else {
      return nil
    }
    return cacheFolder.map { TraceCache(folder: $0) }
  }

  /// `$XDG_CACHE_HOME/fleetplan/VERSION/traces`, or under `~/.cache`; safe to delete.
  private static var cacheFolder: String? {
    let environment = ProcessInfo.processInfo.environment
    let base =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? environment["HOME"].map { $0 + "/.cache" }
    return base.map { "\($0)/fleetplan/\(Fleetplan.version)/traces" }
  }

  private func readOptions() throws(TraceError) -> TraceOptions {
    do {
      return try options()
    } catch {
      throw .columns(
        what: "\(error)", found: columns ?? "", help: "--columns timestamp=time,input=prompt,output=answer")
    }
  }

  static func report(_ scan: TraceScan, _ path: String) {
    for note in scan.notes { Output.note("\(path): note: \(note)") }
    for count in scan.rejectionCounts.prefix(10) {
      Output.note("\(path): warning: \(count.count) rejected: \(count.reason)")
    }
  }

  /// The exit code of a trace error: 66 when the file is missing, else 65.
  static func exit(_ error: TraceError, _ path: String) -> ExitError {
    let isMissing = if case .missing = error { true } else { false }
    return ExitError(isMissing ? .inputMissing : .badContent, [error.diagnostic(path: path)])
  }
}

/// A time span such as `90s`, `10min`, `1h`, `7d`; a bare number counts seconds.
struct SpanArgument: ExpressibleByArgument {
  var seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  var defaultValueDescription: String {
    seconds.truncatingRemainder(dividingBy: 3600) == 0 ? "\(Int(seconds / 3600))h" : "\(seconds)s"
  }

  init?(argument: String) {
    let units = [
      ("ms", 1e-3), ("min", 60.0), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0), ("w", 604_800.0),
    ]
    let match = units.first { argument.hasSuffix($0.0) && Double(argument.dropLast($0.0.count)) != nil }
    guard let value = Double(match.map { String(argument.dropLast($0.0.count)) } ?? argument), value.isFinite,
      value >= 0
    else { return nil }
    seconds = value * (match?.1 ?? 1)
  }
}
