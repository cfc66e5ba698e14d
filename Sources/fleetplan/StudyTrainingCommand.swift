import ArgumentParser
import Economics
import FleetData
import Planning

/// `study training`: one run over several sites.
struct StudyTrainingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training",
    abstract: "Training over sites: links, methods, power, RL actors, valleys of serving.")
  @OptionGroup var subject: StudySubject
  @Option(help: "Sites that train together.") var sites = 4
  @Option(name: .long, help: "Chips at each site.") var chipsPerSite = 256
  @Option(help: "Training tokens; by default 20 per parameter.") var tokens: CountArgument?
  @Option(name: .long, help: "Tokens of one global step.") var tokensPerStep = CountArgument(argument: "4M")!
  @Option(help: "MFU inside a site, a number or a range; by default predicted.") var mfu: RangeArgument?
  @Option(help: "Gbit/s of each site's link, a number or a range.")
  var link = RangeArgument(argument: "10..40..100")!
  @Option(name: .long, help: "Round trip between sites in milliseconds.") var rttMs = 60.0
  @Option(name: .long, parsing: .upToNextOption, help: "Steps between synchronisations to compare.")
  var localSteps: [Double] = [10, 30, 100, 300, 500]
  @Option(name: .long, help: "Power of one site in MW.") var siteMw = 5.0
  @Option(help: "Watts per chip with its share of the host; by default 1.8 times the chip's own.") var watts:
    Double?
  @Option(help: "PUE of the sites.") var pue = 1.1
  @Option(name: .long, help: "Learner steps that a rollout may lag.") var staleness = 4.0
  @Option(name: .long, help: "Tokens of rollouts per learner step.") var rolloutTokens = CountArgument(
    argument: "16M")!
  @Option(help: "Trough over peak of the day's demand.") var trough = 0.4
  @Option(help: "Scaling law.") var law: ParametricLaw = .besiroglu
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let chip = try subject.chipSpec()
      let model = try subject.modelSpec()
      let price = try subject.priceRange(of: chip)
      guard let watts = watts ?? chip.power.map({ $0.value.value * 1.8 }) else {
        throw StudyError.invalid(
          what: "power of \(chip.id)", found: "nothing in the catalog", expected: "--watts")
      }
      let serving = ScaleQuestion(
        model: model, chip: chip, weights: subject.weights, kv: subject.kv, shape: subject.shape,
        usdPerChipHour: price, utilization: subject.utilizationRange, secondsPerToken: nil, seed: subject.seed
      )
      let perSecond = InputRange.scaled(link.range, by: 1e9)
      return try trainingStudy(
        SitesQuestion(
          model: model, chip: chip, sites: sites, chipsPerSite: chipsPerSite,
          tokens: tokens?.value ?? 20 * serving.activeParameters, tokensPerStep: tokensPerStep.value,
          mfu: mfu?.range, linkBitsPerSecond: perSecond, roundTripSeconds: rttMs / 1000,
          localSteps: localSteps.sorted(), usdPerChipHour: price, siteWatts: siteMw * 1e6,
          wattsPerChip: watts, pue: pue, law: law, serving: serving,
          rolloutTokensPerStep: rolloutTokens.value, staleness: staleness, troughOverPeak: trough,
          seed: subject.seed))
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
