import CKernels

/// A small decoder that really runs on this CPU, in single precision and on one thread: RMSNorm, grouped-query
/// attention with rotary positions and a KV cache, a gated FFN, logits.
public final class Decoder {
  public let shape: DecoderShape
  let embedding: FloatBuffer
  let layers: [DecoderLayer]
  let finalNorm: FloatBuffer
  let output: PackedMatrix
  let rotary: RotaryTable
  let work: Workspace
  let logits: FloatBuffer

  /// - Parameters: at most `rows` tokens in one step (the sum over prompts, or the decode batch), at most `context`
  ///   tokens in any cache, at most `sequences` rows of logits.
  public init(_ weights: RandomWeights, rows: Int, context: Int, sequences: Int) {
    let shape = weights.shape
    self.shape = shape
    embedding = FloatBuffer(
      weights.matrix("embedding", outputs: shape.vocabulary, inputs: shape.width))
    layers = (0..<shape.layers).map { DecoderLayer(weights, index: $0) }
    finalNorm = FloatBuffer(weights.norm("final"))
    output = PackedMatrix(
      outputs: shape.vocabulary, inputs: shape.width,
      rows: weights.matrix("output", outputs: shape.vocabulary, inputs: shape.width))
    rotary = RotaryTable(headSize: shape.headSize, positions: context)
    work = Workspace(shape: shape, rows: max(rows, sequences), context: context)
    logits = FloatBuffer(count: sequences * shape.vocabulary)
  }

  /// Reads the prompts, one per cache and all of the same length, and appends them to the caches.
  ///
  /// - Returns: logits of each prompt's last token, [prompt][word], valid until the next step.
  @discardableResult
  public func prefill(_ prompts: [[Int]], into caches: [KVCache]) -> UnsafeBufferPointer<Float> {
    let length = prompts[0].count
    precondition(prompts.allSatisfy { $0.count == length }, "prompts of one step have one length")
    step(tokens: prompts.flatMap { $0 }, perSequence: length, caches: caches)
    return finish(rows: (1...prompts.count).map { $0 * length - 1 })
  }

  /// Appends one token to each cache.
  ///
  /// - Returns: logits that follow, [sequence][word], valid until the next step.
  @discardableResult
  public func decode(_ tokens: [Int], into caches: [KVCache]) -> UnsafeBufferPointer<Float> {
    step(tokens: tokens, perSequence: 1, caches: caches)
    return finish(rows: Array(0..<tokens.count))
  }

  private func step(tokens: [Int], perSequence: Int, caches: [KVCache]) {
    precondition(tokens.count == caches.count * perSequence, "each sequence has its cache")
    precondition(tokens.count <= work.rows, "a step holds at most \(work.rows) tokens")
    precondition(
      caches.allSatisfy { $0.length + perSequence <= min($0.capacity, rotary.positions) },
      "the caches have room for the tokens")
    for (row, token) in tokens.enumerated() {
      (work.residual.base + row * shape.width).update(
        from: embedding.base + token * shape.width, count: shape.width)
    }
    let block = LayerStep(decoder: self, rows: tokens.count, perSequence: perSequence, caches: caches)
    for index in layers.indices { block.run(layer: index) }
    for cache in caches { cache.advance(by: perSequence) }
  }

  /// Final norm and output projection of some rows of the residual stream.
  private func finish(rows: [Int]) -> UnsafeBufferPointer<Float> {
    for (place, row) in rows.enumerated() {
      ck_rms_norm(
        1, shape.width, DecoderLayer.epsilon, work.residual.base + row * shape.width, finalNorm.base,
        work.normed.base + place * shape.width)
    }
    output.multiply(rows.count, work.normed.base, into: logits.base, scratch: work.packing)
    return UnsafeBufferPointer(start: logits.base, count: rows.count * shape.vocabulary)
  }
}
