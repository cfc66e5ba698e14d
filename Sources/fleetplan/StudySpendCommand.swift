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
  @Option(name: .long, help: "Chips that train.") var trainingChips = 1024
  @Option(name: .long, help: "Dollars per training chip-hour, a number or a range.")
  var trainingPrice: RangeArgument?
  @Option(help: "MFU of training, a number or a range; by default predicted.") var mfu: RangeArgument?
  @Option(name: .long, help: "Training tokens per parameter.") var tokensPerParameter = 20.0
  @Option(help: "Train to this loss in nats per token, whatever tokens it takes.") var loss: Double?
  @Option(help: "Scaling law.") var law: ParametricLaw = .besiroglu
  @Option(help: "Unexpected failures per 1,000 node-days, a number or a range.")
  var failures = RangeArgument(argument: "2.34..3.79..6.5")!
  @Option(help: "Seconds one checkpoint takes, a number or a range.")
  var checkpoint = RangeArgument(argument: "60")!
  @Option(help: "Seconds from a failure until work goes on, a number or a range.")
  var restart = RangeArgument(argument: "300")!
}

/// Sampling one question many times.
struct SamplingOptions: ParsableArguments {
  @Option(name: .long, help: "Share of questions that one sample solves.")
  var passRate = RangeArgument(argument: "15.9%")!
  @Option(name: .long, help: "Share that at least one of many samples solves, as samples:share.")
  var coverage = CoverageArgument(argument: "250:56%")!
  @Option(name: .long, help: "Dollars to check one answer.") var verifierCost = 0.001
  @Option(name: .long, help: "Share of right answers that the check finds.")
  var verifierRecall = RangeArgument(argument: "100%")!
  @Option(name: .long, help: "Dollars that a solved question is worth.") var solvedWorth = 1.0

  var terms: SamplingTerms {
    SamplingTerms(
      first: passRate.range.base, samples: coverage.samples, coverage: coverage.share,
      usdPerVerification: verifierCost, verifierRecall: verifierRecall.range.base, solvedWorth: solvedWorth)
  }
}

/// A point of a coverage curve: `250:56%`.
struct CoverageArgument: ExpressibleByArgument, CustomStringConvertible {
  var samples: Double
  var share: Double
  var description: String { "\(samples):\(share)" }

  init?(argument: String) {
    let parts = argument.split(separator: ":").map { RangeArgument.number(String($0)) }
    guard parts.count == 2, let samples = parts[0], let share = parts[1] else { return nil }
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
  @OptionGroup var subject: StudySubject
  @Option(name: .long, help: "The largest serving instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds; 0 accepts any.") var tpotMs = 50.0
  @Option(name: .long, help: "Requests per day in the first month, a number or a range: 500k..1M..3M.")
  var requestsPerDay = RangeArgument(argument: "500k..1M..2M")!
  @Option(help: "Growth per month, a number or a range.") var growth = RangeArgument(argument: "2%..5%..8%")!
  @Option(help: "Months of service.") var months = 24
  @OptionGroup var training: TrainingOptions
  @OptionGroup var sampling: SamplingOptions
  @Option(name: .long, help: "Discount rate per year, a number or a range.")
  var discount = RangeArgument(argument: "5%..8%..12%")!
  @Option(help: "Trough over peak of the day's demand.") var trough = RangeArgument(argument: "40%")!
  @Option(
    name: .long, help: "Dollars per serving chip-hour under commitment; by default the cheapest listed.")
  var committedPrice: Double?
  @OptionGroup var power: StudyPower
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let serving = try subject.serving(maxChips: maxChips, tpotMs: tpotMs)
      let chip = try training.trainingChip.map { try subject.catalog.load().chip($0) } ?? serving.chip
      guard let price = training.trainingPrice?.range ?? chip.listPriceRange else {
        throw StudyError.noPrice(chip: chip.id)
      }
      return try spendStudy(
        SpendQuestion(
          serving: serving, trainingChip: chip, trainingChips: training.trainingChips,
          trainingUSDPerChipHour: price, mfu: training.mfu?.range,
          tokensPerParameter: training.tokensPerParameter, targetLoss: training.loss, law: training.law,
          failuresPer1000NodeDays: training.failures.range, checkpointSeconds: training.checkpoint.range,
          restartSeconds: training.restart.range, requestsPerDay: requestsPerDay.range,
          growth: growth.range, months: months, money: try money(serving.chip), sampling: sampling.terms))
    }
  }

  private func money(_ chip: ChipSpec) throws -> SpendMoney {
    SpendMoney(
      discountRate: discount.range, troughOverPeak: trough.range.base,
      committedUSDPerChipHour: committedPrice ?? (subject.price == nil ? chip.committedPrice : nil),
      tariff: try power.prices(), pue: power.pue.range.base, wattsPerChip: try power.watts(of: chip),
      gramsPerKWh: power.carbon)
  }
}
