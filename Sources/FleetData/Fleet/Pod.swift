import Quantities

/// A block of identical chips at one site that slices are cut from.
public struct Pod: Sendable, Hashable {
  public var id: String
  public var site: String
  public var chip: String
  /// The whole pod's mesh (`16x16`) or, on a switched fabric, its domains (`8` × `count`).
  public var topology: SliceTopology
  /// How many such blocks stand at the site.
  public var count: Int
  public var price: ChipPrice
  /// The month (0 = the first of the horizon) from which the pod can be used.
  public var availableFromMonth: Int
  /// The month from which it is gone, if it is retired within the horizon.
  public var retiredFromMonth: Int?
  /// Watts drawn from the wall per busy chip, host share included, before PUE.
  public var powerPerChip: Figure<Watts>
  /// The share of `powerPerChip` an idle chip draws.
  public var idlePowerShare: Double
  /// May be bought in further blocks, up to this many, after `leadTimeMonths`; 0 = not for sale.
  public var purchasable: Int
  public var leadTimeMonths: Int
  /// Probability that one chip is up.
  public var availability: Double?
  /// Blocks drained before the rest, each from a month on.
  public var retirements: [Retirement] = []
  /// When the price of `price` holds; `nil` = always.
  public var commitment: Commitment?
  /// From a spot interruption to full speed again: reload of weights and warm-up; `nil` = the plan's default.
  public var restart: Seconds?
  /// Rack positions one block stands in, where the site counts them.
  public var racksPerBlock: Double?

  public init(
    id: String, site: String, chip: String, topology: SliceTopology, count: Int, price: ChipPrice,
    availableFromMonth: Int = 0, retiredFromMonth: Int? = nil, powerPerChip: Figure<Watts>,
    idlePowerShare: Double = 0.3, purchasable: Int = 0, leadTimeMonths: Int = 0, availability: Double? = nil
  ) {
    self.id = id
    self.site = site
    self.chip = chip
    self.topology = topology
    self.count = count
    self.price = price
    self.availableFromMonth = availableFromMonth
    self.retiredFromMonth = retiredFromMonth
    self.powerPerChip = powerPerChip
    self.idlePowerShare = idlePowerShare
    self.purchasable = purchasable
    self.leadTimeMonths = leadTimeMonths
    self.availability = availability
  }

  public var chips: Int { topology.chips * count }
}

/// What a chip costs and how it is paid for. Energy is billed apart for owned chips and is inside rented prices.
public struct ChipPrice: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Paid for whether used or not: capital written off over its depreciation period.
    case owned(capital: USD, depreciation: Seconds, annualInterest: Double)
    /// Paid for whether used or not, per chip-hour, until the commitment ends.
    case committed(USDPerSecond)
    /// Paid only while allocated.
    case onDemand(USDPerSecond)
    /// As on demand, interrupted at this rate per chip-second.
    case spot(USDPerSecond, interruptionsPerSecond: Double)
  }
  public var kind: Kind
  public var provenance: Provenance
  public init(_ kind: Kind, _ provenance: Provenance) {
    self.kind = kind
    self.provenance = provenance
  }
}
