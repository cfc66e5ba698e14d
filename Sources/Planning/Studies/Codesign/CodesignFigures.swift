import Economics
import FleetData

/// What the fleet costs, what the best change saves and what the fleet's power costs, each with its interval.
func fleetFigures(
  _ question: CodesignQuestion, _ base: FleetOutcome, _ best: KnobEffect
) throws(StudyError) -> [StudyFigure] {
  func figure(
    _ id: String, _ name: String, _ unit: String,
    _ value: (CodesignQuestion) throws(StudyError) -> Double
  ) throws(StudyError) -> StudyFigure {
    StudyFigure(id, name, unit: unit, try question.sampled("codesign/\(id)", value))
  }
  var figures = [
    try figure("fleet_usd_per_hour", "cost of the fleet", "$/h") { drawn throws(StudyError) in
      try base.drawn(drawn).usd
    },
    try figure("fleet_chips", "chips of the fleet", "chips") { drawn throws(StudyError) in
      try base.drawn(drawn).chips
    },
  ]
  if let outcome = best.outcome {
    figures.append(
      try figure("best_saving_usd_per_hour", "saved by \(best.knob.rawValue)", "$/h") {
        drawn throws(StudyError) in
        try base.drawn(drawn).usd - outcome.drawn(drawn).usd
      })
  }
  guard question.power.watts != nil else { return figures }
  figures.append(
    try figure("energy_usd_per_hour", "energy while chips work", "$/h") { drawn throws(StudyError) in
      try base.drawn(drawn).energyUSD(drawn.power)
    })
  if question.power.gramsPerKWh != nil {
    figures.append(
      try figure("kg_co2_per_hour", "carbon while chips work", "kg CO2/h") { drawn throws(StudyError) in
        try base.drawn(drawn).kilowatts(drawn.power) * (drawn.power.gramsPerKWh?.base ?? 0) / 1000
      })
  }
  return figures
}

/// The fleet under a drawn question: what was chosen stays.
struct DrawnFleet: Sendable {
  var usd = 0.0
  var chips = 0.0
  /// Chips that work, the idle ones left out.
  var busyChips = 0.0

  func kilowatts(_ power: PowerTerms) -> Double {
    busyChips * (power.watts?.base ?? 0) * power.pue.base / 1000
  }
  func energyUSD(_ power: PowerTerms) -> Double { kilowatts(power) * power.meanUSDPerKWh }
}

extension FleetOutcome {
  func drawn(_ question: CodesignQuestion) throws(StudyError) -> DrawnFleet {
    var fleet = DrawnFleet()
    for (i, one) in services.enumerated() {
      let serving = question.drawnServing(i)
      let point = try one.choice.point(for: serving)
      let busy =
        question.services[i].requestsPerSecond.base / point.requestsPerSecond(serving.shape)
        * Double(point.chips)
      let chips = busy / serving.utilization.base
      let energy = addedWatts[i] / 1000 * question.power.pue.base * question.power.meanUSDPerKWh
      fleet.busyChips += busy
      fleet.chips += chips
      fleet.usd += chips * (serving.usdPerChipHour.base + energy)
    }
    return fleet
  }
}
