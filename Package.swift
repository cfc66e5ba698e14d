// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours treats warnings as errors; the C targets are compiled optimised by release builds only.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// The rooms of the house. Who may import whom is stated here and enforced by
/// `swift build --explicit-target-dependency-import-check error`.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func roomTests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "fleetplan",
  products: [
    .executable(name: "fleetplan", targets: ["fleetplan"]),
    .library(
      name: "FleetplanRooms",
      targets: [
        "Quantities", "FleetData", "Ingest", "Workloads", "Performance", "Placement", "Simulation",
        "Economics",
        "CPUKernel", "Planning", "Validation", "Reporting",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CCbc", pkgConfig: "cbc", providers: [.apt(["coinor-libcbc-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CCatalog"),
    .target(name: "CKernels"),
    .target(name: "CScan"),

    room("Quantities"),
    room("FleetData", ["Quantities", "CCatalog"], exclude: ["Catalog"]),
    room(
      "Ingest",
      [
        "Quantities", "FleetData", "CScan", "CZlib", "CZstd", .product(name: "Yams", package: "Yams"),
      ]),
    room("Workloads", ["Quantities", "FleetData"]),
    room("Performance", ["Quantities", "FleetData"]),
    room("Placement", ["Quantities", "FleetData", "Performance", "CCbc"]),
    room(
      "Simulation",
      [
        "Quantities", "FleetData", "Performance",
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    room("Economics", ["Quantities", "FleetData"]),
    room("CPUKernel", ["Quantities", "FleetData", "CKernels"]),
    room(
      "Planning",
      [
        "Quantities", "FleetData", "Ingest", "Workloads", "Performance", "Placement", "Simulation",
        "Economics",
      ]),
    room("Validation", ["Quantities", "FleetData", "Performance", "Economics", "CPUKernel"]),
    room("Reporting", ["Quantities", "FleetData", "CXLSXWriter"]),
    .executableTarget(
      name: "fleetplan",
      dependencies: [
        "Quantities", "FleetData", "Ingest", "Workloads", "Performance", "Placement", "Simulation",
        "Economics",
        "CPUKernel", "Planning", "Validation", "Reporting", "CXLSXWriter", "CCbc", "CZlib", "CZstd",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.embedInCode("Templates")],
      swiftSettings: strict),

    roomTests("Quantities", ["Quantities"]),
    roomTests("FleetData", ["Quantities", "FleetData"]),
    roomTests("Ingest", ["Quantities", "FleetData", "Ingest"]),
    roomTests("Workloads", ["Quantities", "FleetData", "Ingest", "Workloads"]),
    roomTests("Performance", ["Quantities", "FleetData", "Performance"]),
    roomTests("Placement", ["Quantities", "FleetData", "Performance", "Placement"]),
    roomTests("Simulation", ["Quantities", "FleetData", "Performance", "Simulation"]),
    roomTests("Economics", ["Quantities", "FleetData", "Economics"]),
    roomTests("CPUKernel", ["Quantities", "FleetData", "CPUKernel", "CKernels"]),
    roomTests(
      "Planning",
      [
        "Quantities", "FleetData", "Ingest", "Workloads", "Performance", "Placement", "Simulation",
        "Economics",
        "Planning",
      ]),
    roomTests(
      "Validation", ["Quantities", "FleetData", "Performance", "CPUKernel", "Validation"]),
    roomTests("Reporting", ["Quantities", "FleetData", "Reporting"]),
    roomTests("Golden", ["fleetplan"]),
    roomTests("House", []),
  ],
  swiftLanguageModes: [.v6]
)
