import CKernels

/// Activations and scratch of a decoder for up to `rows` tokens at a time, allocated once.
final class Workspace {
  let rows: Int
  let residual: FloatBuffer
  let normed: FloatBuffer
  let projected: FloatBuffer
  let mixed: FloatBuffer
  let gates: FloatBuffer
  let gated: FloatBuffer
  let packing: FloatBuffer
  let scores: FloatBuffer
  let lanes: FloatBuffer

  init(shape: DecoderShape, rows: Int, context: Int) {
    let panel = Int(CK_PANEL)
    let deepest = max(shape.width, shape.ffnWidth, shape.queryWidth)
    self.rows = rows
    residual = FloatBuffer(count: rows * shape.width)
    normed = FloatBuffer(count: rows * shape.width)
    projected = FloatBuffer(count: rows * (shape.queryWidth + 2 * shape.kvWidth))
    mixed = FloatBuffer(count: rows * shape.queryWidth)
    gates = FloatBuffer(count: rows * 2 * shape.ffnWidth)
    gated = FloatBuffer(count: rows * shape.ffnWidth)
    packing = FloatBuffer(count: max(ck_gemm_scratch(rows, deepest), ck_gemm_scratch(12, deepest)))
    scores = FloatBuffer(count: max(panel, shape.group) * (context + panel))
    lanes = FloatBuffer(count: 2 * shape.headSize * panel)
  }
}
