import FleetData
import Ingest

/// The cells of a sweep: every combination of the values given for every path.
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
        name: assignments.map { "\($0.path)=\($0.values[0])" }.joined(separator: ", "),
        edits: assignments.map { .set(path: $0.path, ConfigNode(.scalar($0.values[0]), at: location)) },
        location: location)
    }
  }

  public var axes: [Axis]
  public init(axes: [Axis]) { self.axes = axes }

  /// Reads the `sweep` mapping of a scenario: `services.chat.growth: [3%/month, 6%/month]`.
  public init(_ node: ConfigNode?) throws(Diagnostics) {
    axes = []
    guard let node else { return }
    guard case .mapping(let entries) = node.content else {
      throw Diagnostics([Diagnostic("'sweep' must map paths to lists", at: node.location)])
    }
    for entry in entries {
      guard case .sequence(let items) = entry.value.content, !items.isEmpty else {
        throw Diagnostics([
          Diagnostic(
            "a sweep needs a list of values", at: entry.value.location, found: "'\(entry.key)'",
            expected: "\(entry.key): [value, value]")
        ])
      }
      axes.append(Axis(path: entry.key, values: items.compactMap(\.scalarText)))
    }
  }

  /// All cells, the last axis varying fastest.
  public var cells: [Cell] {
    axes.reduce([Cell(assignments: [])]) { cells, axis in
      cells.flatMap { cell in
        axis.values.map { Cell(assignments: cell.assignments + [Axis(path: axis.path, values: [$0])]) }
      }
    }
  }
}
