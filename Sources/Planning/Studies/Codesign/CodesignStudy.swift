import Economics
import FleetData
import Foundation
import Performance

/// "Which change to the chip is worth most to this traffic?"
public struct CodesignQuestion: Sendable {
  /// A service: what it serves and how often.
  public struct Service: Sendable {
    public var name: String
    public var serving: ScaleQuestion
    public var requestsPerSecond: InputRange
    /// Requests of its real traffic, for the time that prompts of every length take; empty when all are alike.
    public var lengths: [RequestShape]
    public init(
      name: String, serving: ScaleQuestion, requestsPerSecond: InputRange, lengths: [RequestShape] = []
    ) {
      self.name = name
      self.serving = serving
      self.requestsPerSecond = requestsPerSecond
      self.lengths = lengths
    }
  }

  /// Another chip for the same traffic: of the catalog, or of an overlay.
  public struct Rival: Sendable {
    public var chip: ChipSpec
    public var usdPerChipHour: Double
    public init(chip: ChipSpec, usdPerChipHour: Double) {
      self.chip = chip
      self.usdPerChipHour = usdPerChipHour
    }
  }

  public var services: [Service]
  /// The size of each change: 0.25 is +25 %.
  public var change: Double
  /// A hypothetical chip: factors on the real one.
  public var hypothetical: [ChipKnob: Double]
  /// Chips that might serve the traffic instead.
  public var rivals: [Rival]
  /// Dollars per kWh at the meter, for what power costs.
  public var usdPerKWh: InputRange
  public var pue: InputRange
  /// Chips to compare by performance per watt.
  public var generations: [ChipSpec]

  public init(
    services: [Service], change: Double = 0.25, hypothetical: [ChipKnob: Double] = [:],
    rivals: [Rival] = [], usdPerKWh: InputRange = InputRange(0.08), pue: InputRange = InputRange(1.1),
    generations: [ChipSpec] = []
  ) {
    self.services = services
    self.change = change
    self.hypothetical = hypothetical
    self.rivals = rivals
    self.usdPerKWh = usdPerKWh
    self.pue = pue
    self.generations = generations
  }
}

/// What the traffic asks of the chip, and what each change to the chip gives back.
/// - Throws: when a service fits nowhere or nothing is fast enough on the chip as it is.
public func codesignStudy(_ question: CodesignQuestion) throws(StudyError) -> StudyResult {
  guard let first = question.services.first else {
    throw .invalid(what: "services", found: "none", expected: "at least one")
  }
  guard question.change > 0, question.change < 1 else {
    throw .invalid(what: "change", found: "\(question.change)", expected: "above 0 and below 1")
  }
  for service in question.services where service.requestsPerSecond.low <= 0 {
    throw .invalid(
      what: "requests of \(service.name)", found: "\(service.requestsPerSecond.low)/s",
      expected: "more than 0")
  }
  guard question.pue.low >= 1, question.usdPerKWh.low >= 0 else {
    throw .invalid(
      what: "site", found: "PUE \(question.pue.low), \(question.usdPerKWh.low) $/kWh",
      expected: "a PUE of 1 or more and a price of 0 or more")
  }
  let base = try FleetOutcome(question, knobs: [:])
  var effects: [KnobEffect] = []
  for knob in ChipKnob.allCases { effects.append(KnobEffect(knob, question, base: base)) }
  let ranked = effects.sorted { ($0.better.usd, $0.knob.rawValue) < ($1.better.usd, $1.knob.rawValue) }
  let cost = try fleetUncertainty(question, base)
  let profile = ComputeProfile(question, base)
  var tables = [
    knobTable(ranked, question, base), perServiceTable(ranked, question, base), profile.fleetTable,
    profile.serviceTable,
  ]
  if !question.hypothetical.isEmpty { tables.append(hypotheticalTable(question, base)) }
  if !question.rivals.isEmpty { tables.append(rivalTable(question, base)) }
  tables += [
    generationTable(question),
    StudyCharts.tornadoTable(
      id: "codesign-drivers", title: "What the fleet's cost depends on", unit: "$/h", cost),
  ]
  return StudyResult(
    id: "codesign", title: "What the traffic asks of the chip",
    sentences: codesignSentences(question, base, ranked, cost, profile), tables: tables,
    charts: [
      knobTornado(ranked, base), profile.chart,
      StudyCharts.tornado(id: "codesign-tornado", title: "Cost of the fleet", unit: "$/h", cost),
    ],
    findings: codesignFindings(base, ranked, cost, profile),
    assumptions: codesignAssumptions(question), live: StudyLive.codesign(base.services[0], first))
}

/// Dollars per hour of the whole fleet with price, utilisation, rates, lengths and step times as ranges.
///
/// Price, utilisation and step times move alike for all services, each service's rate and lengths by themselves.
private func fleetUncertainty(
  _ question: CodesignQuestion, _ base: FleetOutcome
) throws(StudyError) -> Uncertainty {
  var inputs = Array(question.services[0].serving.servingInputs.prefix(4))
  for service in question.services {
    inputs.append(UncertainInput("\(service.name) rate", unit: "req/s", service.requestsPerSecond))
    for input in service.serving.servingInputs.suffix(2) {
      inputs.append(UncertainInput("\(service.name) \(input.name)", unit: input.unit, input.range))
    }
  }
  let seed = question.services[0].serving.seed
  return try sampled(inputs, seed: seed, stream: "codesign/usd-per-hour") { x throws(StudyError) in
    question.services.indices.reduce(0) { sum, i in
      let own = Array(x[(4 + 3 * i)..<(7 + 3 * i)])
      let serving = question.services[i].serving
      let point = base.services[i].point.varied(serving, [x[2], x[3], own[1], own[2]])
      let shape = RequestShape(input: own[1], output: own[2])
      let chips = own[0] / point.requestsPerSecond(shape) * Double(point.chips) / x[1]
      return sum + chips * x[0]
    }
  }
}

/// Every service on a chip with some properties changed, each at its cheapest sharding, slice and batch.
struct FleetOutcome: Sendable {
  struct One: Sendable {
    var point: ServingPoint
    /// Dollars per hour to serve the service's rate.
    var usdPerHour: Double
    /// The fastest token of a lone user, and the fastest first one.
    var aloneSeconds: Double
    var prefillSeconds: Double
    var chips: Double
  }
  var services: [One]
  var usd: Double { services.reduce(0) { $0 + $1.usdPerHour } }

  init(_ question: CodesignQuestion, knobs: [ChipKnob: Double]) throws(StudyError) {
    services = []
    for service in question.services {
      var serving = service.serving
      for (knob, factor) in knobs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        serving.chip = knob.scaled(serving.chip, by: factor)
      }
      let point = try cheapestPoint(serving)
      let lone = try serving.candidates().map { ServingPoint($0, batch: 1, shape: serving.shape) }
      let chips =
        service.requestsPerSecond.base / point.requestsPerSecond(serving.shape) * Double(point.chips)
        / serving.utilization.base
      let watts = serving.chip.power?.value.value ?? 0
      let before = service.serving.chip.power?.value.value ?? 0
      let energy = (watts - before) / 1000 * question.pue.base * question.usdPerKWh.base
      services.append(
        One(
          point: point, usdPerHour: chips * (serving.usdPerChipHour.base + energy),
          aloneSeconds: lone.map(\.stepSeconds).min() ?? point.stepSeconds,
          prefillSeconds: lone.map(\.prefillSeconds).min() ?? point.prefillSeconds, chips: chips))
    }
  }
}

/// One knob turned both ways; an outcome that cannot be is `nil`.
struct KnobEffect: Sendable {
  var knob: ChipKnob
  var better: (usd: Double, alone: [Double], prefill: [Double], perService: [Double])
  var worse: (usd: Double, why: String?)

  init(_ knob: ChipKnob, _ question: CodesignQuestion, base: FleetOutcome) {
    self.knob = knob
    let up = 1 + question.change
    let good = try? FleetOutcome(question, knobs: [knob: knob.moreIsBetter ? up : 1 / up])
    better = (
      good?.usd ?? base.usd, (good ?? base).services.map(\.aloneSeconds),
      (good ?? base).services.map(\.prefillSeconds),
      (good ?? base).services.map(\.usdPerHour)
    )
    do {
      worse = (try FleetOutcome(question, knobs: [knob: knob.moreIsBetter ? 1 / up : up]).usd, nil)
    } catch {
      worse = (base.usd, error.description)
    }
  }

  /// d ln cost / d ln knob, by the better side.
  func elasticity(_ base: Double, change: Double) -> Double {
    log(better.usd / base) / log(knob.moreIsBetter ? 1 + change : 1 / (1 + change))
  }
}
