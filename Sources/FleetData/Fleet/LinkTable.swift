import Quantities

/// Links between regions and sites, looked up by their ends in whichever order they were written. Of several links
/// with the same ends the shortest round trip and the lowest price count.
public struct LinkTable: Sendable {
  private struct Ends: Hashable { var from: String, to: String }
  private var trips: [Ends: Seconds] = [:]
  private var prices: [Ends: USDPerByte] = [:]

  public init(_ links: [Link]) {
    for link in links {
      for ends in [Ends(from: link.from, to: link.to), Ends(from: link.to, to: link.from)] {
        trips[ends] = min(trips[ends] ?? link.roundTrip, link.roundTrip)
        if let price = link.egressPrice { prices[ends] = min(prices[ends] ?? price, price) }
      }
    }
  }

  /// Nothing within one place; `nil` where no link joins the two.
  public func roundTrip(from region: String, to site: String) -> Seconds? {
    region == site ? 0 : trips[Ends(from: region, to: site)]
  }

  /// What the link charges for a byte; nothing where no link says.
  public func egressPrice(from region: String, to site: String) -> USDPerByte {
    prices[Ends(from: region, to: site)] ?? 0
  }
}
