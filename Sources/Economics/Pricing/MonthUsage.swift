import FleetData
import Quantities

/// What one deployment does in a month beyond its row in the plan.
public struct DeploymentMonth: Sendable, Hashable {
  public var deployment: Plan.Deployment
  /// Mean load of the month over `deployment.load`: replicas are sized for the peak, tokens are served at the mean.
  public var meanToPeak: Double
  /// Chips that it is billed for: those of its replicas, and on rented pods those that its slices block besides.
  public var chips: Int
  /// What its replicas draw in each hour (UTC) of a day, in watts before PUE.
  public var wattsByHour: [Double]

  /// - Parameters: by default the chips are those of its replicas, which draw evenly what its row says.
  public init(
    _ deployment: Plan.Deployment, meanToPeak: Double = 1, chips: Int? = nil, wattsByHour: [Double]? = nil
  ) {
    self.deployment = deployment
    self.meanToPeak = meanToPeak
    self.chips = chips ?? deployment.chipsPerReplica * deployment.replicas
    self.wattsByHour =
      wattsByHour
      ?? Array(repeating: deployment.wattsPerReplica * Double(deployment.replicas), count: 24)
  }

  /// Mean draw of the day.
  var watts: Double { wattsByHour.reduce(0, +) / Double(wattsByHour.count) }

  /// `nil` where every hour draws the same, so that even draws stay exact.
  var drawByHour: [Double]? { Set(wattsByHour).count > 1 ? wattsByHour : nil }
}

/// What the pipeline knows of a service's month beyond its deployments.
public struct ServiceMonth: Sendable, Hashable {
  public var demand: Plan.DemandRow
  /// FLOPs of one token, prompt or output, attention included.
  public var flopsPerToken: Double
  public init(demand: Plan.DemandRow, flopsPerToken: Double) {
    self.demand = demand
    self.flopsPerToken = flopsPerToken
  }
}

/// The ledger of one month, from what is deployed in it: for months that are planned but not simulated.
///
/// Every deployment is one line: its chips are busy for `mean load / (capacity × replicas)` of the month and serve
/// `mean load × seconds` requests. What a pod has installed beyond its deployments is a line that serves nobody,
/// drawing idle power; pods that are paid only while allocated have no such line.
///
/// - Parameter pods: with the prices of the month.
/// - Throws: when a deployment names a pod or a service that was not given.
public func monthLedger(
  month: Int, seconds: Seconds, deployments: [DeploymentMonth], inventory: [Plan.InventoryRow],
  services: [ServiceMonth], pods: [Pod]
) throws(EconomicsError) -> UsageLedger {
  var lines: [UsageLedger.Line] = []
  for use in deployments where use.deployment.month == month {
    guard let service = services.first(where: { $0.demand.service == use.deployment.service }) else {
      throw .unknown(kind: "service", id: use.deployment.service)
    }
    lines.append(try deployedLine(use, service, seconds))
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
  _ use: DeploymentMonth, _ service: ServiceMonth, _ seconds: Seconds
) throws(EconomicsError) -> UsageLedger.Line {
  let deployment = use.deployment
  try require(use.meanToPeak, .share, "mean over peak load of \(deployment.service)")
  let capacity = deployment.capacityPerReplica * Double(deployment.replicas)
  let load = deployment.load * use.meanToPeak
  let busy = capacity > 0 ? min(1, load / capacity) : 0
  let chipSeconds = Double(use.chips) * seconds.value
  let requests = load * seconds.value
  let input = requests * service.demand.meanInputTokens
  let output = requests * service.demand.meanOutputTokens
  return UsageLedger.Line(
    site: deployment.site, pod: deployment.pod, chip: deployment.chip, service: deployment.service,
    chips: use.chips, busyChipSeconds: busy * chipSeconds, idleChipSeconds: (1 - busy) * chipSeconds,
    inputTokens: Tokens(input), outputTokens: Tokens(output), requests: Int(requests.rounded()),
    flops: FLOPs((input + output) * service.flopsPerToken), energy: Watts(use.watts) * seconds,
    drawByHour: use.drawByHour)
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
