import CKernels
import Foundation
import Quantities
import Testing

@testable import CPUKernel

@Test(
  "A product with packed weights is the sum of products, for every number of rows around the tile sizes",
  arguments: [1, 2, 3, 5, 6, 7, 11, 12, 13, 24, 25])
func packedProduct(rows: Int) {
  let (outputs, inputs) = (64, 45)
  let weights = (0..<(outputs * inputs)).map { Float($0 % 7) - 3 }
  let input = (0..<(rows * inputs)).map { Float($0 % 5) - 2 }
  let matrix = PackedMatrix(outputs: outputs, inputs: inputs, rows: weights)
  let (a, c) = (FloatBuffer(input), FloatBuffer(count: rows * outputs))
  let scratch = FloatBuffer(count: ck_gemm_scratch(rows, inputs))
  c.fill(1)
  matrix.multiply(rows, a.base, into: c.base, accumulating: true, scratch: scratch)
  // Whole numbers this small have exact sums in single precision.
  for r in 0..<rows {
    for o in 0..<outputs {
      let sum = (0..<inputs).map { input[r * inputs + $0] * weights[o * inputs + $0] }.reduce(1, +)
      #expect(c.base[r * outputs + o] == sum)
    }
  }
}

@Test("Depths beyond one block add up across blocks")
func deepProduct() {
  // 1,100 steps are three blocks of at most 512; 13 rows take the blocked path.
  let (rows, outputs, inputs) = (13, 32, 1100)
  let matrix = PackedMatrix(
    outputs: outputs, inputs: inputs, rows: Array(repeating: 1, count: outputs * inputs))
  let (a, c) = (FloatBuffer(count: rows * inputs), FloatBuffer(count: rows * outputs))
  a.fill(2)
  matrix.multiply(
    rows, a.base, into: c.base, scratch: FloatBuffer(count: ck_gemm_scratch(rows, inputs)))
  #expect(c.values.allSatisfy { $0 == 2200 })
}

@Test("A step's timing is positive and the least of its repeats")
func timing() {
  var runs = 0
  let time = KernelTimer(repeats: 3).least { runs += 1 }
  #expect(runs == 4)
  #expect(time >= 0)
}

@Test("The planner counts the parameters that the kernel allocates")
func shapeAgrees() {
  let shape = DecoderShape(
    layers: 3, width: 64, heads: 4, kvHeads: 2, headSize: 32, ffnWidth: 128, vocabulary: 96)
  // Per layer: qkv (4+4)·32·64, output 128·64, gate and up 2·128·64, down 64·128, two norms.
  let layer = 256 * 64 + 64 * 128 + 256 * 64 + 64 * 128 + 128
  #expect(shape.transformer.layers.count == 3)
  #expect(DecoderLayer(RandomWeights(shape: shape), index: 0).parameters == layer)
}

extension DecoderLayer {
  fileprivate var parameters: Int {
    [queryKeyValue, attentionOutput, gateUp, down].map { $0.outputs * $0.inputs }.reduce(0, +)
      + attentionNorm.count + ffnNorm.count
  }
}
