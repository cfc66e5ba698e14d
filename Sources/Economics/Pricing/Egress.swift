import FleetData
import Quantities

/// Bytes that a service sent from a pod to its users in a month, and what they cost.
public struct Egress: Sendable, Hashable {
  public var site: String
  public var pod: String
  public var service: String
  public var bytes: Bytes
  public var cost: USD

  public init(site: String, pod: String, service: String, bytes: Bytes, cost: USD) {
    self.site = site
    self.pod = pod
    self.service = service
    self.bytes = bytes
    self.cost = cost
  }

  /// Gigabytes × the mean price of the links they took; `nil` where they cost nothing.
  public func costLine(month: Int, label: String) -> Plan.CostLine? {
    guard bytes.value > 0, cost.value > 0 else { return nil }
    let gigabytes = bytes.value / 1e9
    return Plan.CostLine(
      id: "\(label)/\(pod)/\(service)/network", month: month, site: site, pod: pod, service: service,
      category: .network, quantity: gigabytes, quantityUnit: "GB", unitPrice: cost.value / gigabytes,
      cost: gigabytes * (cost.value / gigabytes))
  }
}
