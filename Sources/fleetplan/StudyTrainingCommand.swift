import ArgumentParser
import Economics
import FleetData
import Planning

/// `study training`: one run over several sites.
struct StudyTrainingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: "Training over sites: links, methods, power, RL actors, valleys of serving.",
    discussion: "Example: fleetplan study training --model llama-3.1-8b --chip tpu-v5e")
  @OptionGroup var about: StudyModel
  @OptionGroup var subject: StudySubject
  @Option(help: "Sites that train together, a number or a range.") var sites: RangeArgument = 4
  @Option(name: .long, help: "Chips at each site, a number or a range.") var chipsPerSite: RangeArgument = 256
  @Option(help: "Training tokens, a number or a range; by default 20 per parameter.")
  var tokens: RangeArgument?
  @Option(name: .long, help: "Tokens of one global step, a number or a range.")
  var tokensPerStep: RangeArgument = "4M"
  @Option(
    help:
      "MFU inside a site, a number or a range; by default that of the published run most alike, or else predicted."
  )
  var mfu: RangeArgument?
  @Option(help: "Gbit/s of each site's link, a number or a range.") var link: RangeArgument = "10..40..100"
  @Option(name: .long, help: "Round trip between sites in milliseconds, a number or a range.")
  var rttMs: RangeArgument = 60
  @Option(name: .long, parsing: .upToNextOption, help: "Steps between synchronisations to compare.")
  var localSteps: [Double] = [10, 30, 100, 300, 500]
  @Option(name: .long, help: "Power of one site in MW, a number or a range.") var siteMw: RangeArgument = 5
  @OptionGroup var power: StudyPower
  @Option(name: .long, help: "Learner steps that a rollout may lag, a number or a range.")
  var staleness: RangeArgument = 4
  @Option(name: .long, help: "Tokens of rollouts per learner step, a number or a range.")
  var rolloutTokens: RangeArgument = "16M"
  @Option(help: "Trough over peak of the day's demand, a number or a range.")
  var trough: RangeArgument = "30%..40%..60%"
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      // Actors generate around the clock, as fast as is cheap.
      let serving = try subject.serving(
        about.model, input: about.inputTokens.range, utilization: InputRange(1), maxChips: 64, tpotMs: 0)
      return try trainingStudy(
        SitesQuestion(
          model: serving.model, chip: serving.chip, sites: try sites.whole("--sites"),
          chipsPerSite: try chipsPerSite.whole("--chips-per-site"),
          tokens: tokens?.range ?? InputRange(20 * serving.activeParameters),
          tokensPerStep: tokensPerStep.range, mfu: mfu?.range,
          linkBitsPerSecond: link.range.scaled(by: 1e9), roundTripSeconds: rttMs.range.scaled(by: 1e-3),
          localSteps: localSteps.sorted(), usdPerChipHour: serving.rent,
          siteWatts: siteMw.range.scaled(by: 1e6), power: power.terms(of: serving.chip), serving: serving,
          rolloutTokensPerStep: rolloutTokens.range, staleness: staleness.range,
          troughOverPeak: trough.range, seed: subject.seed))
    }
  }
}
