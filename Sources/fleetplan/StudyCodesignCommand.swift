import ArgumentParser
import FleetData
import Planning

/// A service of the mix on the command line: `llama-3.1-8b:2000:300:40` is model, tokens in, tokens out, requests/s.
struct ServiceArgument: ExpressibleByArgument {
  var model: String
  var shape: RequestShape
  var rate: Double

  init?(argument: String) {
    let parts = argument.split(separator: ":").map(String.init)
    guard parts.count == 4, let input = Double(parts[1]), let output = Double(parts[2]),
      let rate = Double(parts[3]),
      input >= 0, output >= 1, rate > 0
    else { return nil }
    model = parts[0]
    shape = RequestShape(input: input, output: output)
    self.rate = rate
  }
}

/// A change to the chip: `hbm-bandwidth=1.5`.
struct KnobArgument: ExpressibleByArgument {
  var knob: ChipKnob
  var factor: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=").map(String.init)
    guard parts.count == 2, let knob = ChipKnob(rawValue: parts[0]), let factor = Double(parts[1]), factor > 0
    else { return nil }
    self.knob = knob
    self.factor = factor
  }
}

/// `study codesign`: which change to the chip is worth most to this traffic?
struct StudyCodesignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codesign",
    abstract: "What the traffic asks of the chip: time by operation, elasticity by knob.")
  @OptionGroup var subject: StudySubject
  @Option(help: "Requests per second of the service.") var rate = 10.0
  @Option(help: "Another service of the mix, as model:tokens-in:tokens-out:requests-per-second; may repeat.")
  var also: [ServiceArgument] = []
  @Option(name: .long, help: "The largest instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds; 0 accepts any.") var tpotMs = 50.0
  @Option(help: "The size of each change: 25%.") var change = CountArgument(argument: "25%")!
  @Option(help: "A hypothetical chip, as property=factor; may repeat: --set hbm-bandwidth=1.5.")
  var set: [KnobArgument] = []
  @Option(name: .long, help: "Dollars per kWh of electricity.") var electricity = 0.08
  @Option(help: "PUE of the site.") var pue = 1.1
  @OptionGroup var output: StudyOutput

  func run() async throws {
    try output.write {
      let catalog = try subject.catalog.load()
      let chip = try subject.chipSpec()
      let price = try subject.priceRange(of: chip)
      func service(_ model: String, _ shape: RequestShape, _ rate: Double) throws -> CodesignQuestion.Service
      {
        CodesignQuestion.Service(
          name: model,
          serving: ScaleQuestion(
            model: try catalog.model(model), chip: chip, weights: subject.weights, kv: subject.kv,
            shape: shape,
            maxChips: maxChips, usdPerChipHour: price, utilization: subject.utilizationRange,
            secondsPerToken: tpotMs > 0 ? tpotMs / 1000 : nil, seed: subject.seed),
          requestsPerSecond: rate)
      }
      return try codesignStudy(
        CodesignQuestion(
          services: [try service(subject.model, subject.shape, rate)]
            + also.map { try service($0.model, $0.shape, $0.rate) },
          change: change.value,
          hypothetical: Dictionary(set.map { ($0.knob, $0.factor) }, uniquingKeysWith: { $0 * $1 }),
          usdPerKWh: electricity, pue: pue, generations: catalog.chips))
    }
  }
}
