import CPUKernel
import Foundation
import Quantities

/// OpenBLAS, if the machine has it, called through the C interface of BLAS.
struct OpenBLAS {
  private typealias Sgemm =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>,
      Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void

  let coreName: String
  private let sgemm: Sgemm

  /// `nil` when no OpenBLAS is installed. One thread, and the core type of `OPENBLAS_CORETYPE`.
  init?() {
    if InstructionSet.best == .avx512 { setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 0) }
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    guard let library = dlopen("libopenblas.so.0", RTLD_NOW), let symbol = dlsym(library, "cblas_sgemm")
    else { return nil }
    sgemm = unsafeBitCast(symbol, to: Sgemm.self)
    // The variable is read when the library loads, which another library may have caused; the call always counts.
    // A second thread would not show in the CPU time of this one.
    guard let limit = dlsym(library, "openblas_set_num_threads") else { return nil }
    unsafeBitCast(limit, to: (@convention(c) (Int32) -> Void).self)(1)
    guard let name = dlsym(library, "openblas_get_corename") else { return nil }
    coreName = String(
      cString: unsafeBitCast(name, to: (@convention(c) () -> UnsafePointer<CChar>).self)())
  }

  /// Rate of C[rows][size] = A[rows][size] · Wᵀ with W[size][size], everything row-major.
  func gemm(rows: Int, size: Int, timer: KernelTimer) -> FLOPsPerSecond {
    let (a, w) = (
      [Float](repeating: 0.125, count: rows * size), [Float](repeating: 0.5, count: size * size)
    )
    var c = [Float](repeating: 0, count: rows * size)
    let (rowMajor, plain, transposed): (Int32, Int32, Int32) = (101, 111, 112)
    let (m, n) = (Int32(rows), Int32(size))
    let time = c.withUnsafeMutableBufferPointer { c in
      timer.least { sgemm(rowMajor, plain, transposed, m, n, n, 1, a, n, w, n, 0, c.baseAddress!, n) }
    }
    return FLOPs(2 * Double(rows * size * size)) / time
  }
}
