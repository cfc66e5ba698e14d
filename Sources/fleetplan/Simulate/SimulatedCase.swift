import FleetData
import Ingest
import Quantities
import Simulation

/// A simulation with what the report says of it beyond its figures.
struct SimulatedCase {
  var simulation: FleetSimulation
  /// Of a setup file; nil when flags said everything.
  var name: String?
  var sites: [SetupSite] = []
  /// By group: is electricity in the price of its chips?
  var priceIncludesEnergy: [Bool] = []

  /// Is anything drawn that another seed would draw otherwise?
  var hasChance: Bool {
    !simulation.disruptions.rates.isEmpty || simulation.streams.contains(where: \.hasChance)
  }
}

extension ServiceStream {
  fileprivate var hasChance: Bool {
    switch arrivals {
    case .trace(let trace, _, _): trace.regions.isEmpty && regionShares.count > 1
    case .synthetic(let drawn):
      drawn.process == .poisson || !drawn.input.isFixed || !drawn.output.isFixed || regionShares.count > 1
    }
  }
}

extension SyntheticArrivals.Lengths {
  fileprivate var isFixed: Bool { if case .fixed = self { true } else { false } }
}
