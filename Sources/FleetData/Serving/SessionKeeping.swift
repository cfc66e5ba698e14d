import Quantities

/// What a replica keeps of a session between two turns, and what an agent takes along when it moves.
public struct SessionKeeping: Sendable, Hashable {
  /// The KV cache of a turn stays for this long, or until a request needs the room; 0 drops it at once.
  public var hold: Seconds
  /// State of the agent beside its cache (tools, files, processes), which moves when a turn meets another replica.
  public var stateBytes: Bytes
  public var stateBandwidth: BytesPerSecond

  public init(hold: Seconds, stateBytes: Bytes = 0, stateBandwidth: BytesPerSecond = 10e9) {
    self.hold = hold
    self.stateBytes = stateBytes
    self.stateBandwidth = stateBandwidth
  }
}
