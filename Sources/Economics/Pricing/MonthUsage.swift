import FleetData
import Quantities

/// What the pipeline knows of a service's month beyond its deployments.
public struct ServiceMonth: Sendable, Hashable {
  public var demand: Plan.DemandRow
  /// Mean load of the month over its peak: deployments are sized for the peak, tokens are served at the mean.
  public var meanToPeak: Double
  /// FLOPs of one token, prompt or output, attention included.
  public var flopsPerToken: Double
  public init(demand: Plan.DemandRow, meanToPeak: Double = 1, flopsPerToken: Double) {
    self.demand = demand
    self.meanToPeak = meanToPeak
    self.flopsPerToken = flopsPerToken
  }
}

/// The ledger of one month, from what is deployed in it: for months that are planned but not simulated.
///
/// Every deployment is one line: its chips are busy for `mean load / (capacity × replicas)` of the month and serve
/// `mean load × seconds` requests. What a pod has installed beyond its deployments is a line that serves nobody,
/// drawing idle power; pods that are paid only while allocated have no such line.
/// - Throws: when a deployment names a pod or a service that was not given.
public func monthLedger(
  month: Int, seconds: Seconds, deployments: [Plan.Deployment], inventory: [Plan.InventoryRow],
  services: [ServiceMonth], pods: [Pod]
) throws(EconomicsError) -> UsageLedger {
  var lines: [UsageLedger.Line] = []
  for deployment in deployments where deployment.month == month {
    guard let service = services.first(where: { $0.demand.service == deployment.service }) else {
      throw .unknown(kind: "service", id: deployment.service)
    }
    lines.append(try deployedLine(deployment, service, seconds))
  }
  for row in inventory where row.month == month {
    guard let pod = pods.first(where: { $0.id == row.pod }) else {
      throw .unknown(kind: "pod", id: row.pod)
    }
    if let line = idleLine(pod, chips: row.installed - row.used, seconds) { lines.append(line) }
  }
  return UsageLedger(period: seconds, lines: lines)
}

private func deployedLine(
  _ deployment: Plan.Deployment, _ service: ServiceMonth, _ seconds: Seconds
) throws(EconomicsError) -> UsageLedger.Line {
  try require(service.meanToPeak, .share, "mean over peak load of \(deployment.service)")
  let capacity = deployment.capacityPerReplica * Double(deployment.replicas)
  let load = deployment.load * service.meanToPeak
  let busy = capacity > 0 ? min(1, load / capacity) : 0
  let chips = deployment.chipsPerReplica * deployment.replicas
  let chipSeconds = Double(chips) * seconds.value
  let requests = load * seconds.value
  let input = requests * service.demand.meanInputTokens
  let output = requests * service.demand.meanOutputTokens
  return UsageLedger.Line(
    site: deployment.site, pod: deployment.pod, chip: deployment.chip, service: deployment.service,
    chips: chips, busyChipSeconds: busy * chipSeconds, idleChipSeconds: (1 - busy) * chipSeconds,
    inputTokens: Tokens(input), outputTokens: Tokens(output), requests: Int(requests.rounded()),
    flops: FLOPs((input + output) * service.flopsPerToken),
    energy: Watts(deployment.wattsPerReplica * Double(deployment.replicas)) * seconds)
}

private func idleLine(_ pod: Pod, chips: Int, _ seconds: Seconds) -> UsageLedger.Line? {
  switch pod.price.kind {
  case .owned, .committed: break
  case .onDemand, .spot: return nil
  }
  guard chips > 0 else { return nil }
  let chipSeconds = Double(chips) * seconds.value
  return UsageLedger.Line(
    site: pod.site, pod: pod.id, chip: pod.chip, service: nil, chips: chips, busyChipSeconds: 0,
    idleChipSeconds: chipSeconds,
    energy: Joules(chipSeconds * pod.powerPerChip.value.value * pod.idlePowerShare))
}
