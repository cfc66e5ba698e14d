import ArgumentParser
import Economics
import FleetData
import Planning

/// A service of the mix on the command line: `llama-3.1-8b:2000:300:40` is model, tokens in, tokens out, requests/s.
struct ServiceArgument: ExpressibleByArgument {
  var model: String
  var shape: RequestShape
  var rate: InputRange

  init?(argument: String) {
    let parts = argument.split(separator: ":").map(String.init)
    guard parts.count == 4, let input = Double(parts[1]), let output = Double(parts[2]),
      let rate = RangeArgument(argument: parts[3])?.range,
      input >= 0, output >= 1, rate.low > 0
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
    abstract: "What the traffic asks of the chip: time by operation, elasticity by knob.",
    discussion: """
      With --scenario the services, their rates at the peak and the lengths of their requests come from it; --chip says \
      which chip serves them all.

      Example: fleetplan study codesign --scenario scenario.yaml --chip tpu-v5e
      """)
  @OptionGroup var subject: StudySubject
  @Option(help: "Requests per second of the service, a number or a range.")
  var rate = RangeArgument(argument: "10")!
  @Option(help: "Another service of the mix, as model:tokens-in:tokens-out:requests-per-second; may repeat.")
  var also: [ServiceArgument] = []
  @Option(help: "A scenario whose services are the mix, with the requests of their traces.")
  var scenario: String?
  @Option(help: "A trace whose requests, with their lengths, are the service's.")
  var trace: String?
  @Option(name: .long, help: "The largest instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds; 0 accepts any.") var tpotMs = 50.0
  @Option(help: "The size of each change: 25%.") var change = CountArgument(argument: "25%")!
  @Option(help: "A hypothetical chip, as property=factor; may repeat: --set hbm-bandwidth=1.5.")
  var set: [KnobArgument] = []
  @Option(
    parsing: .upToNextOption,
    help: "Other chips for the same traffic, of the catalog or an overlay, as chip or chip=$/chip.h.")
  var against: [ChipArgument] = []
  @OptionGroup var power: StudyPower
  @OptionGroup var output: StudyOutput

  func validate() throws {
    if scenario != nil, trace != nil || !also.isEmpty {
      throw ValidationError("--scenario names all services, so --trace and --also mean nothing beside it")
    }
  }

  func run() async throws {
    try output.write {
      let catalog = try subject.catalog.load()
      return try codesignStudy(
        CodesignQuestion(
          services: try services(), change: change.value,
          hypothetical: Dictionary(set.map { ($0.knob, $0.factor) }, uniquingKeysWith: { $0 * $1 }),
          rivals: try against.map { try $0.rival(catalog) }, usdPerKWh: power.electricity.range,
          pue: power.pue.range, generations: catalog.chips))
    }
  }

  private func services() throws -> [CodesignQuestion.Service] {
    let base = try subject.serving(maxChips: maxChips, tpotMs: tpotMs)
    let catalog = try subject.catalog.load()
    if let scenario { return try TrafficMix(catalog: catalog, base: base).services(scenario: scenario) }
    let first =
      try trace.map { try TrafficMix(catalog: catalog, base: base).service(trace: $0, rate: rate.range) }
      ?? CodesignQuestion.Service(name: subject.model, serving: base, requestsPerSecond: rate.range)
    return [first]
      + (try also.map { other in
        var serving = base
        serving.model = try catalog.model(other.model)
        serving.shape = other.shape
        (serving.inputRange, serving.outputRange) = (nil, nil)
        return .init(name: other.model, serving: serving, requestsPerSecond: other.rate)
      })
  }
}

/// A chip with or without a price: `tpu-v6e`, `my-chip=1.80`.
struct ChipArgument: ExpressibleByArgument {
  var id: String
  var price: Double?

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard let id = parts.first else { return nil }
    self.id = id
    if parts.count == 2 {
      guard let price = RangeArgument.number(parts[1]), price >= 0 else { return nil }
      self.price = price
    }
  }

  func rival(_ catalog: Catalog) throws -> CodesignQuestion.Rival {
    let chip = try catalog.chip(id)
    guard let price = price ?? chip.listPriceRange?.base else { throw StudyError.noPrice(chip: id) }
    return .init(chip: chip, usdPerChipHour: price)
  }
}
