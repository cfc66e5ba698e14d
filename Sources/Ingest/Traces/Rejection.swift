/// One row that was not taken, and why.
public struct Rejection: Hashable, Sendable, Codable {
  /// Line of the unpacked file, counted from 1.
  public var line: Int
  public var reason: String

  public init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }
}
