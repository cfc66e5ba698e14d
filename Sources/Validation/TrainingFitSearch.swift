import FleetData
import Foundation
import Performance

/// The state of a coordinate search over training constants.
struct FittedConstants {
  private struct Coordinate {
    var name: String
    var path: WritableKeyPath<TrainingEfficiency, Double> & Sendable
    var range: ClosedRange<Double>
  }

  private static let ofChip = [
    Coordinate(name: "matmul", path: \.matmul, range: 0.3...0.95),
    Coordinate(name: "attention", path: \.attention, range: 0.05...0.6),
  ]
  private static let ofFamily = [
    Coordinate(name: "experts", path: \.experts, range: 0.1...1),
    Coordinate(name: "eight-bit", path: \.eightBit, range: 0.3...1),
    Coordinate(name: "eight-bit attention", path: \.eightBitAttention, range: 0.5...3),
    Coordinate(name: "traffic", path: \.traffic, range: 0.3...3),
    Coordinate(name: "gather overlap", path: \.gatherOverlap, range: 0...1),
    Coordinate(name: "tensor overlap", path: \.tensorOverlap, range: 0...1),
    Coordinate(name: "gradient overlap", path: \.gradientOverlap, range: 0...1),
    Coordinate(name: "lockstep", path: \.lockstep, range: 0...0.06),
  ]

  private let rows: [TrainingFit.Row]
  private let chips: [String]
  private let families: [String]
  private var constants: [String: TrainingEfficiency] = [:]
  private let anchors: [String: TrainingEfficiency]
  private var losses: [Double]

  init(rows: [TrainingFit.Row], start: TrainingEfficiencyTable) {
    self.rows = rows
    chips = Set(rows.map(\.chip)).sorted()
    families = Set(rows.map(\.family)).sorted()
    for row in rows {
      constants[row.chip] = start.entry(for: row.model.setup.chip).constants
    }
    anchors = constants
    losses = rows.map { _ in 0 }
    for index in rows.indices { losses[index] = loss(index) }
  }

  /// One pass over all coordinates; tells whether any moved.
  mutating func sweep(step: Double) -> Bool {
    var moved = false
    for family in families {
      let members = chips.filter { chip in rows.contains { $0.chip == chip && $0.family == family } }
      for coordinate in Self.ofFamily where improve(coordinate, of: members, step: step) { moved = true }
    }
    for chip in chips {
      for coordinate in Self.ofChip where improve(coordinate, of: [chip], step: step) { moved = true }
    }
    return moved
  }

  /// Tries a step either way on one coordinate shared by `members`.
  private mutating func improve(_ coordinate: Coordinate, of members: [String], step: Double) -> Bool {
    let affected = rows.indices.filter { members.contains(rows[$0].chip) }
    let width = coordinate.range.upperBound - coordinate.range.lowerBound
    let current = constants[members[0]]![keyPath: coordinate.path]
    let before = affected.reduce(0) { $0 + losses[$1] } + pull(coordinate, members, current, width)
    for sign in [1.0, -1.0] {
      let value = min(
        max(current + sign * step * width, coordinate.range.lowerBound), coordinate.range.upperBound)
      if value == current { continue }
      for chip in members { constants[chip]![keyPath: coordinate.path] = value }
      let trial = affected.map { loss($0) }
      if trial.reduce(0, +) + pull(coordinate, members, value, width) < before - 1e-12 {
        for (index, loss) in zip(affected, trial) { losses[index] = loss }
        return true
      }
      for chip in members { constants[chip]![keyPath: coordinate.path] = current }
    }
    return false
  }

  /// The weak pull to where the search began.
  private func pull(
    _ coordinate: Coordinate, _ members: [String], _ value: Double, _ width: Double
  ) -> Double {
    let anchor = anchors[members[0]]![keyPath: coordinate.path]
    let distance = 0.1 * (value - anchor) / width
    return distance * distance
  }

  private func loss(_ index: Int) -> Double {
    let row = rows[index]
    let time = row.model.estimate(with: constants[row.chip]!).time.value
    let residual = log(time / row.seconds) / 0.05
    return 2 * 0.05 * 0.05 * ((1 + residual * residual).squareRoot() - 1)
  }

  /// Chips in order of name, then families: a family's own two constants are the median of its chips'.
  func table(start: TrainingEfficiencyTable) -> TrainingEfficiencyTable {
    var entries = chips.flatMap { chip in
      let errors = rows.filter { $0.chip == chip }.map { row in
        abs(row.model.estimate(with: constants[chip]!).time.value / row.seconds - 1)
      }
      let ids = [chip] + twins.filter { $0.0 == chip }.map(\.1)
      return ids.map { id in
        TrainingEfficiencyTable.Entry(
          id: id, rows: errors.count, band: max(0.03, quantile(0.8, of: errors.sorted())),
          constants: constants[chip]!.rounded)
      }
    }
    for entry in start.training where entry.id.hasPrefix("family:") {
      let members = chips.filter { chip in
        rows.contains { $0.chip == chip && "family:\($0.family)" == entry.id }
      }
      var family = entry
      if let first = members.first {
        family.constants = constants[first]!
        family.constants.matmul = quantile(0.5, of: members.map { constants[$0]!.matmul }.sorted())
        family.constants.attention = quantile(0.5, of: members.map { constants[$0]!.attention }.sorted())
        family.constants = family.constants.rounded
      }
      entries.append(family)
    }
    return TrainingEfficiencyTable(training: entries)
  }
}

extension TrainingEfficiency {
  /// Four decimals: more would be noise in the file.
  fileprivate var rounded: TrainingEfficiency {
    var copy = self
    for path in [
      \TrainingEfficiency.matmul, \.attention, \.experts, \.eightBit, \.eightBitAttention, \.traffic,
      \.gatherOverlap, \.tensorOverlap, \.gradientOverlap, \.lockstep,
    ] {
      copy[keyPath: path] = (copy[keyPath: path] * 1e4).rounded() / 1e4
    }
    return copy
  }
}
