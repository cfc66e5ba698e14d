import FleetData

/// What the backward pass computes again instead of reading it back.
public enum Recompute: String, Sendable, Hashable, Codable, CaseIterable {
  /// Every activation stays in HBM.
  case none
  /// Attention is computed again, and with it what latent attention expands; the other matmul outputs stay.
  case selective
  /// Activations wait in host memory: nothing is computed again.
  case offloaded
  /// A tuned policy: layer inputs (on the host if need be) and some outputs are kept, half of a layer is repeated.
  case partial
  /// Only each layer's input stays.
  case full

  /// Share of the forward matmuls that run a second time.
  ///
  /// A compiled program (TPU) leaves out what no gradient needs, the last projection of a layer: three quarters remain.
  func matmulRepeats(on family: ChipSpec.Family) -> Double {
    switch self {
    case .none, .selective, .offloaded: 0
    case .partial: 0.5
    case .full: family == .tpu ? 0.75 : 1
    }
  }

  /// Share of the forward attention that runs a second time.
  var attentionRepeats: Double {
    switch self {
    case .none, .offloaded: 0
    case .partial: 0.5
    case .selective, .full: 1
    }
  }

  /// Share of the forward element-wise traffic that runs a second time.
  var trafficRepeats: Double {
    switch self {
    case .none, .offloaded: 0
    case .selective: 0.4
    case .partial: 0.5
    case .full: 1
    }
  }

  /// Does the backward pass repeat the forward's tensor-parallel collectives?
  var repeatsCollectives: Bool { self == .full }
}

/// How communication and computation share the time of a step.
public enum Overlap: String, Sendable, Hashable, Codable, CaseIterable {
  /// Nothing overlaps: the upper bound.
  case sum
  /// Everything overlaps that can: the longer of the two counts.
  case overlapped
  /// The shares fitted to the chip's family.
  case fitted
}
