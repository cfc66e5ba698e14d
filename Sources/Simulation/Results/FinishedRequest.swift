/// One request that left the fleet, for per-request output; nothing of it is kept by the run.
public struct FinishedRequest: Sendable, Hashable {
  /// Index of its stream.
  public var stream: Int
  /// Seconds since the start of the run.
  public var arrival: Double
  /// Seconds from arrival to the first token, network included; nil when it was refused before.
  public var ttft: Double?
  /// Seconds from arrival to the last token, network included; nil when it was refused.
  public var endToEnd: Double?
  public var inputTokens: Int
  public var outputTokens: Int
  /// Index of the group that finished it; nil when it was refused.
  public var group: Int?
  /// Index of the replica within that group.
  public var replica: Int?
}
