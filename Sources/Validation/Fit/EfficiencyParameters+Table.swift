import FleetData
import Foundation
import Performance

/// Chips that share one die and so one set of constants: the few rows of one speak for both.
func constantsOwner(_ chip: String) -> String {
  switch chip {
  case "a100-40g": "a100-80g"
  case "gb200": "b200"
  case "h800-sxm": "h100-sxm"
  default: chip
  }
}

let twins = [("a100-80g", "a100-40g"), ("b200", "gb200"), ("h100-sxm", "h800-sxm")]

extension EfficiencyParameters {
  /// The constants that the numbers `x` stand for.
  func table(_ x: [Double], family: (String) -> String, rows: [String: Int] = [:]) -> EfficiencyTable {
    func at(_ level: Level, _ name: String, _ owner: String) -> Double {
      position(level, name, owner).map { x[$0] } ?? 0
    }
    var entries: [EfficiencyTable.Entry] = []
    for chip in chips {
      let constants = chipConstants(family: family(chip), chip: chip, at)
      entries.append(.init(id: chip, constants: constants, rows: rows[chip] ?? 0))
      for (die, twin) in twins where die == chip {
        entries.append(.init(id: twin, constants: constants, rows: rows[chip] ?? 0))
      }
    }
    for family in families {
      let constants = chipConstants(family: family, chip: "", at)
      entries.append(.init(id: "family:\(family)", constants: constants, rows: 0))
    }
    var stacks: [SoftwareEfficiency] = []
    for stack in software {
      stacks.append(
        softwareConstants(stack, family: family(stack), rows: rows["software/" + stack] ?? 0, at))
    }
    for family in families {
      stacks.append(softwareConstants("family:\(family)", family: family, rows: 0, at))
    }
    return EfficiencyTable(entries: entries, software: stacks)
  }

  private func chipConstants(
    family: String, chip: String, _ at: (Level, String, String) -> Double
  ) -> ChipEfficiency {
    func base(_ name: String) -> Double { at(.family, name, family) }
    func both(_ name: String) -> Double { base(name) + at(.chip, name, chip) }
    return ChipEfficiency(
      matmul: share(both("matmul")), attention: share(base("attention")), bandwidth: share(base("bandwidth")),
      links: share(base("links")), layerSeconds: exp(base("layer")),
      collectiveSeconds: exp(both("collective")), stepSeconds: exp(base("step")),
      eightBitOdds: exp(base("eightBit")), fourBitOdds: exp(at(.all, "fourBit", "all")),
      traffic: exp(base("traffic")), expertLayerSeconds: exp(base("expertLayer")),
      expertTraffic: exp(base("expertTraffic")), rampTokens: exp(base("ramp")))
  }

  private func softwareConstants(
    _ stack: String, family: String, rows: Int, _ at: (Level, String, String) -> Double
  ) -> SoftwareEfficiency {
    func factor(_ name: String) -> Double { exp(at(.software, name, stack)) }
    func both(_ name: String) -> Double { at(.family, name, family) + at(.software, name, stack) }
    return SoftwareEfficiency(
      id: stack, rows: rows, matmulOdds: factor("matmul"), trafficFactor: factor("traffic"),
      overheadFactor: factor("overhead"), expertLayerFactor: factor("expertLayer"),
      cacheShare: share(both("cache")), interleave: share(both("interleave")),
      tail: exp(at(.all, "tail", "all")), openLoop: share(at(.all, "openLoop", "all")))
  }
}

/// The share whose log-odds are `z`.
private func share(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
