import CKernels
import Quantities

/// Decode attention alone: one query position over a long cache, key-value head after key-value head.
public final class AttentionBench {
  private let shape: DecoderShape
  private let cache: KVCache
  private let queries: FloatBuffer
  private let output: FloatBuffer
  private let scores: FloatBuffer

  /// - Parameter group: query heads that share one key-value head.
  public init(group: Int, headSize: Int = 64, kvHeads: Int = 8, tokens: Int = 32_768) {
    shape = DecoderShape(
      layers: 1, width: 32, heads: group * kvHeads, kvHeads: kvHeads, headSize: headSize, ffnWidth: 32,
      vocabulary: 32)
    cache = KVCache(shape: shape, capacity: tokens)
    cache.pretend(length: tokens)
    queries = FloatBuffer(count: group * headSize)
    output = FloatBuffer(count: group * headSize)
    scores = FloatBuffer(count: group * (tokens + Int(CK_PANEL)))
    for buffer in [queries, output, scores] { buffer.fill(0.1) }
  }

  /// Bytes of keys and values read per second.
  public func measure(timer: KernelTimer) -> BytesPerSecond {
    let time = timer.least {
      for head in 0..<shape.kvHeads {
        ck_attend_one(
          shape.group, shape.headSize, cache.length, cache.capacity, 0.125, queries.base,
          cache.keyTiles(layer: 0, head: head), cache.valuePanels(layer: 0, head: head), output.base,
          scores.base)
      }
    }
    return Bytes(Double(2 * shape.kvWidth * cache.length) * 4) / time
  }
}
