import Economics
import FleetData
import Quantities

/// Every figure of the study that its ranges move, with its interval.
func sitesFigures(
  _ plan: SitesPlan, _ choice: ServingChoice, _ valley: ValleyPlan
) throws(StudyError) -> [StudyFigure] {
  func figure(
    _ id: String, _ name: String, _ unit: String, samples: Int = 2000,
    _ value: (SitesPlan) throws(StudyError) -> Double
  ) throws(StudyError) -> StudyFigure {
    StudyFigure(
      id, name, unit: unit,
      try plan.question.sampled("training/\(id)", samples: samples) { drawn throws(StudyError) in
        try value(try plan.asked(drawn))
      })
  }
  func actors(_ plan: SitesPlan) throws(StudyError) -> ActorPlan { try ActorPlan(plan, choice) }
  var figures = [
    try figure("usd_at_equal_loss", "the run at equal loss", "$") { $0.best.usdAtEqualLoss },
    try figure("days_at_equal_loss", "time of the run at equal loss", "days") {
      $0.best.days * $0.best.computeForLoss
    },
    try figure("site_chips", "chips that one site feeds", "chips") { plan throws(StudyError) in
      try plan.chipsFed()
    },
    try figure("weight_push_s", "a weight push through relays", "s") { plan throws(StudyError) in
      try actors(plan).relaySeconds
    },
    try figure("weight_push_share", "the push over what staleness allows", "×") { plan throws(StudyError) in
      let actors = try actors(plan)
      return actors.relaySeconds / max(1e-9, actors.allowedSeconds)
    },
    try figure("rollouts_per_s", "rollouts", "rollouts/s") { plan throws(StudyError) in
      try actors(plan).rolloutsPerSecond
    },
    try figure("actor_chips", "chips that act", "chips") { plan throws(StudyError) in
      try actors(plan).actorChips
    },
    try figure("steps_behind", "lag of rollouts", "learner steps") { plan throws(StudyError) in
      try actors(plan).stepsBehind
    },
    try figure("energy_usd", "energy of the run in the valleys", "$") { plan throws(StudyError) in
      let valley = try ValleyPlan(plan)
      return valley.kWh * valley.valleyUSDPerKWh
    },
  ]
  if try ValleyPlan(flattest(plan)).days.isFinite {
    figures.append(
      try figure("valley_days", "the run in the valleys of serving", "days") { plan throws(StudyError) in
        try ValleyPlan(plan).days
      })
  }
  if plan.question.power.gramsPerKWh != nil {
    figures.append(
      try figure("tonnes_co2", "carbon of the run", "t CO2") { plan throws(StudyError) in
        try ValleyPlan(plan).tonnesCO2 ?? 0
      })
  }
  return figures
}

/// The plan on the flattest day of its range, which leaves training least.
private func flattest(_ plan: SitesPlan) throws(StudyError) -> SitesPlan {
  var question = plan.question
  question.troughOverPeak = InputRange(question.troughOverPeak.high)
  return try plan.asked(question)
}

extension SitesPlan {
  /// Chips that a site's power feeds.
  func chipsFed() throws(StudyError) -> Double {
    try economics { () throws(EconomicsError) in
      try SitePower.chips(
        site: Watts(question.siteWatts.base), pue: question.power.pue.base,
        wattsPerChip: question.wattsPerChip)
    }
  }
}
