import ArgumentParser
import Planning

/// `study scale`: more chips in one instance, or more instances?
struct StudyScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "One instance over 1...N chips against the same chips as replicas.")
  @OptionGroup var subject: StudySubject
  @Option(name: .long, help: "The largest instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds; 0 accepts any.") var tpotMs = 50.0
  @Option(help: "Requests per second on all chips together; by default 70% of what the best split serves.")
  var rate: Double?
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let chip = try subject.chipSpec()
      return try scaleStudy(
        ScaleQuestion(
          model: try subject.modelSpec(), chip: chip, weights: subject.weights, kv: subject.kv,
          shape: subject.shape, maxChips: maxChips, usdPerChipHour: try subject.priceRange(of: chip),
          utilization: subject.utilizationRange, secondsPerToken: tpotMs > 0 ? tpotMs / 1000 : nil,
          requestsPerSecond: rate, seed: subject.seed))
    }
  }
}
