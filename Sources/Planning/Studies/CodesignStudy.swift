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
    public var requestsPerSecond: Double
    public init(name: String, serving: ScaleQuestion, requestsPerSecond: Double) {
      self.name = name
      self.serving = serving
      self.requestsPerSecond = requestsPerSecond
    }
  }

  public var services: [Service]
  /// The size of each change: 0.25 is +25 %.
  public var change: Double
  /// A hypothetical chip: factors on the real one.
  public var hypothetical: [ChipKnob: Double]
  /// Dollars per kWh at the meter, for what power costs.
  public var usdPerKWh: Double
  public var pue: Double
  /// Chips to compare by performance per watt.
  public var generations: [ChipSpec]

  public init(
    services: [Service], change: Double = 0.25, hypothetical: [ChipKnob: Double] = [:],
    usdPerKWh: Double = 0.08, pue: Double = 1.1, generations: [ChipSpec] = []
  ) {
    self.services = services
    self.change = change
    self.hypothetical = hypothetical
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
  let base = try FleetOutcome(question, knobs: [:])
  var effects: [KnobEffect] = []
  for knob in ChipKnob.allCases { effects.append(KnobEffect(knob, question, base: base)) }
  let ranked = effects.sorted { ($0.better.usd, $0.knob.rawValue) < ($1.better.usd, $1.knob.rawValue) }
  let uncertainty = try costUncertainty(
    base.services[0].point, first.serving, stream: "codesign/usd-per-million-output")
  var tables = [
    knobTable(ranked, question, base), try timeTable(question, base), perServiceTable(ranked, question, base),
    generationTable(question.generations),
  ]
  if !question.hypothetical.isEmpty {
    tables.insert(hypotheticalTable(question, base), at: 1)
  }
  return StudyResult(
    id: "codesign", title: "What the traffic asks of the chip",
    sentences: codesignSentences(question, base, ranked, uncertainty), tables: tables,
    charts: [
      knobTornado(ranked, base),
      StudyCharts.tornado(
        id: "codesign-tornado", title: "Cost of a million output tokens of \(first.name)", unit: "$",
        uncertainty),
    ],
    findings: codesignFindings(base, ranked, uncertainty),
    assumptions: scaleAssumptions(first.serving) + [
      .init(
        "power",
        "\(StudyText.number(question.usdPerKWh)) $/kWh at PUE \(StudyText.number(question.pue)), taken out of the chip's price",
        source: "the question", grade: .assumed)
    ], live: StudyLive.codesign(base.services[0], first))
}

/// Every service on a chip with some properties changed, each at its cheapest sharding, slice and batch.
struct FleetOutcome: Sendable {
  struct One: Sendable {
    var point: ServingPoint
    /// Dollars per hour to serve the service's rate.
    var usdPerHour: Double
    var aloneSeconds: Double
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
      let alone =
        try serving.candidates()
        .map { ServingPoint($0, batch: 1, shape: serving.shape).stepSeconds }.min() ?? point.stepSeconds
      let chips =
        service.requestsPerSecond / point.requestsPerSecond(serving.shape) * Double(point.chips)
        / serving.utilization.base
      let watts = serving.chip.power?.value.value ?? 0
      let before = service.serving.chip.power?.value.value ?? 0
      let energy = (watts - before) / 1000 * question.pue * question.usdPerKWh
      services.append(
        One(
          point: point, usdPerHour: chips * (serving.usdPerChipHour.base + energy), aloneSeconds: alone,
          chips: chips))
    }
  }
}

/// One knob turned both ways; an outcome that cannot be is `nil`.
struct KnobEffect: Sendable {
  var knob: ChipKnob
  var better: (usd: Double, alone: [Double], perService: [Double])
  var worse: (usd: Double, why: String?)

  init(_ knob: ChipKnob, _ question: CodesignQuestion, base: FleetOutcome) {
    self.knob = knob
    let up = 1 + question.change
    let good = try? FleetOutcome(question, knobs: [knob: knob.moreIsBetter ? up : 1 / up])
    better = (
      good?.usd ?? base.usd, (good ?? base).services.map(\.aloneSeconds),
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
