import ArgumentParser
import Economics
import FleetData
import Planning

/// A service of the mix on the command line: `llama-3.1-8b:2000:300:40` is model, tokens in, tokens out, requests/s.
struct ServiceArgument: ExpressibleByArgument {
  var model: String
  var input: InputRange
  var output: InputRange
  var rate: InputRange

  init?(argument: String) {
    let parts = argument.split(separator: ":").map(String.init)
    guard parts.count == 4, let input = RangeArgument(argument: parts[1])?.range,
      let output = RangeArgument(argument: parts[2])?.range,
      let rate = RangeArgument(argument: parts[3])?.range, input.low >= 0, output.low >= 1, rate.low > 0
    else { return nil }
    model = parts[0]
    (self.input, self.output, self.rate) = (input, output, rate)
  }
}

/// A change to the chip: `hbm-bandwidth=1.5`, `hbm-bandwidth=1.25..1.5..2`.
struct KnobArgument: ExpressibleByArgument {
  var knob: ChipKnob
  var factor: InputRange

  init?(argument: String) {
    let parts = argument.split(separator: "=").map(String.init)
    guard parts.count == 2, let knob = ChipKnob(rawValue: parts[0]),
      let factor = RangeArgument(argument: parts[1])?.range,
      factor.low > 0
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
  @OptionGroup var about: StudyModel
  @OptionGroup var subject: StudySubject
  @OptionGroup var use: StudyUse
  @Option(help: "Requests per second of the service, a number or a range.")
  var rate: RangeArgument = 10
  @Option(
    help:
      "Another service of the mix, as model:tokens-in:tokens-out:requests-per-second, numbers or ranges; may repeat."
  )
  var also: [ServiceArgument] = []
  @Option(help: "A scenario whose services are the mix, with the requests of their traces.")
  var scenario: String?
  @Option(help: "A trace whose requests, with their lengths, are the service's.")
  var trace: String?
  @Option(name: .long, help: "The largest instance, a power of two.") var maxChips = 64
  @Option(help: "The slowest token users accept, in milliseconds, a number or a range; 0 accepts any.")
  var tpotMs: RangeArgument = 50
  @Option(help: "The size of each change: 25%.") var change = ShareArgument(share: 0.25)
  @Option(
    help: "A hypothetical chip, as property=factor, a number or a range; may repeat: --set hbm-bandwidth=1.5."
  )
  var set: [KnobArgument] = []
  @Option(
    parsing: .upToNextOption,
    help:
      "Other chips for the same traffic, of the catalog or an overlay, as chip or chip=$/chip.h, a number or a range."
  )
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
          services: try services(), change: change.share,
          hypothetical: Dictionary(set.map { ($0.knob, $0.factor) }, uniquingKeysWith: { $1 }),
          rivals: try against.map { try $0.rival(catalog) },
          power: power.terms(of: try subject.chipSpec()), generations: catalog.chips))
    }
  }

  private func services() throws -> [CodesignQuestion.Service] {
    let base = try subject.serving(
      about.model, input: about.inputTokens.range, utilization: use.utilization.range, maxChips: maxChips,
      tpotMs: tpotMs)
    let catalog = try subject.catalog.load()
    if let scenario { return try TrafficMix(catalog: catalog, base: base).services(scenario: scenario) }
    let first =
      try trace.map { try TrafficMix(catalog: catalog, base: base).service(trace: $0, rate: rate.range) }
      ?? CodesignQuestion.Service(name: about.model, serving: base, requestsPerSecond: rate.range)
    return [first]
      + (try also.map { other in
        var serving = base
        serving.model = try catalog.model(other.model)
        (serving.input, serving.output) = (other.input, other.output)
        return .init(name: other.model, serving: serving, requestsPerSecond: other.rate)
      })
  }
}

/// A chip with or without a price: `tpu-v6e`, `my-chip=1.80`.
struct ChipArgument: ExpressibleByArgument {
  var id: String
  var price: InputRange?

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard let id = parts.first else { return nil }
    self.id = id
    if parts.count == 2 {
      guard let price = RangeArgument(argument: parts[1])?.range, price.low >= 0 else { return nil }
      self.price = price
    }
  }

  func rival(_ catalog: Catalog) throws -> CodesignQuestion.Rival {
    let chip = try catalog.chip(id)
    guard let price = price ?? chip.listPriceRange else { throw StudyError.noPrice(chip: id) }
    return .init(chip: chip, usdPerChipHour: price)
  }
}

/// A share on the command line: `25%`, `0.25`.
struct ShareArgument: ExpressibleByArgument, CustomStringConvertible {
  var share: Double
  var description: String { "\(share)" }

  init(share: Double) { self.share = share }
  init?(argument: String) {
    guard let share = RangeArgument.number(argument) else { return nil }
    self.share = share
  }
}
