extension Plan {
  /// Blocks to buy for one pod, with the month to order them in and the month they are used from.
  public struct PurchaseRow: Sendable, Hashable, Codable {
    public var pod: String
    public var site: String
    public var chip: String
    public var blocks: Int
    public var chips: Int
    public var orderMonth: Int
    public var deliveryMonth: Int

    public init(
      pod: String, site: String, chip: String, blocks: Int, chips: Int, orderMonth: Int, deliveryMonth: Int
    ) {
      self.pod = pod
      self.site = site
      self.chip = chip
      self.blocks = blocks
      self.chips = chips
      self.orderMonth = orderMonth
      self.deliveryMonth = deliveryMonth
    }
  }
}
