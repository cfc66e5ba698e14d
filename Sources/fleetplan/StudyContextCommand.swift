import ArgumentParser
import Economics
import FleetData
import Planning

/// `study context`: what a longer context costs, architecture by architecture.
struct StudyContextCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "context", abstract: "Cost, memory and latency against context length and architecture.",
    discussion: "Example: fleetplan study context --chip tpu-v5e")
  @OptionGroup var subject: StudySubject
  @OptionGroup var use: StudyUse
  @Option(
    parsing: .upToNextOption,
    help: "Models to compare; by default multi-head, grouped, latent, windowed and state-space hybrid.")
  var models: [String] = ContextQuestion.architectures
  @Option(parsing: .upToNextOption, help: "Prompt lengths in tokens, rising.")
  var contexts: [Int] = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 17, 1 << 18, 1 << 20]
  @Option(name: .long, help: "The largest instance, a power of two.") var maxChips = 256
  @Option(help: "The slowest token users accept, in milliseconds, a number or a range; 0 accepts any.")
  var tpotMs: RangeArgument = 100
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let catalog = try subject.catalog.load()
      let compared = try models.map { try catalog.model($0) }
      guard let first = models.first else {
        throw StudyError.invalid(what: "models", found: "none", expected: "at least one")
      }
      guard let shortest = contexts.min(), shortest >= 1 else {
        throw StudyError.invalid(
          what: "contexts", found: contexts.isEmpty ? "none" : "\(contexts.min() ?? 0)",
          expected: "one or more numbers of 1 or more")
      }
      // The prompt is the context, in each row its own.
      let serving = try subject.serving(
        first, input: InputRange(Double(shortest)), utilization: use.utilization.range, maxChips: maxChips,
        tpotMs: tpotMs)
      return try contextStudy(
        ContextQuestion(models: compared, serving: serving, contexts: contexts.sorted()))
    }
  }
}
