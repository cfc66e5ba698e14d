/// A mesh of chips joined by ICI or NVLink that one replica or training job runs on: `4x2`, `8`, `4x4x4`.
public struct SliceTopology: Sendable, Hashable, Codable {
  /// Chips along each axis, e.g. `[4, 2]`. A switched domain is one axis.
  public var axes: [Int]

  public init(_ axes: [Int]) {
    precondition(
      !axes.isEmpty && axes.allSatisfy { $0 >= 1 }, "every axis of a slice holds at least one chip")
    self.axes = axes
  }

  /// Reads `4x4x8`; `nil` unless every part is a positive whole number.
  public init?(parsing text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard !parts.isEmpty, parts.allSatisfy({ ($0 ?? 0) >= 1 }) else { return nil }
    self.init(parts.map { $0! })
  }

  public var chips: Int { axes.reduce(1, *) }
  public var description: String { axes.map(String.init).joined(separator: "x") }
}

extension SliceTopology: CustomStringConvertible {}
