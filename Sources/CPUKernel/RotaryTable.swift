import Foundation

/// Cosines and sines of rotary position embedding: the pair (i, i + H/2) at position p turns by p · 10000^(−2i/H).
///
/// - Source: Su et al., RoFormer (arXiv:2104.09864), in the half-split layout of Llama checkpoints.
struct RotaryTable {
  let half: Int
  private let cosines: FloatBuffer
  private let sines: FloatBuffer

  init(headSize: Int, positions: Int) {
    half = headSize / 2
    cosines = FloatBuffer(count: positions * half)
    sines = FloatBuffer(count: positions * half)
    for i in 0..<half {
      let frequency = pow(10_000, -2 * Double(i) / Double(headSize))
      for position in 0..<positions {
        cosines.base[position * half + i] = Float(cos(Double(position) * frequency))
        sines.base[position * half + i] = Float(sin(Double(position) * frequency))
      }
    }
  }

  var positions: Int { cosines.count / half }
  func cosine(at position: Int) -> UnsafePointer<Float> { UnsafePointer(cosines.base + position * half) }
  func sine(at position: Int) -> UnsafePointer<Float> { UnsafePointer(sines.base + position * half) }
}
