import FleetData
import Placement
import Quantities

/// Small fleets for tests: two sites, a region each, pods of single chips unless told otherwise.
enum Fixture {
  static let hour = 3600.0
  static func watts(_ value: Double) -> Figure<Watts> {
    Figure(Watts(value), Provenance(source: "test", asOf: "2026-01", grade: .assumed))
  }
  static func price(_ kind: ChipPrice.Kind) -> ChipPrice {
    ChipPrice(kind, Provenance(source: "test", asOf: "2026-01", grade: .assumed))
  }
  static func onDemand(_ dollarsPerHour: Double) -> ChipPrice {
    price(.onDemand(USDPerSecond(dollarsPerHour / hour)))
  }
  static func committed(_ dollarsPerHour: Double) -> ChipPrice {
    price(.committed(USDPerSecond(dollarsPerHour / hour)))
  }

  static func site(
    _ id: String, megawatts: Double = 10, pue: Double = 1.1, carbon: Double = 300, residency: String? = nil
  ) -> Site {
    Site(
      id: id, powerCap: Watts(megawatts * 1e6), pue: pue, electricity: USDPerJoule(0.06 / 3.6e6),
      carbon: GramsCO2PerJoule(carbon / 3.6e6), residency: residency)
  }

  static func pod(
    _ id: String, at site: String, chip: String = "gpu", shape: [Int] = [8], count: Int = 4,
    price: ChipPrice = onDemand(1), watts: Double = 1000, purchasable: Int = 0, lead: Int = 0,
    availability: Double? = nil
  ) -> Pod {
    Pod(
      id: id, site: site, chip: chip, topology: SliceTopology(shape), count: count, price: price,
      powerPerChip: Self.watts(watts), purchasable: purchasable, leadTimeMonths: lead,
      availability: availability)
  }

  static func link(_ from: String, _ to: String, milliseconds: Double) -> Link {
    Link(from: from, to: to, roundTrip: Seconds(milliseconds / 1000), grade: .assumed)
  }

  static func option(
    _ service: String, on pod: String, slice: [Int], capacity: Double, ttft: Double? = nil
  ) -> ReplicaOption {
    ReplicaOption(
      id: "\(service)/\(pod)/\(SliceTopology(slice))", service: service, pod: pod,
      slice: SliceTopology(slice),
      capacity: [capacity], timeToFirstToken: ttft.map { Seconds($0) })
  }

  static func demand(
    _ service: String, _ rates: [(region: String, rate: Double)], months: Int = 1, ttft: Double? = nil,
    residency: String? = nil
  ) -> ServiceDemand {
    ServiceDemand(
      service: service,
      flows: rates.map {
        ServiceDemand.Flow(region: $0.region, peakRates: [Double](repeating: $0.rate, count: months))
      }, timeToFirstToken: ttft.map { Seconds($0) }, residency: residency)
  }

  /// One service, two sites of eight-chip domains: near (dear) and far (cheap).
  static func twoSites(rate: Double = 10) -> PlacementProblem {
    let fleet = Fleet(
      name: "two", sites: [site("far"), site("near")],
      pods: [pod("far-gpu", at: "far", price: onDemand(1)), pod("near-gpu", at: "near", price: onDemand(2))],
      links: [link("users", "far", milliseconds: 100), link("users", "near", milliseconds: 10)],
      regions: [UserRegion(id: "users")])
    return PlacementProblem(
      fleet: fleet, months: 1, services: [demand("chat", [("users", rate)])],
      options: [
        option("chat", on: "far-gpu", slice: [4], capacity: 2, ttft: 0.2),
        option("chat", on: "near-gpu", slice: [4], capacity: 2, ttft: 0.2),
      ], maxUtilization: 1, limits: SearchLimits(relativeGap: 0))
  }

  /// Dollars of so many chips for a month at a price per hour.
  static func month(chips: Int, at dollarsPerHour: Double) -> Double {
    Double(chips) * dollarsPerHour * Seconds.month.value / hour
  }

  /// Why a problem has no plan, or `nil` when it has one or fails otherwise.
  static func refusal(
    _ problem: PlacementProblem,
    by answer: (PlacementProblem) throws(PlacementError) -> Void = { problem throws(PlacementError) in
      _ = try Placer.plan(problem)
    }
  ) -> Infeasibility? {
    do throws(PlacementError) {
      try answer(problem)
      return nil
    } catch {
      if case .infeasible(let why) = error { return why }
      return nil
    }
  }
}
