/// Weights of one layer, packed. Projections that read the same input are one matrix: q, k, v and gate, up.
struct DecoderLayer {
  static let epsilon: Float = 1e-5

  let attentionNorm: FloatBuffer
  let queryKeyValue: PackedMatrix
  let attentionOutput: PackedMatrix
  let ffnNorm: FloatBuffer
  let gateUp: PackedMatrix
  let down: PackedMatrix

  init(_ weights: RandomWeights, index: Int) {
    let shape = weights.shape
    func packed(_ name: String, outputs: Int, inputs: Int) -> PackedMatrix {
      PackedMatrix(
        outputs: outputs, inputs: inputs,
        rows: weights.matrix("layer \(index) \(name)", outputs: outputs, inputs: inputs))
    }
    attentionNorm = FloatBuffer(weights.norm("layer \(index) attention norm"))
    queryKeyValue = packed(
      "query key value", outputs: shape.queryWidth + 2 * shape.kvWidth, inputs: shape.width)
    attentionOutput = packed("attention output", outputs: shape.width, inputs: shape.queryWidth)
    ffnNorm = FloatBuffer(weights.norm("layer \(index) ffn norm"))
    gateUp = packed("gate up", outputs: 2 * shape.ffnWidth, inputs: shape.width)
    down = packed("down", outputs: shape.width, inputs: shape.ffnWidth)
  }
}
