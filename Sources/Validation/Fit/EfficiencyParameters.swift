import FleetData
import Foundation
import Performance

/// The numbers a fit turns: defaults of all, a default for each family, and how each chip and each stack departs from
/// it.
///
/// Shares and odds are kept as log-odds, seconds and factors as logarithms, so that every number is free and a
/// departure of one standard deviation means the same for all. Departures are drawn to zero by their `spread`, which
/// is what keeps a chip with three rows near its family. A kind is here because leaving it out raises the error on
/// runs that the fit never saw; what did not, is not.
struct EfficiencyParameters: Sendable {
  enum Level: Int, Sendable, CaseIterable { case all, family, chip, software }

  /// One kind of constant at one level.
  struct Kind: Sendable, Hashable {
    var level: Level
    var name: String
  }

  struct Slot: Sendable {
    var kind: Kind
    /// `all`, or the family, chip id or stack that the number belongs to.
    var owner: String
    var start: Double
    var spread: Double
  }

  private(set) var slots: [Slot] = []
  private var index: [String: Int] = [:]
  let chips: [String]
  let software: [String]
  let families: [String]

  init(families: [String], chips: [String], software: [String]) {
    (self.families, self.chips, self.software) = (families, chips, software)
    for (name, start, spread) in Self.shared { add(.all, name, "all", start, spread) }
    for (name, start, spread) in Self.defaults {
      for family in families { add(.family, name, family, start, spread) }
    }
    for (name, spread) in Self.chipSpreads { for chip in chips { add(.chip, name, chip, 0, spread) } }
    for (name, spread) in Self.softwareSpreads {
      for stack in software { add(.software, name, stack, 0, spread) }
    }
  }

  private mutating func add(
    _ level: Level, _ name: String, _ owner: String, _ start: Double, _ spread: Double
  ) {
    index["\(level.rawValue)/\(name)/\(owner)"] = slots.count
    slots.append(
      Slot(kind: Kind(level: level, name: name), owner: owner, start: start, spread: spread))
  }

  var start: [Double] { slots.map(\.start) }

  /// Every kind, in order of first appearance.
  var kinds: [Kind] {
    var seen: [Kind] = []
    for slot in slots where seen.last != slot.kind { seen.append(slot.kind) }
    return seen
  }

  func position(_ level: Level, _ name: String, _ owner: String) -> Int? {
    index["\(level.rawValue)/\(name)/\(owner)"]
  }

  /// Prior centre and spread of what all chips share, as too few rows tell families apart.
  static let shared: [(String, Double, Double)] = [
    ("tail", 0.3, 0.3), ("openLoop", 2.5, 0.7), ("fourBit", -0.5, 0.5),
  ]
  /// Prior centre and spread of each constant of a family.
  static let defaults: [(String, Double, Double)] = [
    ("matmul", 0.5, 0.7), ("bandwidth", 1.5, 0.7), ("attention", -0.5, 0.7), ("layer", log(1.5e-5), 1),
    ("traffic", log(10), 1.5), ("step", log(5e-4), 1), ("collective", log(1e-5), 1), ("links", 0, 1),
    ("cache", 1.5, 1), ("interleave", 1, 1), ("expertLayer", log(3e-5), 1.5),
    ("expertTraffic", log(2.5), 1.5),
    ("eightBit", -0.2, 0.4), ("ramp", log(30), 1),
  ]
  static let chipSpreads: [(String, Double)] = [("matmul", 0.6), ("collective", 0.7)]
  static let softwareSpreads: [(String, Double)] = [
    ("matmul", 0.8), ("traffic", 1), ("overhead", 1), ("cache", 1), ("interleave", 1.5), ("expertLayer", 1.2),
  ]
}
