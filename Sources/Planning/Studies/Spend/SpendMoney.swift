import Economics
import FleetData
import Foundation
import Quantities

/// What money is worth and when it is paid: discounting, idle hours, commitments, energy by tariff, carbon.
public struct SpendMoney: Sendable {
  /// Per year.
  public var discountRate: InputRange
  /// Trough over peak of a day's demand.
  public var troughOverPeak: Double
  /// Dollars per serving chip-hour under commitment; `nil` leaves commitments out.
  public var committedUSDPerChipHour: Double?
  public var tariff: Tariff
  public var pue: Double
  /// Per serving chip with its share of the host; `nil` leaves energy out.
  public var wattsPerChip: Double?
  public var gramsPerKWh: Double?

  public init(
    discountRate: InputRange = InputRange(0.08), troughOverPeak: Double = 0.4,
    committedUSDPerChipHour: Double? = nil,
    tariff: Tariff = Tariff(base: .usualIndustrial), pue: Double = 1.1, wattsPerChip: Double? = nil,
    gramsPerKWh: Double? = nil
  ) {
    self.discountRate = discountRate
    self.troughOverPeak = troughOverPeak
    self.committedUSDPerChipHour = committedUSDPerChipHour
    self.tariff = tariff
    self.pue = pue
    self.wattsPerChip = wattsPerChip
    self.gramsPerKWh = gramsPerKWh
  }
}

extension USDPerJoule {
  /// 8 cents per kilowatt-hour: assumed where nothing is said.
  public static var usualIndustrial: USDPerJoule { USDPerJoule(0.08 / Joules.kilowattHour.value) }
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
      try HourlyDemand(troughOverPeak: money.troughOverPeak)
    }
    allocatedUSD = life.servingUSD
    usedUSD = life.servingUSD * serving.utilization.base
    presentServingUSD = try economics { () throws(EconomicsError) in
      life.usdPerRequest * (try life.demand.presentRequests(annualRate: money.discountRate.base))
    }
    presentTotalUSD = life.bill.usd + presentServingUSD
    usdPerKWh = try economics { () throws(EconomicsError) in try money.tariff.usdPerKWh(drawn: day) }
    if let committed = money.committedUSDPerChipHour {
      commitment = try economics { () throws(EconomicsError) in
        let plan = try Commitment(
          committedUSD: committed, onDemandUSD: serving.usdPerChipHour.base, demand: day)
        let share = try plan.bestShare()
        return (
          share, try plan.usdPerUsedHour(committedShare: 0), try plan.usdPerUsedHour(committedShare: 1),
          try plan.usdPerUsedHour(committedShare: share)
        )
      }
    }
    if let watts = money.wattsPerChip, serving.usdPerChipHour.base > 0 {
      let busyHours = usedUSD / serving.usdPerChipHour.base
      let energy = busyHours * watts * money.pue / 1000
      kWh = energy
      tonnesCO2 = money.gramsPerKWh.map { $0 * energy / 1e6 }
    }
  }

  var sentence: String {
    "In money of today, discounted at \(StudyText.percent(money.discountRate.base)) a year, serving costs "
      + "\(StudyText.money(presentServingUSD)) and the whole life \(StudyText.money(presentTotalUSD)); "
      + "\(StudyText.money(allocatedUSD - usedUSD)) of serving pays for idle hours"
      + (commitment.map {
        "; committing \(StudyText.percent($0.share)) of the peak makes a used chip-hour cost "
          + "\(StudyText.money($0.mixed)) instead of \(StudyText.money($0.onDemand)) on demand"
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
      .text("busy hours, PUE \(StudyText.number(money.pue))"),
    ])
    rows.append([
      .text("energy at the tariff"), kWh.map { .number($0 * usdPerKWh, grade: .derived) } ?? silent,
      .text("$"),
      .text("\(StudyText.number(usdPerKWh)) $/kWh by the hours of the day; rents include it"),
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
    let how = "a day with a trough of \(StudyText.percent(money.troughOverPeak)) of its peak"
    return [
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
