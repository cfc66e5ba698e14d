import ArgumentParser
import FleetData
import Ingest
import Quantities
import Workloads

/// `trace merge FILE…`: several traces as one.
struct TraceMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join traces in order of arrival; the order of the files does not matter.",
    discussion: "Example: fleetplan trace merge trace.csv more.csv --out both.csv"
  )
  @Argument(help: "The traces.") var files: [String]
  @Flag(help: "The files are parts of one trace: equal prefix blocks are the same.") var sharedBlocks = false
  @OptionGroup var input: TraceInputOptions
  @OptionGroup var output: TraceOutputOptions

  func run() async throws {
    let sources = try inContentOrder(files).map { try TraceSource($0, input) }
    var merger: TraceMerger
    do throws(MergeError) {
      merger = try TraceMerger(sources.map(\.outline), sharingBlocks: sharedBlocks)
    } catch {
      throw ExitError(.badContent, [Self.diagnostic(error)])
    }
    let formats = Set(sources.map(\.scan.format.rawValue))
    try output.write(default: formats.count == 1 ? sources[0].scan.format : .columns) { emit in
      try Self.join(sources, &merger, emit)
    }
  }

  /// Always reads on in the trace that is furthest behind, and passes on what no trace can come before any more.
  private static func join(
    _ sources: [TraceSource], _ merger: inout TraceMerger, _ emit: (WorkloadTrace) throws -> Void
  ) throws {
    let readers = try sources.map { try $0.pieces() }
    var heads: [SimTime?] = sources.map { _ in SimTime(nanoseconds: .min) }
    while let behind = heads.indices.filter({ heads[$0] != nil }).min(by: { heads[$0]! < heads[$1]! }) {
      if let piece = try readers[behind](), let last = piece.arrivals.last {
        heads[behind] = merger.time(of: last, in: behind)
        merger.add(piece, of: behind)
      } else {
        heads[behind] = nil
      }
      try emit(merger.take(before: heads.compactMap(\.self).min()))
    }
  }

  /// The files by what they hold, so that ties do not hang on the order in which they are named.
  private func inContentOrder(_ files: [String]) throws -> [String] {
    guard files.filter({ $0 == "-" }).count < 2 else {
      throw ExitError(.usage, "standard input can be read once only")
    }
    let keyed = try files.map { file -> (key: String, file: String) in
      do throws(TraceError) {
        return (file == "-" ? "" : try TraceCache.contentKey(of: file), file)
      } catch {
        throw TraceInputOptions.exit(error, file)
      }
    }
    return keyed.sorted { $0.key < $1.key }.map(\.file)
  }

  static func diagnostic(_ error: MergeError) -> Diagnostic {
    switch error {
    case .mixedClocks:
      Diagnostic(
        "some of the traces have dates and others count from zero",
        help: "slice or convert them to one kind of clock")
    case .differentBlocks(let sizes):
      Diagnostic(
        "prefix blocks of different sizes cannot be joined",
        found: sizes.map(String.init).joined(separator: ", "))
    }
  }
}
