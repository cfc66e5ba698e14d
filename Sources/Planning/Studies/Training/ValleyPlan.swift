import Economics
import FleetData
import Foundation

/// Training that takes the valleys of a serving fleet's day.
///
///     free(h) = chips·(1 − demand(h)),  in whole hosts
///     useful  = Σ free(h) − switch · Σ |free(h) − free(h−1)|
///
/// A fleet sized for the peak serves; what is free in an hour trains. Each chip that changes hands loses the time of a
/// switch: drained and loaded, or checkpointed and warmed up.
struct ValleyPlan: Sendable {
  /// Ten minutes for each change of hands.
  static let switchHours = 1.0 / 6

  struct Hour: Sendable {
    var demand: Double
    var serving: Double
    var training: Double
    var usdPerKWh: Double
  }

  var chips: Double
  var hours: [Hour]
  /// Useful chip-hours per day.
  var chipHoursPerDay: Double
  var days: Double
  /// What the same chip-hours would cost on chips of their own.
  var dedicatedUSD: Double
  /// Electricity of the run by the hours it trains in, and if it trained around the clock.
  var valleyUSDPerKWh: Double
  var flatUSDPerKWh: Double
  var kWh: Double
  var question: SitesQuestion
  var idleShare: Double { 1 - hours.reduce(0) { $0 + $1.serving } / (24 * chips) }
  var tonnesCO2: Double? { question.power.gramsPerKWh.map { $0.base * kWh / 1e6 } }

  init(_ plan: SitesPlan) throws(StudyError) {
    let question = plan.question
    self.question = question
    let total = plan.chips
    chips = total
    let host = Double(question.chip.chipsPerHost ?? 1)
    let day = try economics { () throws(EconomicsError) in
      try HourlyDemand(troughOverPeak: question.troughOverPeak.base)
    }
    let tariff = question.power.tariff
    hours = day.hours.enumerated().map { hour, demand in
      let free = (total * (1 - demand) / host + 1e-9).rounded(.down) * host
      return Hour(
        demand: demand, serving: total - free, training: free,
        usdPerKWh: tariff.usdPerKWh(hour: hour))
    }
    let free = hours.map(\.training)
    let changes = free.indices.reduce(0) { $0 + abs(free[$1] - free[($1 + 23) % 24]) }
    chipHoursPerDay = max(0, free.reduce(0, +) - Self.switchHours * changes)
    let needed = plan.flops / (plan.peak.value * plan.mfu * plan.best.utilization) / 3600
    days = chipHoursPerDay > 0 ? needed / chipHoursPerDay : .infinity
    dedicatedUSD = needed * question.usdPerChipHour.base
    kWh = needed * question.wattsPerChip * question.power.pue.base / 1000
    flatUSDPerKWh = try economics { () throws(EconomicsError) in try tariff.usdPerKWh(drawn: .flat) }
    valleyUSDPerKWh = flatUSDPerKWh
    if chipHoursPerDay > 0 {
      valleyUSDPerKWh = try economics { () throws(EconomicsError) in
        try tariff.usdPerKWh(drawn: HourlyDemand(hours: free))
      }
    }
  }

  var sentence: String {
    guard days.isFinite else { return "The serving fleet has no valley to train in." }
    return
      "A serving fleet of the same \(StudyText.number(chips)) chips idles \(StudyText.percent(idleShare)) of its day; "
      + "training in those valleys takes \(StudyText.number(days)) days, saves the \(StudyText.money(dedicatedUSD)) of "
      + "dedicated chips and draws energy at \(StudyText.money(valleyUSDPerKWh)) per "
      + "kWh, against \(StudyText.money(flatUSDPerKWh)) around the clock."
  }

  var table: Table {
    var rows: [[Cell]] = [
      [.text("chips of the fleet"), .number(chips), .text("chips")],
      [.text("idle over the day"), .number(idleShare * 100, grade: .derived), .text("%")],
      [
        .text("chip-hours free for training"), .number(chipHoursPerDay, grade: .derived),
        .text("chip.h/day"),
      ],
      [
        .text("days for the run"),
        days.isFinite ? .number(days, grade: .derived) : .absent(reason: "no valley"), .text("days"),
      ],
      [.text("dedicated chips would cost"), .number(dedicatedUSD, grade: .derived), .text("$")],
      [.text("energy of the run"), .number(kWh / 1000, grade: .derived), .text("MWh")],
      [.text("energy in the valleys"), .number(kWh * valleyUSDPerKWh, grade: .derived), .text("$")],
      [.text("the same around the clock"), .number(kWh * flatUSDPerKWh, grade: .derived), .text("$")],
    ]
    rows.append([
      .text("carbon of the run"),
      tonnesCO2.map { .number($0, grade: .derived) } ?? .absent(reason: "give --carbon, grams per kWh"),
      .text("t CO2"),
    ])
    return Table(
      id: "training-valleys", title: "Training in the valleys of the serving day",
      columns: [Table.Column("Figure"), Table.Column("Value", format: .significant3), Table.Column("Unit")],
      rows: rows,
      note:
        "Whole hosts train; each that changes hands loses ten minutes. The job must be able to grow and shrink by the "
        + "hour, as data parallel replicas can.")
  }

  var hourTable: Table {
    Table(
      id: "training-day", title: "The day, hour by hour",
      columns: [
        Table.Column("Hour", format: .integer), Table.Column("Demand over peak", format: .percent),
        Table.Column("Serving", unit: "chips", format: .integer),
        Table.Column("Training", unit: "chips", format: .integer),
        Table.Column("Electricity", unit: "$/kWh", format: .decimal3),
      ],
      rows: hours.enumerated().map { hour, at in
        [
          .number(Double(hour)), .number(at.demand), .number(at.serving, grade: .derived),
          .number(at.training, grade: .derived), .number(at.usdPerKWh),
        ]
      }, note: "A cosine from trough to peak at 14:00, local time.")
  }

  var chart: Chart {
    func series(_ name: String, _ value: (Hour) -> Double) -> Chart.Series {
      Chart.Series(name, hours.enumerated().map { Chart.Point(x: Double($0.offset), y: value($0.element)) })
    }
    return Chart(
      id: "training-day", title: "Training takes the valleys of the day", kind: .stackedColumns,
      x: Chart.Axis("Hour of the day", unit: ""), y: Chart.Axis("Chips", unit: ""),
      categories: (0..<24).map(String.init),
      series: [series("serving") { $0.serving }, series("training") { $0.training }],
      altText: "Serving takes all chips at the peak; training has \(StudyText.percent(idleShare)) of the day")
  }
}
