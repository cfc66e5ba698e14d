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
  @OptionGroup var subject: StudySubject
  @Option(help: "Sites that train together.") var sites = 4
  @Option(name: .long, help: "Chips at each site.") var chipsPerSite = 256
  @Option(help: "Training tokens; by default 20 per parameter.") var tokens: CountArgument?
  @Option(name: .long, help: "Tokens of one global step.") var tokensPerStep = CountArgument(argument: "4M")!
  @Option(help: "MFU inside a site, a number or a range; by default predicted.") var mfu: RangeArgument?
  @Option(help: "Gbit/s of each site's link, a number or a range.")
  var link = RangeArgument(argument: "10..40..100")!
  @Option(name: .long, help: "Round trip between sites in milliseconds, a number or a range.")
  var rttMs = RangeArgument(argument: "60")!
  @Option(name: .long, parsing: .upToNextOption, help: "Steps between synchronisations to compare.")
  var localSteps: [Double] = [10, 30, 100, 300, 500]
  @Option(name: .long, help: "Power of one site in MW.") var siteMw = 5.0
  @OptionGroup var power: StudyPower
  @Option(name: .long, help: "Learner steps that a rollout may lag.") var staleness = 4.0
  @Option(name: .long, help: "Tokens of rollouts per learner step.") var rolloutTokens = CountArgument(
    argument: "16M")!
  @Option(help: "Trough over peak of the day's demand, a number or a range.")
  var trough = RangeArgument(argument: "30%..40%..60%")!
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      var serving = try subject.serving(maxChips: 64, tpotMs: 0)
      serving.secondsPerToken = nil
      let chip = serving.chip
      guard let watts = try power.watts(of: chip) else {
        throw StudyError.invalid(
          what: "power of \(chip.id)", found: "nothing in the catalog", expected: "--watts")
      }
      return try trainingStudy(
        SitesQuestion(
          model: serving.model, chip: chip, sites: sites, chipsPerSite: chipsPerSite,
          tokens: tokens?.value ?? 20 * serving.activeParameters, tokensPerStep: tokensPerStep.value,
          mfu: mfu?.range, linkBitsPerSecond: InputRange.scaled(link.range, by: 1e9),
          roundTripSeconds: InputRange.scaled(rttMs.range, by: 1e-3), localSteps: localSteps.sorted(),
          usdPerChipHour: serving.usdPerChipHour,
          power: .init(
            siteWatts: siteMw * 1e6, wattsPerChip: watts, pue: power.pue.range,
            tariff: try power.prices(), gramsPerKWh: power.carbon),
          serving: serving, rolloutTokensPerStep: rolloutTokens.value, staleness: staleness,
          troughOverPeak: trough.range, seed: subject.seed))
    }
  }
}

extension InputRange {
  static func scaled(_ range: InputRange, by factor: Double) -> InputRange {
    var range = range
    range.low *= factor
    range.base *= factor
    range.high *= factor
    return range
  }
}
