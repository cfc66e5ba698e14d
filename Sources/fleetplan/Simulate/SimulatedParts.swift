import FleetData
import Ingest
import Quantities
import Simulation

/// What one service saw.
struct SimulatedService: Encodable {
  var service: String
  var requests: SimulationReport.Requests
  var tokens: SimulationReport.Tokens
  var ttft, tpot, endToEnd: LatencySummary?
  var attainment: Double?
  var goodput: Double
  var promises: [SimulationReport.Promise]
  var steady: Bool
  var unsteadyReason: String?
  /// What would have to grow first.
  var bottleneck: String
  /// May its requests be refused or dropped?
  private(set) var sheds: Bool

  enum CodingKeys: String, CodingKey {
    case service, requests, tokens, attainment, promises, steady, bottleneck
    case ttft = "ttft_s"
    case tpot = "tpot_s"
    case endToEnd = "e2e_s"
    case goodput = "goodput_per_s"
    case unsteadyReason = "unsteady_reason"
  }

  static func all(
    _ result: SimulationResult, _ simulation: FleetSimulation, _ promises: [SimulationReport.Promise]
  ) -> [SimulatedService] {
    result.services.indices.map { i in
      let levels = result.services[i]
      let stream = simulation.streams[i]
      return SimulatedService(
        service: levels.service, requests: .init(levels),
        tokens: .init(input: levels.inputTokens, output: levels.outputTokens), ttft: levels.ttft,
        tpot: levels.tpot, endToEnd: levels.endToEnd, attainment: levels.attainment,
        goodput: result.serviceGoodput[i], promises: promises.filter { $0.service == levels.service },
        steady: levels.steady, unsteadyReason: levels.unsteadyReason, bottleneck: result.bottlenecks[i],
        sheds: stream.queueLimit != nil || stream.queueDeadline != nil)
    }
  }
}

/// What one group did.
struct SimulatedGroup: Encodable {
  var group, site, role: String
  var replica: SimulationReport.Replica
  var replicas, spares: Int
  /// Answers it finished; of a group that prefills also those it handed on.
  var requests: Int
  var utilization, kvUtilization, meanBatch: Double
  var mfu: Double?
  var busiest, idlest: Double
  var preemptions, reusedTokens, failedRequests: Int
  /// Share of the time that the links out of a prefill group were sending.
  var linkUtilization: Double?
  /// Shares of its chips' time.
  var downShare, offShare: Double
  /// Before PUE; nil when nobody knows what a chip draws.
  var energy: Double?
  /// What its powered chips cost; nil without a price.
  var chipCost: Double?
  /// What energy outside that price cost; nil where the site has no price of electricity.
  var electricityCost: Double?

  enum CodingKeys: String, CodingKey {
    case group, site, role, replica, replicas, spares, requests, utilization, mfu, preemptions
    case kvUtilization = "kv_utilization"
    case meanBatch = "mean_batch"
    case busiest = "busiest_utilization"
    case idlest = "idlest_utilization"
    case reusedTokens = "reused_input_tokens"
    case failedRequests = "failed_requests"
    case linkUtilization = "kv_link_utilization"
    case downShare = "down_share"
    case offShare = "off_share"
    case energy = "energy_j"
    case chipCost = "chip_cost_usd"
    case electricityCost = "electricity_cost_usd"
  }

  static func all(_ result: SimulationResult, _ item: SimulatedCase) -> [SimulatedGroup] {
    result.groups.indices.map { SimulatedGroup(result, item, $0) }
  }

  private init(_ result: SimulationResult, _ item: SimulatedCase, _ g: Int) {
    let (input, usage, line) = (item.simulation.groups[g], result.groups[g], result.ledger.lines[g])
    group = input.id
    site = input.site
    replica = .init(input.profile)
    replicas = input.replicas - input.spares
    spares = input.spares
    requests = usage.requests
    role = "both"
    switch input.role {
    case .both: break
    case .decode: role = "decode"
    case .prefill:
      role = "prefill"
      requests = usage.requests + usage.transfers
      linkUtilization = usage.linkUtilization
    }
    utilization = usage.utilization
    kvUtilization = usage.kvUtilization
    meanBatch = usage.meanBatch
    let possible = (line.busyChipSeconds + line.idleChipSeconds) * input.peakPerChip.value
    mfu = possible > 0 ? line.flops.value / possible : nil
    busiest = usage.busiestUtilization
    idlest = usage.idlestUtilization
    preemptions = usage.preemptions
    reusedTokens = usage.reusedTokens
    failedRequests = usage.lost
    let chipTime = Double(line.chips) * max(result.simulated.value, 1e-9)
    downShare = line.downChipSeconds / chipTime
    let off = 1 - line.capacityChipSeconds / chipTime
    offShare = off > 1e-9 ? off : 0
    energy = input.powerPerChip.value > 0 ? line.energy.value : nil
    chipCost = input.price.map { $0.value * line.capacityChipSeconds }
    let isPaid = item.priceIncludesEnergy.indices.contains(g) && item.priceIncludesEnergy[g]
    let place = item.sites.first { $0.id == input.site }
    if let energy, !isPaid, let price = place?.electricity {
      electricityCost = energy * (place?.pue ?? 1) * price.value
    }
  }
}

/// What a site drew and cost.
struct SimulatedSite: Encodable {
  var site: String
  var chips: Int
  /// Of chips and hosts, before PUE; nil when nobody knows it of some group.
  var energy, meanPower: Double?
  var pue: Double?
  /// Chips and the electricity outside their price; nil without any price.
  var cost: Double?

  enum CodingKeys: String, CodingKey {
    case site, chips, pue
    case energy = "energy_j"
    case meanPower = "mean_power_w"
    case cost = "cost_usd"
  }

  static func all(_ groups: [SimulatedGroup], _ item: SimulatedCase, time: Double) -> [SimulatedSite] {
    var sites: [String] = []
    for group in groups where !sites.contains(group.site) { sites.append(group.site) }
    return sites.map { site in
      let there = groups.filter { $0.site == site }
      let energies = there.compactMap(\.energy)
      let energy = energies.count == there.count ? energies.reduce(0, +) : nil
      let costs = there.compactMap(\.chipCost) + there.compactMap(\.electricityCost)
      return SimulatedSite(
        site: site, chips: there.reduce(0) { $0 + ($1.replicas + $1.spares) * $1.replica.chips },
        energy: energy,
        meanPower: energy.map { $0 / time }, pue: item.sites.first { $0.id == site }?.pue,
        cost: costs.isEmpty ? nil : costs.reduce(0, +))
    }
  }
}

/// How busy a limited uplink was.
struct SimulatedUplink: Encodable {
  var region, site: String
  var utilization: Double

  init(_ usage: UplinkUsage) {
    region = usage.region
    site = usage.site
    utilization = usage.utilization
  }
}
