import Economics
import FleetData
import Foundation
import Performance

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
    /// What it was chosen from, for samples of the ranges.
    var choice: ServingChoice
  }
  var services: [One]
  /// Watts per chip over the chip as it is, service by service.
  var addedWatts: [Double]
  var usd: Double { services.reduce(0) { $0 + $1.usdPerHour } }

  init(_ question: CodesignQuestion, knobs: [ChipKnob: Double]) throws(StudyError) {
    services = []
    addedWatts = []
    for (i, service) in question.services.enumerated() {
      var serving = question.drawnServing(i)
      for (knob, factor) in knobs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        serving.chip = knob.scaled(serving.chip, by: factor)
      }
      let choice = try ServingChoice(serving)
      let point = choice.point
      let lone = choice.candidates.map { ServingPoint($0, batch: 1, shape: serving.shape) }
      let chips =
        service.requestsPerSecond.base / point.requestsPerSecond(serving.shape) * Double(point.chips)
        / serving.utilization.base
      let watts = serving.chip.power?.value.value ?? 0
      let before = service.serving.chip.power?.value.value ?? 0
      addedWatts.append(watts - before)
      let energy = (watts - before) / 1000 * question.power.pue.base * question.power.meanUSDPerKWh
      services.append(
        One(
          point: point, usdPerHour: chips * (serving.usdPerChipHour.base + energy),
          aloneSeconds: lone.map(\.stepSeconds).min() ?? point.stepSeconds,
          prefillSeconds: lone.map(\.prefillSeconds).min() ?? point.prefillSeconds, chips: chips,
          choice: choice))
    }
  }
}

/// One knob turned both ways; an outcome that cannot be is `nil`.
struct KnobEffect: Sendable {
  var knob: ChipKnob
  var better: (usd: Double, alone: [Double], prefill: [Double], perService: [Double])
  var worse: (usd: Double, why: String?)
  /// The fleet on the better chip; `nil` when nothing serves on it.
  var outcome: FleetOutcome?

  init(_ knob: ChipKnob, _ question: CodesignQuestion, base: FleetOutcome) {
    self.knob = knob
    let up = 1 + question.change
    let good = try? FleetOutcome(question, knobs: [knob: knob.moreIsBetter ? up : 1 / up])
    outcome = good
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
