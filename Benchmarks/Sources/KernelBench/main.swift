import CPUKernel
import Foundation
import Quantities

// GEMM, GEMV, streams and attention on one core, each beside what it is held to. See Benchmarks/README.md.

/// The better of three turns: the two sides of a comparison alternate, so that a busy minute hits both.
func alternate(_ a: () -> FLOPsPerSecond, _ b: (() -> FLOPsPerSecond)?) -> (FLOPsPerSecond, FLOPsPerSecond?) {
  var (best, other) = (FLOPsPerSecond.zero, b == nil ? nil : FLOPsPerSecond.zero)
  for _ in 0..<3 {
    best = max(best, a())
    if let b { other = max(other ?? .zero, b()) }
  }
  return (best, other)
}

func giga<Unit>(_ value: Quantity<Unit>) -> String { String(format: "%7.1f", value.value / 1e9) }

func compareGEMM(_ blas: OpenBLAS?, timer: KernelTimer) {
  print("GEMM, GFLOP/s" + (blas.map { " (OpenBLAS core type \($0.coreName))" } ?? " (no OpenBLAS found)"))
  for (rows, size) in [
    (512, 512), (768, 768), (1152, 1152), (1536, 1536), (12, 2048), (48, 2048), (256, 2048),
  ] {
    let bench = MicroBench(size: size, megabytes: 1)
    let (ours, theirs) = alternate(
      { bench.gemm(rows: rows, timer: timer) },
      blas.map { blas in { blas.gemm(rows: rows, size: size, timer: timer) } })
    let comparison = theirs.map { "\(giga($0))  ratio " + String(format: "%.2f", ours / $0) } ?? ""
    print(String(format: "  %4d x %4d x %4d", rows, size, size), giga(ours), comparison)
  }
}

func compareStreams(timer: KernelTimer) {
  let micro = MicroBench(size: 1152, megabytes: 512).measure(timer: timer)
  let read = micro.read.value
  print("peak of the multiply-add units \(giga(micro.peak)) GFLOP/s, GEMM 1152 \(giga(micro.gemm)) GFLOP/s")
  print("sum of 512 MB \(giga(micro.read)) GB/s, copy \(giga(micro.copy)) GB/s")
  print(
    "GEMV of 512 MB \(giga(micro.gemv)) GB/s, " + String(format: "%.2f of the sum", micro.gemv.value / read))
  for group in [1, 2, 4, 8, 16] {
    let rate = AttentionBench(group: group).measure(timer: timer)
    print(
      "decode attention, \(group) query heads per key-value head: \(giga(rate)) GB/s, "
        + String(format: "%.2f of the sum", rate.value / read))
  }
}

let blas = OpenBLAS()
print("instruction set: \(InstructionSet.current.name)")
compareGEMM(blas, timer: KernelTimer(repeats: 5))
compareStreams(timer: KernelTimer(repeats: 9))
