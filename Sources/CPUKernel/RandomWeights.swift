import Quantities

/// Weights of a decoder drawn from a seed: uniform in ±√(3/inputs), so that outputs keep the scale of their inputs.
///
/// Each matrix has its own named stream, so that a reference implementation draws the same one on its own.
public struct RandomWeights: Sendable {
  public var shape: DecoderShape
  public var seed: UInt64

  public init(shape: DecoderShape, seed: UInt64 = 1) {
    self.shape = shape
    self.seed = seed
  }

  /// W[outputs][inputs] of the matrix with this name.
  public func matrix(_ name: String, outputs: Int, inputs: Int) -> [Float] {
    var stream = RandomStream(seed, name)
    let scale = (3 / Float(inputs)).squareRoot() * 0x1p-23
    return [Float](unsafeUninitializedCapacity: outputs * inputs) { buffer, count in
      for i in 0..<(outputs * inputs) {
        buffer.initializeElement(at: i, to: Float(Int32(stream.next() >> 40) - 0x80_0000) * scale)
      }
      count = outputs * inputs
    }
  }

  /// Scale of a norm: 0.5 to 1.5.
  public func norm(_ name: String) -> [Float] {
    var stream = RandomStream(seed, name)
    return (0..<shape.width).map { _ in Float(0.5 + stream.uniform()) }
  }
}
