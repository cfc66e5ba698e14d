import CPUKernel
import Quantities

/// One shape's decoder with caches for its points, ready to be timed again and again.
final class KernelBench {
  private let decoder: Decoder

  init(_ entry: KernelGrid.Entry) {
    let points = entry.points
    let rows = points.map { $0.phase == .prefill ? $0.batch * $0.context : $0.batch }.max()!
    let context = points.map(\.context).max()!
    let sequences = points.map(\.batch).max()!
    decoder = Decoder(
      RandomWeights(shape: entry.shape), rows: rows, context: context + 32, sequences: sequences)
  }

  /// CPU times of one point; its caches are made and filled before and dropped after it.
  func time(_ point: KernelPoint, timer: KernelTimer) -> [Seconds] {
    let caches = (0..<point.batch).map { _ in
      KVCache(shape: decoder.shape, capacity: point.context)
    }
    let held = point.phase == .decode ? point.context - 1 : 0
    for cache in caches { cache.pretend(length: point.context) }
    let words = decoder.shape.vocabulary
    let prompts = (0..<point.batch).map { s in (0..<point.context).map { ($0 * 7 + s) % words } }
    return timer.each {
      for cache in caches { cache.truncate(to: held) }
      if point.phase == .decode {
        decoder.decode(Array(repeating: 1, count: point.batch), into: caches)
      } else {
        decoder.prefill(prompts, into: caches)
      }
    }
  }
}
