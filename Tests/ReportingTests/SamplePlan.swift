import FleetData
import Foundation
import Quantities

/// A plan whose numbers agree with each other: three sites, four pods, two services, lines that sum to totals.
///
/// Demand grows by a fixed rate, replicas follow from load / (capacity × cap), chips from replicas, costs from chips.
struct SamplePlan {
  var months = 12
  var maxUtilization = 0.8
  var chatGrowth = 0.06
  var prices = ["us-east-v5p": 0.0, "us-east-v5e": 1.20, "eu-west-v6e": 2.97, "ap-south-h100": 0.0]
  /// Copies of every deployment under other service names, to make large plans.
  var copies = 1

  struct Pod {
    var id: String
    var site: String
    var chip: String
    var chips: Int
    var term: String
    var capital: Double?
    var watts: Double
  }
  static let pods = [
    Pod(
      id: "ap-south-h100", site: "ap-south", chip: "h100", chips: 64, term: "owned", capital: 31_000,
      watts: 1275),
    Pod(
      id: "eu-west-v6e", site: "eu-west", chip: "tpu-v6e", chips: 256, term: "on-demand", capital: nil,
      watts: 340),
    Pod(
      id: "us-east-v5e", site: "us-east", chip: "tpu-v5e", chips: 96, term: "committed", capital: nil,
      watts: 260),
    Pod(
      id: "us-east-v5p", site: "us-east", chip: "tpu-v5p", chips: 128, term: "owned", capital: 18_500,
      watts: 640),
  ]
  struct Site {
    var id: String
    var pue: Double
    var price: Double
    var carbon: Double
    var cap: Double
  }
  static let sites = [
    Site(id: "ap-south", pue: 1.40, price: 0.11, carbon: 650, cap: 120_000),
    Site(id: "eu-west", pue: 1.12, price: 0.14, carbon: 290, cap: 150_000),
    Site(id: "us-east", pue: 1.10, price: 0.065, carbon: 380, cap: 240_000),
  ]
  struct Place {
    var service: String
    var pod: String
    var slice: String
    var chips: Int
    var capacity: Double
    var share: Double
    var extra: Int
  }
  static let places = [
    Place(service: "chat", pod: "ap-south-h100", slice: "8", chips: 8, capacity: 3.1, share: 0.35, extra: 0),
    Place(
      service: "chat", pod: "us-east-v5p", slice: "2x2x2", chips: 8, capacity: 2.6, share: 0.65, extra: 1),
    Place(service: "code", pod: "eu-west-v6e", slice: "2x2", chips: 4, capacity: 9.5, share: 0.4, extra: 0),
    Place(service: "code", pod: "us-east-v5e", slice: "2x4", chips: 8, capacity: 7.25, share: 0.6, extra: 0),
  ]
  static let hours = 730.5

  func growth(_ service: String) -> Double { service.hasPrefix("chat") ? chatGrowth : 0.04 }
  func demand(_ service: String, _ month: Int) -> Double {
    (service.hasPrefix("chat") ? 18.0 : 55.0) * pow(1 + growth(service), Double(month)) / Double(copies)
  }
  var services: [String] {
    copies == 1
      ? ["chat", "code"] : ["chat", "code"].flatMap { s in (0..<copies).map { "\(s)-\(1000 + $0)" } }
  }
  func label(_ month: Int) -> String {
    let (year, m) = (2027 + month / 12, month % 12 + 1)
    return "\(year)-\(m < 10 ? "0" : "")\(m)"
  }
  func price(_ pod: Pod) -> Double {
    if let given = prices[pod.id], given > 0 { return given }
    let (i, n) = (0.08 / 12, 60.0)
    return (pod.capital ?? 0) * i / (1 - pow(1 + i, -n)) / Self.hours
  }

  func make() -> Plan {
    let deployments = (0..<months).flatMap { self.deployments($0) }
    let inventory = (0..<months).flatMap { self.inventory($0, deployments) }
    let costs = (0..<months).flatMap { self.costs($0, deployments, inventory) }
    var plan = Plan(
      id: "7f3a91c2d4e5", toolVersion: "1.0.0", name: "sample", currency: "USD", startMonth: "2027-01",
      horizonMonths: months, seed: 7,
      verdict: .init(
        status: .feasibleUntil,
        sentence: "The fleet serves both services until 2027-10; then chips for chat run out.",
        bindingConstraint: "inventory of us-east-v5p", smallestRelaxation: "16 more chips in us-east-v5p"),
      months: monthRows(costs, inventory), services: serviceRows(), sites: siteRows(), pods: podRows(),
      deployments: deployments, demand: demandRows(), inventory: inventory,
      power: (0..<months).flatMap { power($0, deployments) }, costs: costs,
      solver: .init(
        solver: "CBC 2.10", objective: 1_234_567, bound: 1_234_567, relativeGap: 0,
        bindingConstraints: ["inventory us-east-v5p 2027-10"]),
      maxUtilization: maxUtilization, annualDiscountRate: 0.08)
    plan.unitCosts = unitCosts(costs)
    plan.serviceLevels = levels()
    addEvidence(&plan)
    return plan
  }

  private func deployments(_ month: Int) -> [Plan.Deployment] {
    Self.places.flatMap { place in
      services.filter { $0.hasPrefix(place.service) }.map { service in
        let pod = Self.pods.first { $0.id == place.pod }!
        let load = place.share * demand(service, month)
        let need = load / (place.capacity * maxUtilization)
        let replicas =
          Int((need * 1e9).rounded() / 1e9 == 0 ? 0 : ((need * 1e9).rounded() / 1e9).rounded(.up))
          + place.extra
        return Plan.Deployment(
          id: "\(service)/\(place.pod)/\(place.slice)/\(label(month))", month: month, service: service,
          site: pod.site, pod: place.pod, chip: pod.chip, slice: place.slice,
          sharding: Sharding(tensor: place.chips),
          chipsPerReplica: place.chips, replicas: replicas, capacityPerReplica: place.capacity, load: load,
          wattsPerReplica: pod.watts * Double(place.chips) * 0.82, bound: .hbm, grade: .derived)
      }
    }.sorted { $0.id < $1.id }
  }

  private func inventory(_ month: Int, _ all: [Plan.Deployment]) -> [Plan.InventoryRow] {
    Self.pods.map { pod in
      let used = all.filter { $0.month == month && $0.pod == pod.id }.reduce(0) {
        $0 + $1.replicas * $1.chipsPerReplica
      }
      let installed = copies == 1 ? pod.chips : max(pod.chips, (used / 64 + 1) * 64)
      let stranded = pod.id == "us-east-v5e" && installed >= used + 4 ? 4 : 0
      return .init(
        month: month, pod: pod.id, installed: installed, used: used, free: installed - used - stranded,
        stranded: stranded)
    }
  }

  private func costs(_ month: Int, _ all: [Plan.Deployment], _ inventory: [Plan.InventoryRow]) -> [Plan
    .CostLine]
  {
    var lines: [Plan.CostLine] = []
    for pod in Self.pods {
      let here = all.filter { $0.month == month && $0.pod == pod.id }
      let stock = inventory.first { $0.month == month && $0.pod == pod.id }!
      for d in here {
        lines += self.lines(
          month, pod, d.service, chips: d.replicas * d.chipsPerReplica,
          watts: d.wattsPerReplica * Double(d.replicas))
      }
      let idle = stock.installed - stock.used
      if pod.term != "on-demand", idle != 0 {
        lines += self.lines(month, pod, nil, chips: idle, watts: pod.watts * 0.3 * Double(idle))
      }
    }
    let traffic = 52_000 * pow(1 + chatGrowth, Double(month))
    lines.append(
      .init(
        id: "\(label(month))/us-east/network", month: month, site: "us-east", pod: "us-east-v5e",
        service: "chat",
        category: .network, quantity: traffic, quantityUnit: "GB", unitPrice: 0.02, cost: traffic * 0.02))
    return lines.sorted { $0.id < $1.id }
  }

  private func lines(_ month: Int, _ pod: Pod, _ service: String?, chips: Int, watts: Double) -> [Plan
    .CostLine]
  {
    let stem = "\(label(month))/\(pod.id)/\(service ?? "idle")"
    let site = Self.sites.first { $0.id == pod.site }!
    let quantity = Double(chips) * Self.hours
    var lines = [
      Plan.CostLine(
        id: stem + "/compute", month: month, site: pod.site, pod: pod.id, service: service,
        category: .compute,
        quantity: quantity, quantityUnit: "chip-hour", unitPrice: price(pod), cost: quantity * price(pod))
    ]
    if pod.term == "owned" {
      let it = watts * Self.hours / 1000
      lines.append(
        .init(
          id: stem + "/energy", month: month, site: pod.site, pod: pod.id, service: service,
          category: .energy,
          quantity: it * site.pue, quantityUnit: "kWh", unitPrice: site.price,
          cost: it * site.pue * site.price,
          itKWh: it, carbonKilograms: it * site.pue * site.carbon / 1000))
    }
    return lines
  }

  private func monthRows(_ costs: [Plan.CostLine], _ inventory: [Plan.InventoryRow]) -> [Plan.Month] {
    (0..<months).map { m in
      let stock = inventory.filter { $0.month == m }
      return .init(
        index: m, label: label(m), hours: Self.hours,
        totalCost: costs.filter { $0.month == m }.reduce(0) { $0 + $1.cost }, budget: 360_000,
        chipsUsed: stock.reduce(0) { $0 + $1.used }, chipsInstalled: stock.reduce(0) { $0 + $1.installed },
        discountFactor: pow(1.08, -Double(m) / 12))
    }
  }

  private func demandRows() -> [Plan.DemandRow] {
    (0..<months).flatMap { m in
      services.map {
        .init(
          month: m, service: $0, requestsPerSecond: demand($0, m), meanInputTokens: 1850,
          meanOutputTokens: 240)
      }
    }
  }

  private func serviceRows() -> [Plan.ServiceRow] {
    services.map {
      .init(
        id: $0, model: $0.hasPrefix("chat") ? "llama-3.1-70b" : "llama-3.1-8b", weights: .int8, kv: .int8,
        slo: ServiceLevelObjective(ttft: 0.8, tpot: 0.04), monthlyGrowth: growth($0), thinkingMultiplier: 1)
    }
  }

  private func siteRows() -> [Plan.SiteRow] {
    Self.sites.map {
      .init(
        id: $0.id, powerCapWatts: $0.cap, pue: $0.pue, electricityUSDPerKWh: $0.price,
        carbonGramsPerKWh: $0.carbon,
        grade: .quoted, source: "sites catalog")
    }
  }

  private func podRows() -> [Plan.PodRow] {
    Self.pods.map {
      .init(
        id: $0.id, site: $0.site, chip: $0.chip, topology: "16x16", blocks: 1, chips: $0.chips, term: $0.term,
        usdPerChipHour: price($0), capitalUSDPerChip: $0.capital,
        depreciationMonths: $0.capital.map { _ in 60 },
        annualInterest: $0.capital.map { _ in 0.08 }, wattsPerChip: $0.watts, idlePowerShare: 0.3,
        source: "quote 118", asOf: "2026-08-01", grade: .quoted)
    }
  }

  private func power(_ month: Int, _ all: [Plan.Deployment]) -> [Plan.PowerRow] {
    Self.sites.map { site in
      let it = all.filter { $0.month == month && $0.site == site.id }.reduce(0) {
        $0 + $1.wattsPerReplica * Double($1.replicas)
      }
      return .init(month: month, site: site.id, itWatts: it, facilityWatts: it * site.pue, capWatts: site.cap)
    }
  }

  private func unitCosts(_ costs: [Plan.CostLine]) -> [Plan.UnitCost] {
    (0..<months).flatMap { m in
      services.map { service in
        let cost = costs.filter { $0.month == m && $0.service == service }.reduce(0) { $0 + $1.cost }
        let tokens = demand(service, m) * 2090 * Self.hours * 3600 * 0.4
        let perMillion = cost / tokens * 1e6
        return .init(
          service: service, month: m, usdPerMillionInputTokens: perMillion * 0.5,
          usdPerMillionOutputTokens: perMillion * 4.2, usdPerMillionTokens: perMillion,
          usedUSDPerMillionTokens: perMillion * 0.62, usdPerFLOP: perMillion / 1e6 / 1.4e11,
          tokensPerUSD: tokens / cost, gramsCO2PerMillionTokens: 41, joulesPerToken: 0.9)
      }
    }
  }

  private func levels() -> [Plan.ServiceLevelRow] {
    (0..<months).flatMap { m in
      services.flatMap { s -> [Plan.ServiceLevelRow] in
        let ttft = (s.hasPrefix("chat") ? 0.61 : 0.34) * (1 + 0.02 * Double(m))
        let tpot = s.hasPrefix("chat") ? 0.033 : 0.021
        return [
          .init(
            id: "\(s)/tpot/\(label(m))", month: m, service: s, metric: "tpot", percentile: 0.99,
            targetSeconds: 0.04,
            result: .init(value: tpot, low: tpot * 0.96, high: tpot * 1.05), requests: 12_400, verdict: .pass),
          .init(
            id: "\(s)/ttft/\(label(m))", month: m, service: s, metric: "ttft", percentile: 0.99,
            targetSeconds: 0.8,
            result: .init(value: ttft, low: ttft * 0.93, high: ttft * 1.08), requests: 12_400,
            verdict: ttft * 1.08 <= 0.8 ? .pass : ttft * 0.93 > 0.8 ? .fail : .inconclusive),
        ]
      }
    }.sorted { $0.id < $1.id }
  }
}
