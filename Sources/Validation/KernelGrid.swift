import CPUKernel

/// One step whose time is measured and predicted.
public struct KernelPoint: Sendable, Hashable, Codable {
  public enum Phase: String, Sendable, Hashable, Codable { case prefill, decode }

  /// Layers, width, heads and the rest, as `DecoderShape.id`.
  public var shape: String
  public var phase: Phase
  /// Sequences of the step.
  public var batch: Int
  /// Tokens each sequence sees at the end of the step; of a prefill, the prompt's length.
  public var context: Int
  /// The fit was made on this point.
  public var seen: Bool

  public var id: String { "\(shape) \(phase.rawValue) b\(batch) c\(context)" }
}

/// The shapes and steps of a verification, half of which the fit never sees.
///
/// The two halves share no layer shape: they differ in width, depth, FFN ratio and query heads per key-value head, so
/// that the unseen half asks for shapes the constants were not fitted to, not only for other batches.
public struct KernelGrid: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public var shape: DecoderShape
    public var points: [KernelPoint]
  }

  public var entries: [Entry]
  public var points: [KernelPoint] { entries.flatMap(\.points) }

  /// 36 points over six shapes of 280 to 400 MB of weights, more than a last-level cache holds.
  public static let full = KernelGrid(entries: [
    entry(
      .init(layers: 2, width: 2048, heads: 32, kvHeads: 8, headSize: 64, ffnWidth: 5632, vocabulary: 4096),
      seen: true, decode: [(1, 512), (4, 8192), (16, 1024)], prefill: [(1, 32), (1, 256), (4, 64)]),
    entry(
      .init(layers: 16, width: 640, heads: 10, kvHeads: 2, headSize: 64, ffnWidth: 1792, vocabulary: 4096),
      seen: true, decode: [(1, 4096), (8, 256), (32, 512)], prefill: [(1, 64), (2, 128), (1, 1024)]),
    entry(
      .init(layers: 3, width: 1536, heads: 24, kvHeads: 24, headSize: 64, ffnWidth: 4096, vocabulary: 4096),
      seen: true, decode: [(1, 256), (2, 4096), (12, 512)], prefill: [(1, 128), (8, 16), (1, 512)]),
    entry(
      .init(layers: 6, width: 1024, heads: 16, kvHeads: 4, headSize: 64, ffnWidth: 2816, vocabulary: 4096),
      seen: false, decode: [(1, 1024), (8, 2048), (24, 256)], prefill: [(1, 48), (1, 384), (3, 128)]),
    entry(
      .init(layers: 3, width: 1792, heads: 14, kvHeads: 2, headSize: 128, ffnWidth: 4608, vocabulary: 4096),
      seen: false, decode: [(1, 8192), (4, 512), (32, 1024)], prefill: [(1, 96), (2, 256), (1, 768)]),
    entry(
      .init(layers: 8, width: 1024, heads: 8, kvHeads: 8, headSize: 128, ffnWidth: 2048, vocabulary: 8192),
      seen: false, decode: [(1, 128), (3, 2048), (16, 512)], prefill: [(1, 64), (6, 32), (1, 640)]),
  ])

  /// Twelve points over two shapes, for a look in seconds.
  public static let quick = KernelGrid(entries: [full.entries[0], full.entries[3]])

  private static func entry(
    _ shape: DecoderShape, seen: Bool, decode: [(Int, Int)], prefill: [(Int, Int)]
  ) -> Entry {
    let points =
      decode.map {
        KernelPoint(shape: shape.id, phase: .decode, batch: $0.0, context: $0.1, seen: seen)
      }
      + prefill.map {
        KernelPoint(shape: shape.id, phase: .prefill, batch: $0.0, context: $0.1, seen: seen)
      }
    return Entry(shape: shape, points: points)
  }
}
