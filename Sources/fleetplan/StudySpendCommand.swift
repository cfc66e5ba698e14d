import ArgumentParser
import Economics
import FleetData
import Planning

extension ParametricLaw: ExpressibleByArgument {
  public init?(argument: String) {
    guard let law = ParametricLaw.all.first(where: { $0.name == argument }) else { return nil }
    self = law
  }
  public static var allValueStrings: [String] { all.map(\.name) }
  public var defaultValueDescription: String { name }
}

/// What training runs on and how far it goes.
struct TrainingOptions: ParsableArguments {
  @Option(name: .long, help: "Training chip; by default the serving chip.") var trainingChip: String?
  @Option(name: .long, help: "Chips that train, a number or a range.") var trainingChips: RangeArgument = 1024
  @Option(name: .long, help: "Dollars per training chip-hour, a number or a range.")
  var trainingPrice: RangeArgument?
  @Option(
    help:
      "MFU of training, a number or a range; by default that of the published run most alike, or else predicted."
  )
  var mfu: RangeArgument?
  @Option(name: .long, help: "Training tokens per parameter, a number or a range.")
  var tokensPerParameter: RangeArgument = 20
  @Option(help: "Train to this loss in nats per token, a number or a range, whatever tokens it takes.")
  var loss: RangeArgument?
  @Option(help: "Scaling law.") var law: ParametricLaw = .besiroglu
  @Option(help: "Unexpected failures per 1,000 node-days, a number or a range.")
  var failures: RangeArgument = "2.34..3.79..6.5"
  @Option(help: "Seconds one checkpoint takes, a number or a range.") var checkpoint: RangeArgument = 60
  @Option(help: "Seconds from a failure until work goes on, a number or a range.")
  var restart: RangeArgument = 300
}

/// Sampling one question many times.
struct SamplingOptions: ParsableArguments {
  @Option(name: .long, help: "Share of questions that one sample solves, a number or a range.")
  var passRate: RangeArgument = "15.9%"
  @Option(
    name: .long,
    help: "Share that at least one of many samples solves, as samples:share; the share a number or a range.")
  var coverage = CoverageArgument(argument: "250:56%")!
  @Option(name: .long, help: "Dollars to check one answer, a number or a range.")
  var verifierCost: RangeArgument = 0.001
  @Option(name: .long, help: "Share of right answers that the check finds, a number or a range.")
  var verifierRecall: RangeArgument = "100%"
  @Option(name: .long, help: "Dollars that a solved question is worth, a number or a range.")
  var solvedWorth: RangeArgument = 1

  var terms: SamplingTerms {
    SamplingTerms(
      first: passRate.range, samples: coverage.samples, coverage: coverage.share.range,
      usdPerVerification: verifierCost.range, verifierRecall: verifierRecall.range,
      solvedWorth: solvedWorth.range)
  }
}

/// A point of a coverage curve: `250:56%`, `250:50%..60%`.
struct CoverageArgument: ExpressibleByArgument, CustomStringConvertible {
  var samples: Double
  var share: RangeArgument
  var description: String { "\(Int(samples)):\(share)" }

  init?(argument: String) {
    let parts = argument.split(separator: ":").map(String.init)
    guard parts.count == 2, let samples = RangeArgument.number(parts[0]), samples > 1, samples < 1e9,
      let share = RangeArgument(argument: parts[1])
    else { return nil }
    self.samples = samples
    self.share = share
  }
}

/// `study spend`: should the next dollar train or serve?
struct StudySpendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spend", abstract: "Training against inference over the life of a service.",
    discussion: "Example: fleetplan study spend --model llama-3.1-8b --chip tpu-v5e --requests-per-day 1M..3M"
  )
  @OptionGroup var about: StudyModel
  @OptionGroup var subject: StudySubject
  @OptionGroup var use: StudyUse
  @Option(name: .long, help: "The largest serving instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds, a number or a range; 0 accepts any.")
  var tpotMs: RangeArgument = 50
  @Option(name: .long, help: "Requests per day in the first month, a number or a range: 500k..1M..3M.")
  var requestsPerDay: RangeArgument = "500k..1M..2M"
  @Option(help: "Growth per month, a number or a range.") var growth: RangeArgument = "2%..5%..8%"
  @Option(help: "Months of service, a number or a range.") var months: RangeArgument = 24
  @OptionGroup var training: TrainingOptions
  @OptionGroup var sampling: SamplingOptions
  @Option(name: .long, help: "Discount rate per year, a number or a range.")
  var discount: RangeArgument = "5%..8%..12%"
  @Option(help: "Trough over peak of the day's demand, a number or a range.") var trough: RangeArgument =
    "40%"
  @Option(
    name: .long,
    help:
      "Dollars per serving chip-hour under commitment, a number or a range; by default the cheapest listed.")
  var committedPrice: RangeArgument?
  @OptionGroup var power: StudyPower
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let serving = try subject.serving(
        about.model, input: about.inputTokens.range, utilization: use.utilization.range,
        maxChips: maxChips, tpotMs: tpotMs)
      let chip = try training.trainingChip.map { try subject.catalog.load().chip($0) } ?? serving.chip
      guard let price = training.trainingPrice?.range ?? chip.listPriceRange else {
        throw StudyError.noPrice(chip: chip.id)
      }
      return try spendStudy(
        SpendQuestion(
          serving: serving, trainingChip: chip,
          trainingChips: try training.trainingChips.whole("--training-chips"),
          trainingUSDPerChipHour: price, mfu: training.mfu?.range,
          tokensPerParameter: training.tokensPerParameter.range, targetLoss: training.loss?.range,
          law: training.law, failuresPer1000NodeDays: training.failures.range,
          checkpointSeconds: training.checkpoint.range, restartSeconds: training.restart.range,
          requestsPerDay: requestsPerDay.range, growth: growth.range, months: try months.whole("--months"),
          money: money(serving.chip), sampling: sampling.terms))
    }
  }

  private func money(_ chip: ChipSpec) -> SpendMoney {
    let listed = subject.price == nil && subject.capital == nil ? chip.committedPrice : nil
    return SpendMoney(
      discountRate: discount.range, troughOverPeak: trough.range,
      committedUSDPerChipHour: committedPrice?.range ?? listed.map { InputRange($0) },
      power: power.terms(of: chip))
  }
}
