import FleetData
import Quantities
import Simulation

/// Replays a service's trace, at a chosen rate, on replicas of one profile.
///
/// The arrival process is the trace's own, sped up or slowed down to the rate and repeated until enough requests and
/// enough time have passed to judge a percentile.
struct ReplicaTrial {
  let workload: ServiceWorkload
  let profile: ReplicaProfile
  let replicas: Int
  /// Where the requests come from and how far it is from there.
  var regionShares: [Service.RegionShare] = []
  var roundTrips: [RoundTrip] = []
  var site = "site"
  let seed: UInt64

  /// Users wait through at least this much arriving traffic, so that the fleet fills up before it is judged.
  static let shortestRun = 900.0

  /// - Parameters: `rate` in requests per second over all replicas; at least `requests` arrive.
  func run(rate: Double, requests: Int, outages: Disruptions = Disruptions()) throws(SimulationError)
    -> SimulationResult
  {
    let count = Double(max(1, workload.trace.count))
    let wanted = max(Double(requests), min(Self.shortestRun * rate, 20 * Double(requests)))
    let service = workload.service
    let stream = ServiceStream(
      service: service.id,
      arrivals: .trace(
        workload.trace, rateScale: rate / workload.traceRate,
        repeats: max(1, Int((wanted / count).rounded(.up)))),
      thinkingMultiplier: service.thinkingMultiplier, regionShares: regionShares, slo: service.slo)
    let group = ReplicaGroup(
      id: service.id, site: site, pod: site, profile: profile, replicas: replicas, services: [service.id])
    return try FleetSimulation(
      groups: [group], streams: [stream], roundTrips: roundTrips, routing: .leastLoaded, seed: seed,
      disruptions: outages
    ).run()
  }
}
