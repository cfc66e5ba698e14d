import Quantities

/// The number formats weights, activations and KV caches are stored in.
public enum Precision: String, Codable, Hashable, Sendable, CaseIterable {
  case fp32, bf16, fp8, int8, int4, fp4

  /// Bytes per element as stored; `fp4` carries one scale byte for every 16 elements (NVFP4), 4.5 bits in all.
  public var bytesPerElement: Double {
    switch self {
    case .fp32: 4
    case .bf16: 2
    case .fp8, .int8: 1
    case .int4: 0.5
    case .fp4: 0.5625
    }
  }
}
