// swift-tools-version: 6.2
import PackageDescription

/// Timed programs, in a package of their own so that users of the tool never build them.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "fleetplan", path: "..")],
  targets: [
    .executableTarget(
      name: "SimulationBench", dependencies: [.product(name: "FleetplanRooms", package: "fleetplan")]),
    .executableTarget(
      name: "PlacementBench", dependencies: [.product(name: "FleetplanRooms", package: "fleetplan")]),
    .executableTarget(
      name: "EstimateBench", dependencies: [.product(name: "FleetplanRooms", package: "fleetplan")]),
    .executableTarget(
      name: "TraceBench", dependencies: [.product(name: "FleetplanRooms", package: "fleetplan")]),
    .executableTarget(
      name: "KernelBench", dependencies: [.product(name: "FleetplanRooms", package: "fleetplan")]),
  ],
  swiftLanguageModes: [.v6]
)
