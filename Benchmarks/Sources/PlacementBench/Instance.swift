import FleetData
import Placement
import Quantities

/// Made-up fleets of any size: user cells and sites scattered over a unit square, several chip kinds at every site.
struct Instance {
  var cells: Int
  var sites: Int
  var chips: Int
  /// Sites each cell may use, the nearest first.
  var near: Int
  var services = 1
  var months = 1
  var monthlyGrowth = 0.0
  /// The first kind of chip is committed, two blocks a site, with eight more for sale after three months.
  var buys = false
  var seed: UInt64 = 1

  private struct Point {
    var x: Double
    var y: Double
    func distance(_ other: Point) -> Double {
      ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
  }

  private static let provenance = Provenance(source: "made up", asOf: "2026-01", grade: .assumed)

  /// The placement problem: slices of 8 chips on demand, site openings, power caps, waiting priced.
  func problem(gap: Double) -> PlacementProblem {
    var random = RandomStream(seed, "instance")
    let places = (0..<sites).map { _ in Point(x: random.uniform(), y: random.uniform()) }
    let users = (0..<cells).map { _ in Point(x: random.uniform(), y: random.uniform()) }
    let fleet = Fleet(
      name: "bench", sites: (0..<sites).map { site($0, &random) },
      pods: (0..<sites).flatMap { i in (0..<chips).map { pod($0, at: i, &random) } },
      links: links(users, places),
      regions: (0..<cells).map { UserRegion(id: "cell-\($0)") })
    let demands = (0..<services).map { demand($0, &random) }
    let options = (0..<services).flatMap { service in
      fleet.pods.enumerated().map { index, pod in
        ReplicaOption(
          id: "s\(service)/\(pod.id)", service: "s\(service)", pod: pod.id, slice: SliceTopology([8]),
          capacity: [(3.0 + 2.5 * Double(index % chips)) * (0.8 + 0.4 * random.uniform())])
      }
    }
    return PlacementProblem(
      fleet: fleet, months: months, services: demands, options: options, maxUtilization: 0.8,
      weights: PlacementProblem.Weights(cost: 1, latencyPerSecond: 4000),
      openings: (0..<sites).map {
        PlacementProblem.SiteOpening(site: "site-\($0)", monthlyCost: USD(20_000 + 40_000 * random.uniform()))
      }, limits: SearchLimits(relativeGap: gap))
  }

  private func site(_ index: Int, _ random: inout RandomStream) -> Site {
    Site(
      id: "site-\(index)", powerCap: Watts((1 + 4 * random.uniform()) * 1e6),
      pue: 1.1 + 0.2 * random.uniform(),
      electricity: USDPerJoule((0.04 + 0.1 * random.uniform()) / 3.6e6),
      carbon: GramsCO2PerJoule(300 / 3.6e6))
  }

  private func pod(_ chip: Int, at site: Int, _ random: inout RandomStream) -> Pod {
    let sells = buys && chip == 0
    let hourly = (1 + 0.7 * Double(chip)) * (0.8 + 0.5 * random.uniform())
    return Pod(
      id: "site-\(site)/chip-\(chip)", site: "site-\(site)", chip: "chip-\(chip)",
      topology: SliceTopology([8]), count: sells ? 2 : 60,
      price: ChipPrice(
        sells ? .committed(USDPerSecond(0.6 * hourly / 3600)) : .onDemand(USDPerSecond(hourly / 3600)),
        Self.provenance),
      powerPerChip: Figure(Watts(300 + 250 * Double(chip)), Self.provenance), purchasable: sells ? 8 : 0,
      leadTimeMonths: sells ? 3 : 0)
  }

  private func demand(_ service: Int, _ random: inout RandomStream) -> ServiceDemand {
    ServiceDemand(
      service: "s\(service)",
      flows: (0..<cells).map { cell in
        let rate = 0.5 + 5 * random.uniform()
        var growth = 1.0
        let rates = (0..<months).map { _ in
          defer { growth *= 1 + monthlyGrowth }
          return rate * growth
        }
        return ServiceDemand.Flow(region: "cell-\(cell)", peakRates: rates)
      })
  }

  private func links(_ users: [Point], _ places: [Point]) -> [Link] {
    users.indices.flatMap { cell in
      let nearest = places.indices.sorted {
        let (a, b) = (users[cell].distance(places[$0]), users[cell].distance(places[$1]))
        return a != b ? a < b : $0 < $1
      }
      return nearest.prefix(near).map { site in
        Link(
          from: "cell-\(cell)", to: "site-\(site)",
          roundTrip: Seconds(0.005 + 0.08 * users[cell].distance(places[site])), grade: .assumed)
      }
    }
  }
}
