import Economics
import FleetData

/// Every figure of the study that its ranges move, with its interval.
func spendFigures(
  _ life: SpendLife, _ account: SpendAccount, _ sampling: SpendSampling
) throws(StudyError) -> [StudyFigure] {
  func figure(
    _ id: String, _ name: String, _ unit: String, _ value: (SpendLife) throws(StudyError) -> Double
  ) throws(StudyError) -> StudyFigure {
    StudyFigure(
      id, name, unit: unit,
      try life.question.sampled("spend/\(id)") { drawn throws(StudyError) in
        try value(try life.asked(drawn))
      })
  }
  var figures = [
    try figure("life_usd", "training and serving for life", "$") { $0.totalUSD },
    try figure("training_usd", "training", "$") { $0.bill.usd },
    try figure("serving_usd", "serving for life", "$") { $0.servingUSD },
    try figure("training_days", "time to train", "days") { $0.bill.days },
    try figure("crossover_requests_per_day", "demand at which serving costs as much", "requests/day") {
      $0.crossoverRequestsPerDay
    },
    try figure("present_life_usd", "the life in money of today", "$") { life throws(StudyError) in
      try life.presentUSD()
    },
    try figure("net_worth_per_question", "worth of sampling less its cost", "$/question") {
      life throws(StudyError) in try SpendSampling(life, samples: sampling.best).netWorth
    },
  ]
  if account.commitment != nil {
    figures.append(
      try figure("committed_usd_per_used_hour", "a used chip-hour, best mix of commitment", "$") {
        life throws(StudyError) in try SpendAccount(life).commitment?.mixed ?? 0
      })
  }
  if account.kWh != nil {
    figures.append(
      try figure("energy_usd", "energy of serving at the tariff", "$") { life throws(StudyError) in
        try SpendAccount(life).energyUSD ?? 0
      })
  }
  if account.tonnesCO2 != nil {
    figures.append(
      try figure("tonnes_co2", "carbon of serving", "t CO2") { life throws(StudyError) in
        try SpendAccount(life).tonnesCO2 ?? 0
      })
  }
  return figures
}
