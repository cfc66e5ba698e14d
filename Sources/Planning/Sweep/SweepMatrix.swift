import FleetData
import Ingest

/// The cells of a sweep: every combination of the values given for every path, less `exclude`, plus `include`.
///
///     sweep:
///       services.chat.growth: [3%/month, 6%/month]
///       seeds: 3                                       # an axis of seeds, the scenario's own first
///       exclude: [{services.chat.growth: 6%/month, seed: 3}]
///       include: [{services.chat.growth: 12%/month, seed: 1}]
///       max_runs: 64
public struct SweepMatrix: Sendable, Hashable {
  public struct Axis: Sendable, Hashable {
    public var path: String
    public var values: [String]
    public init(path: String, values: [String]) {
      self.path = path
      self.values = values
    }
  }

  /// One combination: a value for each axis, in the order of the axes.
  public struct Cell: Sendable, Hashable {
    public var assignments: [Axis]

    /// The cell as a named change of the study.
    public func change(at location: Diagnostic.Location) -> Change {
      Change(
        name: label,
        edits: assignments.map { .set(path: $0.path, ConfigNode(.scalar($0.values[0]), at: location)) },
        location: location)
    }

    public var label: String { assignments.map { "\($0.path)=\($0.values[0])" }.joined(separator: ", ") }
  }

  public private(set) var axes: [Axis] = []
  /// Combinations left out, and further ones; a list of path and value.
  private var excluded: [[String: String]] = []
  private var included: [[String: String]] = []
  /// The most cells the scenario allows.
  public private(set) var maximumRuns: Int?

  public init(axes: [Axis]) { self.axes = axes }

  /// Reads the `sweep` mapping of a scenario.
  /// - Throws: `Diagnostics` at what is no axis, or a combination that no cell can have.
  public init(_ node: ConfigNode?, documents: StudyDocuments) throws(Diagnostics) {
    guard let node else { return }
    guard case .mapping(let entries) = node.content else {
      throw Diagnostics([Diagnostic("'sweep' must map paths to lists", at: node.location)])
    }
    var combinations: [(isIncluded: Bool, node: ConfigNode)] = []
    for entry in entries {
      switch entry.key {
      case "include": combinations += try Self.items(entry).map { (true, $0) }
      case "exclude": combinations += try Self.items(entry).map { (false, $0) }
      case "max_runs": maximumRuns = try Self.count(entry)
      case "seeds":
        let first = documents.scenario["seed"]?.scalarText.flatMap { UInt64($0) } ?? 1
        let count = UInt64(try Self.count(entry))
        axes.append(Axis(path: "seed", values: (first..<first + count).map(String.init)))
      default:
        axes.append(Axis(path: entry.key, values: try Self.items(entry).compactMap(\.scalarText)))
      }
    }
    for combination in combinations {
      let pairs = try self.combination(combination.node, isComplete: combination.isIncluded)
      if combination.isIncluded { included.append(pairs) } else { excluded.append(pairs) }
    }
  }

  /// Adds an axis, in place of one of the same path.
  public mutating func vary(_ axis: Axis) {
    if let i = axes.firstIndex(where: { $0.path == axis.path }) { axes[i] = axis } else { axes.append(axis) }
  }

  /// All cells, the last axis varying fastest; included ones at the end.
  public var cells: [Cell] {
    guard !axes.isEmpty else { return [] }
    let product = axes.reduce([Cell(assignments: [])]) { cells, axis in
      cells.flatMap { cell in
        axis.values.map { Cell(assignments: cell.assignments + [Axis(path: axis.path, values: [$0])]) }
      }
    }
    let kept = product.filter { cell in
      !excluded.contains { pairs in
        cell.assignments.allSatisfy { pairs[$0.path] == nil || pairs[$0.path] == $0.values[0] }
      }
    }
    let further = included.map { pairs in
      Cell(assignments: axes.map { Axis(path: $0.path, values: [pairs[$0.path] ?? $0.values[0]]) })
    }
    return kept + further.filter { !kept.contains($0) }
  }
}

extension SweepMatrix {
  private static func items(_ entry: ConfigNode.Entry) throws(Diagnostics) -> [ConfigNode] {
    guard case .sequence(let items) = entry.value.content, !items.isEmpty else {
      throw Diagnostics([
        Diagnostic(
          "a sweep needs a list of values", at: entry.value.location, found: "'\(entry.key)'",
          expected: "\(entry.key): [value, value]")
      ])
    }
    return items
  }

  private static func count(_ entry: ConfigNode.Entry) throws(Diagnostics) -> Int {
    guard let text = entry.value.scalarText, let count = Int(text), (1...100_000).contains(count) else {
      throw Diagnostics([
        Diagnostic("'\(entry.key)' must be a whole number of at least 1", at: entry.value.location)
      ])
    }
    return count
  }

  /// - Parameter isComplete: every axis needs a value; otherwise a value must be one of its axis.
  private func combination(_ node: ConfigNode, isComplete: Bool) throws(Diagnostics) -> [String: String] {
    guard case .mapping(let entries) = node.content else {
      throw Diagnostics([Diagnostic("a combination maps paths to values", at: node.location)])
    }
    var pairs: [String: String] = [:]
    for entry in entries {
      guard let axis = axes.first(where: { $0.path == entry.key }) else {
        throw Diagnostics([
          Diagnostic(
            "the sweep has no such axis", at: entry.keyLocation, found: "'\(entry.key)'",
            expected: axes.map(\.path).joined(separator: ", "),
            help: suggestion(for: entry.key, among: axes.map(\.path)))
        ])
      }
      let text = entry.value.scalarText ?? ""
      guard isComplete || axis.values.contains(text) else {
        throw Diagnostics([
          Diagnostic(
            "no cell has this value", at: entry.value.location, found: "'\(text)'",
            expected: axis.values.joined(separator: ", "))
        ])
      }
      pairs[entry.key] = text
    }
    if isComplete, let missing = axes.first(where: { pairs[$0.path] == nil }) {
      throw Diagnostics([
        Diagnostic(
          "an included cell needs a value for every axis", at: node.location, found: "no '\(missing.path)'")
      ])
    }
    return pairs
  }
}
