import CKernels

/// Keys and values of one sequence, all layers, laid out as the attention kernels read them.
///
/// Keys lie in tiles of 32 tokens, [tile][head size][32], and values in panels of 32 columns,
/// [head size / 32][capacity][32], so that both stream from memory once and in order.
public final class KVCache {
  public let shape: DecoderShape
  /// Tokens that fit, a multiple of 32.
  public let capacity: Int
  /// Tokens held.
  public private(set) var length = 0
  private let keys: FloatBuffer
  private let values: FloatBuffer

  public init(shape: DecoderShape, capacity: Int) {
    let panel = Int(CK_PANEL)
    self.shape = shape
    self.capacity = (capacity + panel - 1) / panel * panel
    let count = shape.layers * shape.kvWidth * self.capacity
    keys = FloatBuffer(count: count)
    values = FloatBuffer(count: count)
  }

  /// Forgets every token after the first `length`.
  public func truncate(to length: Int) {
    precondition(length <= self.length, "a cache is only ever cut shorter")
    self.length = length
  }

  /// Pretends that `length` tokens of ordinary size were read: for timing a step at some context without a prefill.
  public func pretend(length: Int) {
    precondition(length <= capacity, "the cache holds \(capacity) tokens")
    for buffer in [keys, values] {
      for i in 0..<buffer.count { buffer.base[i] = Float(i % 61) * 0.03 - 0.9 }
    }
    self.length = length
  }

  func keyTiles(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    keys.base + (layer * shape.kvHeads + head) * shape.headSize * capacity
  }

  func valuePanels(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    values.base + (layer * shape.kvHeads + head) * shape.headSize * capacity
  }

  /// Stores one token's keys and values of one layer at `position`; both are [kvHeads][headSize].
  func store(
    layer: Int, position: Int, keys: UnsafePointer<Float>, values: UnsafePointer<Float>
  ) {
    let (panel, size) = (Int(CK_PANEL), shape.headSize)
    for head in 0..<shape.kvHeads {
      let tile = keyTiles(layer: layer, head: head) + position / panel * panel * size + position % panel
      for i in 0..<size { tile[i * panel] = keys[head * size + i] }
      let row = valuePanels(layer: layer, head: head) + position * panel
      for part in 0..<(size / panel) {
        (row + part * panel * capacity).update(from: values + head * size + part * panel, count: panel)
      }
    }
  }

  /// Counts tokens as held once every layer has stored them.
  func advance(by tokens: Int) {
    length += tokens
    precondition(length <= capacity, "the cache holds \(capacity) tokens")
  }
}
