import Economics
import FleetData
import Foundation
import Quantities

/// What money is worth and when it is paid: discounting, idle hours, commitments, energy by tariff, carbon.
public struct SpendMoney: Sendable {
  /// Per year.
  public var discountRate: InputRange
  /// Trough over peak of a day's demand.
  public var troughOverPeak: InputRange
  /// Dollars per serving chip-hour under commitment; `nil` leaves commitments out.
  public var committedUSDPerChipHour: InputRange?
  /// Without watts energy is left out.
  public var power: PowerTerms

  public init(
    discountRate: InputRange = InputRange(0.08), troughOverPeak: InputRange = InputRange(0.4),
    committedUSDPerChipHour: InputRange? = nil, power: PowerTerms = PowerTerms()
  ) {
    self.discountRate = discountRate
    self.troughOverPeak = troughOverPeak
    self.committedUSDPerChipHour = committedUSDPerChipHour
    self.power = power
  }

  func check() throws(StudyError) {
    try discountRate.check("discount rate per year", .nonNegative)
    try troughOverPeak.check("trough over peak of the day", .share)
    try committedUSDPerChipHour?.check("committed price per chip-hour in dollars", .nonNegative)
    try power.check()
  }
}

/// The life of a service in money of today, with what is paid for idle hours, and what commitments and tariffs change.
struct SpendAccount: Sendable {
  var presentServingUSD: Double
  var presentTotalUSD: Double
  /// Serving as billed, idle hours paid, and what the busy hours alone cost.
  var allocatedUSD: Double
  var usedUSD: Double
  /// The best share of the peak to commit, and dollars per used chip-hour all on demand, all committed and mixed.
  var commitment: (share: Double, onDemand: Double, allCommitted: Double, mixed: Double)?
  /// The share of hours a committed chip must be busy to be worth it.
  var breakEvenUse: Double?
  /// Of serving over the life.
  var kWh: Double?
  var usdPerKWh: Double
  var tonnesCO2: Double?
  var money: SpendMoney

  init(_ life: SpendLife) throws(StudyError) {
    let money = life.question.money
    self.money = money
    let serving = life.question.serving
    let day = try economics { () throws(EconomicsError) in
      try HourlyDemand(troughOverPeak: money.troughOverPeak.base)
    }
    allocatedUSD = life.servingUSD
    usedUSD = life.servingUSD * serving.utilization.base
    presentServingUSD = try economics { () throws(EconomicsError) in
      life.usdPerRequest * (try life.demand.presentRequests(annualRate: money.discountRate.base))
    }
    presentTotalUSD = life.bill.usd + presentServingUSD
    let tariff = money.power.tariff
    usdPerKWh = try economics { () throws(EconomicsError) in try tariff.usdPerKWh(drawn: day) }
    if let committed = money.committedUSDPerChipHour?.base {
      let plan = try economics { () throws(EconomicsError) in
        try Commitment(committedUSD: committed, onDemandUSD: serving.usdPerChipHour.base, demand: day)
      }
      breakEvenUse = plan.breakEvenUse
      commitment = try economics { () throws(EconomicsError) in
        let share = try plan.bestShare()
        return (
          share, try plan.usdPerUsedHour(committedShare: 0), try plan.usdPerUsedHour(committedShare: 1),
          try plan.usdPerUsedHour(committedShare: share)
        )
      }
    }
    if let watts = money.power.watts?.base, serving.usdPerChipHour.base > 0 {
      let busyHours = usedUSD / serving.usdPerChipHour.base
      let energy = busyHours * watts * money.power.pue.base / 1000
      kWh = energy
      tonnesCO2 = money.power.gramsPerKWh.map { $0.base * energy / 1e6 }
    }
  }

  var energyUSD: Double? { kWh.map { $0 * usdPerKWh } }

  var sentence: String {
    "In money of today, discounted at \(StudyText.percent(money.discountRate.base)) a year, serving costs "
      + "\(StudyText.money(presentServingUSD)) and the whole life \(StudyText.money(presentTotalUSD)); "
      + "\(StudyText.money(allocatedUSD - usedUSD)) of serving pays for idle hours"
      + (commitment.map {
        "; a committed chip pays once busy \(StudyText.percent(breakEvenUse ?? 0)) of its hours, so committing "
          + "\(StudyText.percent($0.share)) of the peak makes a used chip-hour cost \(StudyText.money($0.mixed)) instead of "
          + "\(StudyText.money($0.onDemand)) on demand"
      } ?? "") + "."
  }

  var table: Table {
    var rows: [[Cell]] = [
      [
        .text("serving, allocated"), .number(allocatedUSD, grade: .derived), .text("$"),
        .text("every hour paid"),
      ],
      [.text("serving, used"), .number(usedUSD, grade: .derived), .text("$"), .text("busy hours only")],
      [
        .text("serving, present value"), .number(presentServingUSD, grade: .derived), .text("$"),
        .text("each month paid at its start, \(StudyText.percent(money.discountRate.base)) a year"),
      ],
      [
        .text("whole life, present value"), .number(presentTotalUSD, grade: .derived), .text("$"),
        .text("training is paid at the start"),
      ],
    ]
    rows += commitmentRows
    let silent = Cell.absent(reason: "the power of the chip is not known; give --watts")
    rows.append([
      .text("energy of serving"), kWh.map { .number($0 / 1000, grade: .derived) } ?? silent, .text("MWh"),
      .text("busy hours, PUE \(rangeText(money.power.pue))"),
    ])
    rows.append([
      .text("energy at the tariff"), energyUSD.map { .number($0, grade: .derived) } ?? silent,
      .text("$"),
      .text("\(StudyText.money(usdPerKWh)) per kWh by the hours of the day; rents include it"),
    ])
    rows.append([
      .text("carbon of serving"),
      tonnesCO2.map { .number($0, grade: .derived) } ?? .absent(reason: "give --carbon, grams per kWh"),
      .text("t CO2"), .text("grid average"),
    ])
    return Table(
      id: "spend-money", title: "Money done right: when it is paid, what idles, what is committed",
      columns: [
        Table.Column("Figure"), Table.Column("Value", format: .significant3), Table.Column("Unit"),
        Table.Column("How"),
      ], rows: rows)
  }

  private var commitmentRows: [[Cell]] {
    guard let commitment else {
      return [
        [
          .text("commitments"), .absent(reason: "no committed price; give --committed-price"), .text(""),
          .text(""),
        ]
      ]
    }
    let how = "a day with a trough of \(StudyText.percent(money.troughOverPeak.base)) of its peak"
    return [
      [
        .text("use at which a commitment pays"), .number((breakEvenUse ?? 0) * 100, grade: .derived),
        .text("%"),
        .text("committed price over the price on demand"),
      ],
      [
        .text("best share of the peak to commit"), .number(commitment.share * 100, grade: .derived),
        .text("%"), .text(how),
      ],
      [.text("used chip-hour, on demand"), .number(commitment.onDemand), .text("$"), .text(how)],
      [.text("used chip-hour, all committed"), .number(commitment.allCommitted), .text("$"), .text(how)],
      [
        .text("used chip-hour, best mix"), .number(commitment.mixed, grade: .derived), .text("$"), .text(how),
      ],
    ]
  }
}
