import Quantities

/// Memory of one replica that keeps prefix blocks, least recently used first to go.
public struct PrefixCache: Sendable, Hashable {
  /// The share of the KV cache set aside for it; running sequences have the rest.
  public var deviceShare: Double
  /// Tokens that host memory keeps of what the device had to give up.
  public var hostTokens: Int
  /// At which blocks come back from the host; the step that needs them waits.
  public var hostBandwidth: BytesPerSecond
  /// Tokens that a remote store keeps of what the hosts of the group had to give up.
  public var remoteTokens: Int
  /// Of the one link to the remote store: reads of all replicas queue for it.
  public var remoteBandwidth: BytesPerSecond
  public init(
    deviceShare: Double, hostTokens: Int = 0, hostBandwidth: BytesPerSecond = 50e9, remoteTokens: Int = 0,
    remoteBandwidth: BytesPerSecond = 10e9
  ) {
    self.deviceShare = deviceShare
    self.hostTokens = hostTokens
    self.hostBandwidth = hostBandwidth
    self.remoteTokens = remoteTokens
    self.remoteBandwidth = remoteBandwidth
  }
}
