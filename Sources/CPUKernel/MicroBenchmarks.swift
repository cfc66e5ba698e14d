import CKernels
import Quantities

/// What this core can do at best, by the three measurements a roofline is made of.
public struct MicroBenchmarks: Sendable, Hashable {
  /// C = A·W with prepacked W, square: the compute roof.
  public var gemm: FLOPsPerSecond
  /// y = W·x over a matrix no cache holds, and a plain sum over as much memory: the better is the memory roof.
  public var gemv: BytesPerSecond
  public var read: BytesPerSecond
  /// Bytes read plus bytes written by a copy.
  public var copy: BytesPerSecond

  public init(gemm: FLOPsPerSecond, gemv: BytesPerSecond, read: BytesPerSecond, copy: BytesPerSecond) {
    self.gemm = gemm
    self.gemv = gemv
    self.read = read
    self.copy = copy
  }

  /// - Parameters: `size` of the square product, a multiple of 32; `megabytes` of memory that the streams pass over.
  public static func measure(timer: KernelTimer, size: Int = 1152, megabytes: Int = 256) -> MicroBenchmarks {
    MicroBenchmarks(
      gemm: gemm(rows: size, outputs: size, inputs: size, timer: timer),
      gemv: gemv(megabytes: megabytes, timer: timer), read: read(megabytes: megabytes, timer: timer),
      copy: copy(megabytes: megabytes, timer: timer))
  }

  /// Rate of C[rows][outputs] = A[rows][inputs] · W.
  public static func gemm(rows: Int, outputs: Int, inputs: Int, timer: KernelTimer) -> FLOPsPerSecond {
    let matrix = PackedMatrix(
      outputs: outputs, inputs: inputs, rows: Array(repeating: 0.5, count: outputs * inputs))
    let (a, c) = (FloatBuffer(count: rows * inputs), FloatBuffer(count: rows * outputs))
    let scratch = FloatBuffer(count: ck_gemm_scratch(rows, inputs))
    a.fill(0.25)
    let time = timer.least { matrix.multiply(rows, a.base, into: c.base, scratch: scratch) }
    return FLOPs(2 * Double(rows) * Double(outputs) * Double(inputs)) / time
  }

  /// Bytes of weights per second of one row against a matrix of about `megabytes`.
  static func gemv(megabytes: Int, timer: KernelTimer) -> BytesPerSecond {
    let inputs = 2048
    let outputs = max(32, megabytes << 20 / (4 * inputs) / 32 * 32)
    let rate = gemm(rows: 1, outputs: outputs, inputs: inputs, timer: timer)
    return BytesPerSecond(rate.value * 2)
  }

  static func read(megabytes: Int, timer: KernelTimer) -> BytesPerSecond {
    let memory = FloatBuffer(count: megabytes << 18)
    memory.fill(1)
    var total: Float = 0
    let time = timer.least { total += ck_read(memory.count, memory.base) }
    precondition(total > 0, "a sum of ones is positive")
    return Bytes(Double(memory.count) * 4) / time
  }

  static func copy(megabytes: Int, timer: KernelTimer) -> BytesPerSecond {
    let (from, to) = (FloatBuffer(count: megabytes << 17), FloatBuffer(count: megabytes << 17))
    from.fill(1)
    to.fill(0)
    let time = timer.least { ck_copy(from.count, from.base, to.base) }
    return Bytes(Double(from.count) * 8) / time
  }
}
