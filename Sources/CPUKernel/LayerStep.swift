import CKernels

/// One pass of some rows through a layer:
///
///     x += attention(norm(x)) · Wo ;  x += (silu(g) · u) · Wd  with  [g u] = norm(x) · Wgu
///
/// Rows are tokens: row r is token r % T of sequence r / T.
struct LayerStep {
  let decoder: Decoder
  let rows: Int
  let perSequence: Int
  let caches: [KVCache]

  private var shape: DecoderShape { decoder.shape }
  private var work: Workspace { decoder.work }
  private var stride: Int { shape.queryWidth + 2 * shape.kvWidth }
  private var scale: Float { 1 / Float(shape.headSize).squareRoot() }

  func run(layer index: Int) {
    let (layer, work) = (decoder.layers[index], work)
    ck_rms_norm(
      rows, shape.width, DecoderLayer.epsilon, work.residual.base, layer.attentionNorm.base, work.normed.base)
    layer.queryKeyValue.multiply(rows, work.normed.base, into: work.projected.base, scratch: work.packing)
    storeKeysAndValues(layer: index)
    if perSequence == 1 { attendOne(layer: index) } else { attendBlocks(layer: index) }
    layer.attentionOutput.multiply(
      rows, work.mixed.base, into: work.residual.base, accumulating: true, scratch: work.packing)
    ck_rms_norm(
      rows, shape.width, DecoderLayer.epsilon, work.residual.base, layer.ffnNorm.base, work.normed.base)
    layer.gateUp.multiply(rows, work.normed.base, into: work.gates.base, scratch: work.packing)
    ck_gate(rows, shape.ffnWidth, work.gates.base, work.gated.base)
    layer.down.multiply(
      rows, work.gated.base, into: work.residual.base, accumulating: true, scratch: work.packing)
  }

  /// Turns queries and keys by their positions and appends keys and values to the caches.
  private func storeKeysAndValues(layer: Int) {
    for row in 0..<rows {
      let cache = caches[row / perSequence]
      let position = cache.length + row % perSequence
      let queries = work.projected.base + row * stride
      let keys = queries + shape.queryWidth
      ck_rotate(
        shape.heads + shape.kvHeads, shape.headSize, decoder.rotary.cosine(at: position),
        decoder.rotary.sine(at: position), queries)
      cache.store(layer: layer, position: position, keys: keys, values: keys + shape.kvWidth)
    }
  }

  /// Decode: one query position per sequence; the heads of a group share one pass over keys and values.
  private func attendOne(layer: Int) {
    let (group, size) = (shape.group, shape.headSize)
    for (row, cache) in caches.enumerated() {
      for head in 0..<shape.kvHeads {
        ck_attend_one(
          group, size, cache.length + 1, cache.capacity, scale,
          work.projected.base + row * stride + head * group * size,
          cache.keyTiles(layer: layer, head: head), cache.valuePanels(layer: layer, head: head),
          work.mixed.base + row * shape.queryWidth + head * group * size, work.scores.base)
      }
    }
  }

  /// Prefill: blocks of 32 (token, head of the group) pairs side by side.
  private func attendBlocks(layer: Int) {
    let pairs = perSequence * shape.group
    for (index, cache) in caches.enumerated() {
      for head in 0..<shape.kvHeads {
        for first in Swift.stride(from: 0, to: pairs, by: Int(CK_PANEL)) {
          attendBlock(layer: layer, sequence: index, cache: cache, head: head, first: first, pairs: pairs)
        }
      }
    }
  }

  private func attendBlock(
    layer: Int, sequence: Int, cache: KVCache, head: Int, first: Int, pairs: Int
  ) {
    let (panel, size, group) = (Int(CK_PANEL), shape.headSize, shape.group)
    let (lanes, output) = (work.lanes.base, work.lanes.base + size * panel)
    let count = min(panel, pairs - first)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: panel) { visible in
      for lane in 0..<panel {
        let pair = first + min(lane, count - 1)
        visible.initializeElement(at: lane, to: Int32(cache.length + pair / group + 1))
        let row = sequence * perSequence + pair / group
        let query = work.projected.base + row * stride + (head * group + pair % group) * size
        for i in 0..<size { lanes[i * panel + lane] = query[i] }
      }
      ck_attend_block(
        size, Int(visible[panel - 1]), cache.capacity, scale, lanes, visible.baseAddress!,
        cache.keyTiles(layer: layer, head: head), cache.valuePanels(layer: layer, head: head), output,
        work.scores.base)
    }
    for lane in 0..<count {
      let pair = first + lane
      let row = sequence * perSequence + pair / group
      let mixed = work.mixed.base + row * shape.queryWidth + (head * group + pair % group) * size
      for i in 0..<size { mixed[i] = output[i * panel + lane] }
    }
  }
}
