import FleetData
import Quantities

/// Writes a trace in one of the published formats, a piece of text at a time.
public enum TraceWriter {
  /// Formats that can be written.
  public static let formats: [TraceFormat] = [
    .azure, .burstgpt, .mooncake, .tracev2, .vidur, .splitwise, .llmservingsim, .columns,
  ]

  /// Fields of the trace that the format cannot hold, in plain words.
  public static func dropped(_ trace: WorkloadTrace, in format: TraceFormat) -> [String] {
    let held = Set(heldFields(format))
    var dropped: [String] = []
    func check(_ isPresent: Bool, _ field: TraceField, _ name: String) {
      if isPresent, !held.contains(field) { dropped.append(name) }
    }
    check(!trace.services.isEmpty, .service, "model")
    check(!trace.regions.isEmpty, .region, "region")
    check(!trace.tenants.isEmpty, .tenant, "tenant")
    check(!trace.sessions.isEmpty, .session, "session")
    check(!trace.turns.isEmpty, .turn, "turn")
    check(!trace.cachedTokens.isEmpty, .cached, "cached tokens")
    check(!trace.reasoningTokens.isEmpty, .reasoning, "reasoning tokens")
    check(!trace.classes.isEmpty, .sloClass, "class")
    check(!trace.deadlines.isEmpty, .deadline, "deadline")
    if !trace.blockOffsets.isEmpty, format != .mooncake { dropped.append("prefix blocks") }
    if trace.start != nil, !keepsDate(format) { dropped.append("date of the first request") }
    return dropped
  }

  /// Writes the whole trace; `emit` receives pieces of about 64 KiB.
  public static func write(_ trace: WorkloadTrace, as format: TraceFormat, emit: ([UInt8]) throws -> Void)
    rethrows
  {
    var writer = TraceStreamWriter(format)
    try writer.write(trace, emit: emit)
  }

  static func heldFields(_ format: TraceFormat) -> [TraceField] {
    switch format {
    case .azure, .vidur, .mooncake, .llmservingsim, .otel: [.timestamp, .input, .output]
    case .burstgpt: [.timestamp, .session, .service, .input, .output, .sloClass]
    case .tracev2:
      [
        .timestamp, .input, .output, .service, .tenant, .session, .turn, .cached, .reasoning, .sloClass,
        .deadline,
      ]
    case .splitwise: [.timestamp, .input, .output, .tenant]
    case .columns: TraceField.allCases
    }
  }

  private static func keepsDate(_ format: TraceFormat) -> Bool { format == .azure || format == .columns }
}
