import FleetData
import Placement
import Quantities

/// The scenario as the placement sees it: demand, options and the fleet of some of its months.
struct PlacementQuestion {
  let scenario: Scenario
  var table: OptionTable
  let workloads: [ServiceWorkload]

  /// The problem of some consecutive months, with capacities as far as they are trusted.
  ///
  /// A single month is a problem of its own, whose month 0 it is; several months share one fleet and its purchases.
  func problem(months: Range<Int>, trust: PeriodTrust, bought: [PlacementPlan.Purchase] = [])
    -> PlacementProblem
  {
    PlacementProblem(
      fleet: months.count == 1 ? standing(inMonth: months.lowerBound, bought: bought) : scenario.fleet,
      months: months.count, services: workloads.map { demand($0, months: months) },
      options: table.replicaOptions(trust), maxUtilization: scenario.maxUtilization,
      survivesSiteLoss: scenario.survivesSiteLoss,
      utilizationAfterLoss: scenario.utilizationAfterLoss * trust.afterLoss,
      spareConfidence: scenario.spareConfidence, standbyReplicas: scenario.standbyReplicas,
      monthlyBudget: scenario.monthlyBudget,
      discountRate: scenario.discountRate, weights: weights)
  }

  /// What the scenario's plans are judged by. Where money is not the aim, it still decides between equals.
  private var weights: PlacementProblem.Weights {
    let carbon = scenario.objective.carbonPrice
    return switch scenario.objective.kind {
    case .cost: PlacementProblem.Weights(cost: 1, carbonPerKilogram: carbon)
    case .carbon: PlacementProblem.Weights(cost: 1e-4, carbonPerKilogram: 1)
    case .latency:
      PlacementProblem.Weights(cost: 1e-4, carbonPerKilogram: carbon * 1e-4, latencyPerSecond: 1e4)
    }
  }

  /// Do purchases tie the months together?
  var monthsAreCoupled: Bool { scenario.fleet.pods.contains { $0.purchasable > 0 } }

  private func demand(_ workload: ServiceWorkload, months: Range<Int>) -> ServiceDemand {
    let service = workload.service
    let bytes = workload.bytesPerRequest
    return ServiceDemand(
      service: service.id,
      flows: service.regionShares.filter { $0.share > 0 }.map { share in
        ServiceDemand.Flow(
          region: share.region, peakRates: months.map { workload.peakRate(of: share, month: $0) },
          hourlyLoad: workload.hoursByRegion[share.region] ?? [])
      },
      timeToFirstToken: service.slo.ttft, residency: service.residency, loadFactor: service.loadFactor,
      priority: service.priority, bytesPerRequest: Bytes(bytes.both), answerBytes: Bytes(bytes.answer))
  }

  /// The pods that stand in a month, with what was bought until then.
  private func standing(inMonth month: Int, bought: [PlacementPlan.Purchase]) -> Fleet {
    var fleet = scenario.fleet.standing(inMonth: month)
    for index in fleet.pods.indices {
      let delivered = bought.filter { $0.pod == fleet.pods[index].id && $0.deliveryMonth <= month }
      fleet.pods[index].purchasable = 0
      fleet.pods[index].count += delivered.reduce(0) { $0 + $1.blocks }
    }
    return fleet
  }
}
