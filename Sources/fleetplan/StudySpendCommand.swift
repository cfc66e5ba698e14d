import ArgumentParser
import Economics
import Planning

extension ParametricLaw: ExpressibleByArgument {
  public init?(argument: String) {
    guard let law = ParametricLaw.all.first(where: { $0.name == argument }) else { return nil }
    self = law
  }
  public static var allValueStrings: [String] { all.map(\.name) }
  public var defaultValueDescription: String { name }
}

/// `study spend`: should the next dollar train or serve?
struct StudySpendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spend", abstract: "Training against inference over the life of a service.")
  @OptionGroup var subject: StudySubject
  @Option(name: .long, help: "The largest serving instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds; 0 accepts any.") var tpotMs = 50.0
  @Option(name: .long, help: "Requests per day in the first month, a number or a range: 500k..1M..3M.")
  var requestsPerDay = RangeArgument(argument: "500k..1M..2M")!
  @Option(help: "Growth per month, a number or a range.") var growth = RangeArgument(argument: "2%..5%..8%")!
  @Option(help: "Months of service.") var months = 24
  @Option(name: .long, help: "Training chip; by default the serving chip.") var trainingChip: String?
  @Option(name: .long, help: "Chips that train.") var trainingChips = 1024
  @Option(name: .long, help: "Dollars per training chip-hour, a number or a range.")
  var trainingPrice: RangeArgument?
  @Option(help: "MFU of training, a number or a range; by default predicted.") var mfu: RangeArgument?
  @Option(name: .long, help: "Training tokens per parameter.") var tokensPerParameter = 20.0
  @Option(help: "Scaling law.") var law: ParametricLaw = .besiroglu
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let chip = try subject.chipSpec()
      let training = try trainingChip.map { try subject.catalog.load().chip($0) } ?? chip
      let serving = ScaleQuestion(
        model: try subject.modelSpec(), chip: chip, weights: subject.weights, kv: subject.kv,
        shape: subject.shape, maxChips: maxChips, usdPerChipHour: try subject.priceRange(of: chip),
        utilization: subject.utilizationRange, secondsPerToken: tpotMs > 0 ? tpotMs / 1000 : nil,
        seed: subject.seed)
      let price: InputRange
      if let given = trainingPrice?.range ?? training.listPriceRange {
        price = given
      } else {
        throw StudyError.noPrice(chip: training.id)
      }
      return try spendStudy(
        SpendQuestion(
          serving: serving, trainingChip: training, trainingChips: trainingChips,
          trainingUSDPerChipHour: price, mfu: mfu?.range, tokensPerParameter: tokensPerParameter, law: law,
          requestsPerDay: requestsPerDay.range, growth: growth.range, months: months))
    }
  }
}
