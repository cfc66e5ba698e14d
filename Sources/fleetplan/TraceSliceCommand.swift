import ArgumentParser
import FleetData
import Ingest
import Quantities
import Workloads

/// `trace slice FILE`: part of a trace, by time and by label.
struct TraceSliceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slice",
    abstract: "Keep part of a trace: a span of time, a model, a region, a tenant, a class.",
    discussion: "Example: fleetplan trace slice trace.csv --from 60s --until 120s --out minute.csv")
  @Argument(help: "The trace; - is standard input.") var file: String
  @Option(help: "Keep from here on, counted from the first request: 600s, 10min, 2h.") var from: SpanArgument?
  @Option(name: .customLong("until"), help: "Keep until just before.") var until: SpanArgument?
  @Option(help: "Keep this model or service; may repeat.") var service: [String] = []
  @Option(help: "Keep this region; may repeat.") var region: [String] = []
  @Option(help: "Keep this tenant; may repeat.") var tenant: [String] = []
  @Option(name: .customLong("class"), help: "Keep this class; may repeat.") var sloClass: [String] = []
  @Option(help: "Keep at most so many requests.") var limit: Int?
  @OptionGroup var input: TraceInputOptions
  @OptionGroup var output: TraceOutputOptions

  func validate() throws {
    guard limit ?? 1 >= 1 else { throw ValidationError("--limit is at least 1") }
  }

  func run() async throws {
    let source = try TraceSource(file, input)
    let names = source.outline.names
    try check(service, names.serviceNames, "service")
    try check(region, names.regionNames, "region")
    try check(tenant, names.tenantNames, "tenant")
    try check(sloClass, names.classNames, "class")
    var slicer = TraceSlicer(selection, of: source.outline)
    try output.write(default: source.scan.format) { emit in
      let next = try source.pieces()
      while !slicer.isFinished, let piece = try next() { try emit(slicer.take(piece)) }
      guard slicer.count > 0 else {
        let span = (source.outline.last - source.outline.zero).seconds
        throw ExitError(
          .badContent, "no request is left in the slice", help: "the trace lasts \(TraceText.number(span)) s")
      }
    }
  }

  private var selection: TraceSelection {
    var selection = TraceSelection()
    selection.from = from.map { SimTime(seconds: $0.seconds) }
    selection.to = until.map { SimTime(seconds: $0.seconds) }
    selection.services = service
    selection.regions = region
    selection.tenants = tenant
    selection.classes = sloClass
    selection.limit = limit
    return selection
  }

  private func check(_ wanted: [String], _ known: [String], _ what: String) throws {
    for name in wanted where !known.contains(name) {
      let help =
        known.isEmpty
        ? "the trace has no \(what) column"
        : suggestion(for: name, among: known)
          ?? "there are: \(known.prefix(10).joined(separator: ", "))"
      throw ExitError(.badContent, "no request has the \(what) '\(name)'", help: help)
    }
  }
}
