import ArgumentParser

/// `trace …`: everything about request traces.
struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Read, measure, convert, cut, join, scale and make request traces.",
    discussion: """
      Formats are recognised by content: Azure 2023 and 2024 CSV, BurstGPT CSV, Mooncake JSON lines, BLIS TraceV2, Vidur \
      and splitwise CSV, LLMServingSim JSON lines, OpenTelemetry GenAI spans, and any CSV or TSV through --columns; \
      plain, .gz or .zst, from a file or standard input (-).
      """,
    subcommands: [
      TraceInspectCommand.self, TraceConvertCommand.self, TraceSliceCommand.self, TraceMergeCommand.self,
      TraceScaleCommand.self, TraceSynthCommand.self, TraceFitCommand.self,
    ])
}
