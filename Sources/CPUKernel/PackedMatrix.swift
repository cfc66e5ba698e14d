import CKernels

/// A weight matrix W[outputs][inputs], laid out once in panels of 32 outputs so that every later product streams it.
public struct PackedMatrix {
  public let outputs: Int
  public let inputs: Int
  let panels: FloatBuffer

  /// - Parameter rows: W row-major, one row of `inputs` weights per output; `outputs` is a multiple of 32.
  public init(outputs: Int, inputs: Int, rows: [Float]) {
    precondition(outputs % Int(CK_PANEL) == 0, "the outputs of a packed matrix are a multiple of 32")
    precondition(rows.count == outputs * inputs, "a matrix has outputs x inputs weights")
    self.outputs = outputs
    self.inputs = inputs
    panels = FloatBuffer(count: rows.count)
    rows.withUnsafeBufferPointer { ck_pack(outputs, inputs, $0.baseAddress!, panels.base) }
  }

  /// A matrix of one repeated weight, for timing.
  public init(outputs: Int, inputs: Int, constant: Float) {
    precondition(outputs % Int(CK_PANEL) == 0, "the outputs of a packed matrix are a multiple of 32")
    self.outputs = outputs
    self.inputs = inputs
    panels = FloatBuffer(count: outputs * inputs)
    panels.fill(constant)
  }

  /// C[m][outputs] = A[m][inputs] · Wᵀ, or += when `accumulating`.
  func multiply(
    _ m: Int, _ a: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, accumulating: Bool = false,
    scratch: FloatBuffer
  ) {
    precondition(scratch.count >= ck_gemm_scratch(m, inputs), "the scratch buffer is too small")
    ck_gemm(
      m, outputs, inputs, a, inputs, panels.base, c, outputs, accumulating ? 1 : 0, scratch.base)
  }
}
