import Economics
import FleetData
import Placement
import Quantities

/// What a planned deployment carries, draws and sends through the day.
struct DeploymentDay {
  let row: PlacementPlan.Deployment
  /// Those that end at this deployment.
  let routes: [PlacementPlan.Route]
  /// With the price of the month.
  let pod: Pod
  /// Mean over peak of flows that do not say how they run through the day.
  let loadFactor: Double

  init(
    _ row: PlacementPlan.Deployment, routes: [PlacementPlan.Route], pod: Pod, loadFactor: Double
  ) {
    self.row = row
    self.routes = routes.filter { $0.month == row.month && $0.option == row.option }
    self.pod = pod
    self.loadFactor = loadFactor
  }

  private var replicas: Int { row.replicas + row.spares }

  /// Requests per second in each hour (UTC).
  var rates: [Double] {
    (0..<24).map { hour in
      routes.reduce(0) { sum, route in
        sum + route.requestsPerSecond * (route.loadByHour.isEmpty ? loadFactor : route.loadByHour[hour])
      }
    }
  }

  private var meanRate: Double { rates.reduce(0, +) / 24 }
  var meanToPeak: Double { row.load > 0 ? min(1, meanRate / row.load) : 0 }

  /// Chips on the bill: rented ones for all that a slice takes out of its pod; of chips that are paid for anyway those
  /// that serve nobody are a line of their own.
  var chips: Int {
    switch pod.price.kind {
    case .owned, .committed: replicas * row.chipsPerReplica
    case .onDemand, .spot: replicas * row.chipsOccupied
    }
  }

  /// IT watts of all replicas in each hour (UTC): chips that idle, and what work adds.
  ///
  ///     watts(h) = chips · idle + rate(h) / capacity · chips of a replica · (busy − idle)
  var wattsByHour: [Double] {
    let busy = pod.powerPerChip.value.value
    let idle = busy * pod.idlePowerShare
    let capacity = row.capacityPerReplica.first ?? 0
    return rates.map { rate in
      let work = capacity > 0 ? rate / capacity * Double(row.chipsPerReplica) : 0
      return Double(chips) * idle + work * (busy - idle)
    }
  }

  /// Bytes of answers in a month, and what their links charge.
  func egress(bytesPerAnswer: Double) -> Egress {
    var bytes = 0.0
    var cost = 0.0
    for route in routes {
      let mean = route.loadByHour.isEmpty ? loadFactor : route.loadByHour.reduce(0, +) / 24
      let requests = route.requestsPerSecond * mean * Seconds.month.value
      bytes += requests * bytesPerAnswer
      cost += requests * route.egress
    }
    return Egress(
      site: row.site, pod: row.pod, service: row.service, bytes: Bytes(bytes), cost: USD(cost))
  }
}
