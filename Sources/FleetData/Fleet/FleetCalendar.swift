import Quantities

extension Site {
  /// The power cap from a month on.
  public struct PowerStep: Sendable, Hashable {
    public var fromMonth: Int
    public var cap: Watts
    public init(fromMonth: Int, cap: Watts) {
      self.fromMonth = fromMonth
      self.cap = cap
    }
  }

  /// The facility power of a month.
  public func powerCap(inMonth month: Int) -> Watts {
    powerRamp.last { $0.fromMonth <= month }?.cap ?? powerCap
  }

  /// The price of electricity in an hour of the day (UTC).
  public func electricity(inHour hour: Int) -> USDPerJoule {
    electricityByHour.isEmpty ? electricity : electricityByHour[hour]
  }

  /// What energy costs that is drawn evenly over the day.
  public var meanElectricity: USDPerJoule {
    electricityByHour.isEmpty ? electricity : USDPerJoule(electricityByHour.reduce(0) { $0 + $1.value } / 24)
  }

  /// The carbon of energy that is drawn evenly over the day.
  public var meanCarbon: GramsCO2PerJoule? {
    carbonByHour.isEmpty ? carbon : GramsCO2PerJoule(carbonByHour.reduce(0) { $0 + $1.value } / 24)
  }

  /// Grams of CO2 per joule in an hour of the day (UTC).
  public func carbon(inHour hour: Int) -> GramsCO2PerJoule? {
    carbonByHour.isEmpty ? carbon : carbonByHour[hour]
  }
}

extension Pod {
  /// Blocks that are gone from a month on.
  public struct Retirement: Sendable, Hashable {
    public var fromMonth: Int
    public var blocks: Int
    public init(fromMonth: Int, blocks: Int) {
      self.fromMonth = fromMonth
      self.blocks = blocks
    }
  }

  /// The months a price was agreed for.
  public struct Commitment: Sendable, Hashable {
    public var fromMonth: Int
    /// The first month after it.
    public var untilMonth: Int
    /// What a chip costs on demand outside those months; `nil` = there is none then.
    public var otherwise: USDPerSecond?
    public init(fromMonth: Int, untilMonth: Int, otherwise: USDPerSecond? = nil) {
      self.fromMonth = fromMonth
      self.untilMonth = untilMonth
      self.otherwise = otherwise
    }
    public func holds(inMonth month: Int) -> Bool { month >= fromMonth && month < untilMonth }
  }

  /// Blocks that stand in a month, purchases aside.
  public func standingBlocks(inMonth month: Int) -> Int {
    guard month >= availableFromMonth else { return 0 }
    if let retired = retiredFromMonth, month >= retired { return 0 }
    if let commitment, !commitment.holds(inMonth: month), commitment.otherwise == nil { return 0 }
    let gone = retirements.filter { $0.fromMonth <= month }.reduce(0) { $0 + $1.blocks }
    return max(0, count - gone)
  }

  /// What a chip costs in a month: the agreed price while it holds, else the price on demand.
  public func price(inMonth month: Int) -> ChipPrice {
    guard let commitment, !commitment.holds(inMonth: month), let rate = commitment.otherwise else {
      return price
    }
    return ChipPrice(.onDemand(rate), price.provenance)
  }
}

extension Fleet {
  /// The fleet as it stands in one month, for a plan of that month alone: its month 0 is this month.
  ///
  /// Blocks whose delivery takes longer than until then cannot be bought any more.
  public func standing(inMonth month: Int) -> Fleet {
    var fleet = self
    for index in sites.indices {
      fleet.sites[index].powerCap = sites[index].powerCap(inMonth: month)
      fleet.sites[index].powerRamp = []
    }
    for index in pods.indices {
      let pod = pods[index]
      fleet.pods[index].count = pod.standingBlocks(inMonth: month)
      fleet.pods[index].price = pod.price(inMonth: month)
      fleet.pods[index].availableFromMonth = 0
      fleet.pods[index].retiredFromMonth = nil
      fleet.pods[index].retirements = []
      fleet.pods[index].commitment = nil
      fleet.pods[index].leadTimeMonths = 0
      if month < pod.leadTimeMonths { fleet.pods[index].purchasable = 0 }
    }
    return fleet
  }
}
