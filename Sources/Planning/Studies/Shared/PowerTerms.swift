import Economics
import FleetData
import Quantities

/// What a chip draws where it stands, what that costs by the hour and what it emits.
public struct PowerTerms: Sendable, Hashable {
  /// Another price between two local hours.
  public struct Band: Sendable, Hashable {
    public var from: Int
    public var to: Int
    public var usdPerKWh: InputRange
    public init(from: Int, to: Int, usdPerKWh: InputRange) {
      self.from = from
      self.to = to
      self.usdPerKWh = usdPerKWh
    }
  }

  public var usdPerKWh: InputRange
  public var bands: [Band]
  public var pue: InputRange
  /// Per chip with its share of the host; `nil` where nothing is known.
  public var watts: InputRange?
  /// Grams of CO2 per kilowatt-hour of the grid; `nil` where nothing is known.
  public var gramsPerKWh: InputRange?

  public init(
    usdPerKWh: InputRange = InputRange(Tariff.usualUSDPerKWh), bands: [Band] = [],
    pue: InputRange = InputRange(1.1), watts: InputRange? = nil, gramsPerKWh: InputRange? = nil
  ) {
    self.usdPerKWh = usdPerKWh
    self.bands = bands
    self.pue = pue
    self.watts = watts
    self.gramsPerKWh = gramsPerKWh
  }

  func check() throws(StudyError) {
    try usdPerKWh.check("price of electricity in dollars per kWh", .nonNegative)
    for band in bands {
      try band.usdPerKWh.check(
        "tariff from \(band.from) to \(band.to) o'clock in dollars per kWh", .nonNegative)
    }
    try pue.check("PUE", .atLeastOne)
    try watts?.check("watts per chip", .positive)
    try gramsPerKWh?.check("grams of CO2 per kWh", .nonNegative)
  }

  var inputs: [StudyInput<PowerTerms>] {
    [StudyInput("electricity", unit: "$/kWh", \.usdPerKWh), StudyInput("PUE", \.pue)]
      + bands.indices.map { i in
        StudyInput(
          "electricity from \(bands[i].from) to \(bands[i].to)", unit: "$/kWh", \.bands[i].usdPerKWh)
      } + (watts == nil ? [] : [StudyInput("chip with its host", unit: "W", \.watts!)])
      + (gramsPerKWh == nil ? [] : [StudyInput("carbon", unit: "g/kWh", \.gramsPerKWh!)])
  }

  /// Dollars per kilowatt-hour of a draw that never changes.
  var meanUSDPerKWh: Double { tariff.mean.value * Joules.kilowattHour.value }

  /// The prices of the day at the base of their ranges.
  var tariff: Tariff {
    func price(_ range: InputRange) -> USDPerJoule { USDPerJoule(range.base / Joules.kilowattHour.value) }
    return Tariff(
      base: price(usdPerKWh),
      bands: bands.map { Tariff.Band(from: $0.from, to: $0.to, price: price($0.usdPerKWh)) })
  }
}

extension ChipSpec {
  /// What a chip draws with its share of the host: systems are rated at about 1.8 times the chips in them.
  public var wattsWithHost: Double? { power.map { $0.value.value * 1.8 } }
}
