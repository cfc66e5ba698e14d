import CKernels
import Quantities

/// What this core can do at best, by the measurements a roofline is made of.
public struct MicroBenchmarks: Sendable, Hashable, Codable {
  /// Register tiles on operands in the first cache: the peak of the multiply-add units.
  public var peak: FLOPsPerSecond
  /// C = A·W with prepacked W, square.
  public var gemm: FLOPsPerSecond
  /// Weight bytes per second of y = W·x over a matrix that no cache holds.
  public var gemv: BytesPerSecond
  /// Bytes per second of a plain sum over as much memory.
  public var read: BytesPerSecond
  /// Bytes read plus bytes written by a copy.
  public var copy: BytesPerSecond

  public init(
    peak: FLOPsPerSecond, gemm: FLOPsPerSecond, gemv: BytesPerSecond, read: BytesPerSecond,
    copy: BytesPerSecond
  ) {
    self.peak = peak
    self.gemm = gemm
    self.gemv = gemv
    self.read = read
    self.copy = copy
  }

  enum CodingKeys: String, CodingKey {
    case peak = "peak_flops_per_s"
    case gemm = "gemm_flops_per_s"
    case gemv = "gemv_bytes_per_s"
    case read = "read_bytes_per_s"
    case copy = "copy_bytes_per_s"
  }

  /// The memory roof: a decoder reads its weights as the better of a sum and a matrix-vector product does.
  public var bandwidth: BytesPerSecond { max(read, gemv) }

  /// The better of two runs, figure by figure.
  public func best(_ other: MicroBenchmarks) -> MicroBenchmarks {
    MicroBenchmarks(
      peak: max(peak, other.peak), gemm: max(gemm, other.gemm), gemv: max(gemv, other.gemv),
      read: max(read, other.read), copy: max(copy, other.copy))
  }
}

/// The operands of the micro-benchmarks, allocated once so that they can run again between other measurements.
public final class MicroBench {
  private let square: PackedMatrix
  private let wide: PackedMatrix
  private let input: FloatBuffer
  private let output: FloatBuffer
  private let scratch: FloatBuffer
  private let copied: FloatBuffer
  private let tiles: Int

  /// - Parameters: `size` of the square product; `megabytes` of memory that the streams pass over, more than the
  ///   last cache holds; `tiles` multiplied in one run of the peak.
  public init(size: Int = 1152, megabytes: Int = 256, tiles: Int = 20_000) {
    self.tiles = tiles
    let depth = 2048
    let outputs = max(32, megabytes << 20 / (4 * depth) / 32 * 32)
    square = PackedMatrix(outputs: size, inputs: size, constant: 0.5)
    wide = PackedMatrix(outputs: outputs, inputs: depth, constant: 0.25)
    input = FloatBuffer(count: max(size * size, depth))
    output = FloatBuffer(count: max(size * size, outputs))
    scratch = FloatBuffer(count: max(ck_gemm_scratch(size, size), ck_gemm_scratch(1, depth)))
    copied = FloatBuffer(count: wide.panels.count)
    for buffer in [input, output, copied] { buffer.fill(0.125) }
  }

  /// Rate of C[rows][size] = A[rows][size] · W.
  public func gemm(rows: Int, timer: KernelTimer) -> FLOPsPerSecond {
    precondition(rows * square.inputs <= input.count, "the rows exceed the operands")
    let time = timer.least { square.multiply(rows, input.base, into: output.base, scratch: scratch) }
    return FLOPs(2 * Double(rows) * Double(square.outputs) * Double(square.inputs)) / time
  }

  public func measure(timer: KernelTimer) -> MicroBenchmarks {
    let bytes = Double(wide.panels.count) * 4
    var flops = 0.0
    let memory = FloatBuffer(count: Int(CK_PEAK_SCRATCH))
    let peak = timer.least { flops = ck_multiply_peak(tiles, memory.base) }
    let gemv = timer.least { wide.multiply(1, input.base, into: output.base, scratch: scratch) }
    var total: Float = 0
    let read = timer.least { total += ck_read(wide.panels.count, wide.panels.base) }
    precondition(total > 0, "a sum of positive numbers is positive")
    let copy = timer.least { ck_copy(copied.count, wide.panels.base, copied.base) }
    return MicroBenchmarks(
      peak: FLOPs(flops) / peak, gemm: gemm(rows: square.outputs, timer: timer), gemv: Bytes(bytes) / gemv,
      read: Bytes(bytes) / read, copy: Bytes(2 * bytes) / copy)
  }
}
