import Foundation

extension EfficiencyTable {
  /// The table with four significant digits, as it is written down.
  public var trimmed: EfficiencyTable {
    var table = self
    for i in table.entries.indices {
      for path in ChipEfficiency.numbers {
        table.entries[i].constants[keyPath: path] = fourDigits(table.entries[i].constants[keyPath: path])
      }
    }
    for i in table.software.indices {
      for path in SoftwareEfficiency.numbers {
        table.software[i][keyPath: path] = fourDigits(table.software[i][keyPath: path])
      }
    }
    return table
  }
}

extension ChipEfficiency {
  nonisolated(unsafe) static let numbers: [WritableKeyPath<ChipEfficiency, Double>] = [
    \.matmul, \.eightBitOdds, \.fourBitOdds, \.attention, \.bandwidth, \.links, \.layerSeconds,
    \.collectiveSeconds, \.sequenceSeconds, \.traffic, \.stepSeconds, \.expertLayerSeconds, \.expertTraffic,
    \.rampTokens,
  ]
}

extension SoftwareEfficiency {
  nonisolated(unsafe) static let numbers: [WritableKeyPath<SoftwareEfficiency, Double>] = [
    \.matmulOdds, \.trafficFactor, \.overheadFactor, \.expertLayerFactor, \.cacheShare, \.interleave, \.tail,
    \.openLoop,
  ]
}

private func fourDigits(_ value: Double) -> Double {
  guard value != 0, value.isFinite else { return value }
  let scale = pow(10, 3 - floor(log10(abs(value))))
  return (value * scale).rounded() / scale
}

extension EfficiencyTable {
  /// This table with the other's entries for chips and stacks that it lacks: rows fit what they are about.
  public func completed(by other: EfficiencyTable) -> EfficiencyTable {
    let chips = Set(entries.map(\.id))
    let stacks = Set(software.map(\.id))
    return EfficiencyTable(
      entries: entries + other.entries.filter { !chips.contains($0.id) },
      software: software + other.software.filter { !stacks.contains($0.id) })
  }
}
