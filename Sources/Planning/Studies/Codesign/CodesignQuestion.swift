import Economics
import FleetData
import Foundation
import Performance

/// "Which change to the chip is worth most to this traffic?"
///
/// Every number may be a range: the answer is for its base, the intervals for its whole.
public struct CodesignQuestion: Sendable {
  /// A service: what it serves and how often. All services have the first one's chip, price and utilisation.
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
    public var usdPerChipHour: InputRange
    public init(chip: ChipSpec, usdPerChipHour: InputRange) {
      self.chip = chip
      self.usdPerChipHour = usdPerChipHour
    }
  }

  public var services: [Service]
  /// The size of each change: 0.25 is +25 %.
  public var change: Double
  /// A hypothetical chip: factors on the real one.
  public var hypothetical: [ChipKnob: InputRange]
  /// Chips that might serve the traffic instead.
  public var rivals: [Rival]
  /// What power costs and emits.
  public var power: PowerTerms
  /// Chips to compare by performance per watt.
  public var generations: [ChipSpec]

  public init(
    services: [Service], change: Double = 0.25, hypothetical: [ChipKnob: InputRange] = [:],
    rivals: [Rival] = [], power: PowerTerms = PowerTerms(), generations: [ChipSpec] = []
  ) {
    self.services = services
    self.change = change
    self.hypothetical = hypothetical
    self.rivals = rivals
    self.power = power
    self.generations = generations
  }

  func validate() throws(StudyError) {
    guard !services.isEmpty else { throw .invalid(what: "services", found: "none", expected: "at least one") }
    guard change > 0, change < 1 else {
      throw .invalid(what: "change", found: "\(change)", expected: "above 0 and below 1")
    }
    for service in services {
      try service.requestsPerSecond.check("requests of \(service.name) per second", .positive)
      try service.serving.validate()
    }
    for (knob, factor) in hypothetical.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try factor.check("factor on \(knob.rawValue)", .positive)
    }
    for rival in rivals { try rival.usdPerChipHour.check("price of \(rival.chip.id)", .nonNegative) }
    try power.check()
  }
}

extension CodesignQuestion: RangedQuestion {
  var seed: UInt64 { services[0].serving.seed }

  /// Price, utilisation and step times move alike for all services, each service's rate and lengths by themselves.
  var inputs: [StudyInput<CodesignQuestion>] {
    let own: Set = ["prompt", "answer", "token time users accept"]
    let shared = services[0].serving.servingInputs.filter { !own.contains($0.name) }
    return shared.map { $0.within(\.services[0].serving) }
      + services.indices.flatMap { i -> [StudyInput<CodesignQuestion>] in
        let name = services[i].name
        return [StudyInput("\(name) rate", unit: "req/s", \.services[i].requestsPerSecond)]
          + services[i].serving.servingInputs.filter { own.contains($0.name) }
          .map { $0.within(\.services[i].serving, prefix: "\(name) ") }
      } + power.inputs.map { $0.within(\.power) }
  }

  /// A service with what all share, as it is drawn.
  func drawnServing(_ i: Int) -> ScaleQuestion {
    var serving = services[i].serving
    let shared = services[0].serving
    (serving.rent, serving.ownership, serving.utilization) = (
      shared.rent, shared.ownership, shared.utilization
    )
    (serving.decodeFactor, serving.prefillFactor) = (shared.decodeFactor, shared.prefillFactor)
    serving.ownership?.take(power)
    return serving
  }
}
