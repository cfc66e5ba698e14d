import CPUKernel
import Foundation
import Performance
import Quantities
import Testing

@testable import Validation

private let committed = KernelVerification(.committed)

@Test("The committed measurement spans thirty steps or more, half of them of shapes that the fit never saw")
func gridIsFair() {
  let points = committed.measurement.timings.map(\.point)
  let (seen, unseen) = (points.filter(\.seen), points.filter { !$0.seen })
  #expect(points.count >= 30)
  #expect(seen.count == unseen.count)
  #expect(Set(seen.map(\.shape)).isDisjoint(with: unseen.map(\.shape)))
  #expect(committed.fit.rows == seen.count)
}

@Test("On shapes it never saw the model errs by 8 % in the median and 25 % at worst")
func unseenHalf() throws {
  let unseen = try #require(committed.unseen)
  #expect(unseen.medianAbsoluteError <= 0.08)
  #expect(unseen.worstAbsoluteError <= 0.25)
  #expect(committed.withinTargets)
}

@Test("No step of the committed measurement is faster than the chip's roofs allow")
func roofsHold() {
  #expect(committed.verification.summary.allSatisfy { $0.belowLowerBound == 0 })
}

@Test("Long-context decode of a small batch is bound by memory, and a long prefill by compute")
func boundsByPhase() {
  let rows = KernelDocument(committed).rows
  let decode = rows.filter { $0.phase == .decode && $0.batch <= 4 && $0.context >= 2048 }
  let prefill = rows.filter { $0.phase == .prefill && $0.batch * $0.context >= 256 }
  #expect(decode.count >= 3 && prefill.count >= 3)
  // Measured shares of the roofs, not only the model's word: near one roof and far from the other.
  for row in decode {
    #expect(row.bound == .hbm, "\(row.id)")
    #expect(row.bandwidthShare > 0.7 && row.computeShare < 0.4, "\(row.id)")
  }
  for row in prefill {
    #expect(row.bound == .compute, "\(row.id)")
    #expect(row.computeShare > 0.6 && row.bandwidthShare < 0.4, "\(row.id)")
  }
}

@Test("A fit finds the constants that made the times")
func fitRecovers() {
  var synthetic = committed.measurement
  for i in synthetic.timings.indices {
    synthetic.timings[i].least = committed.estimates[i].time
  }
  let again = KernelVerification(synthetic)
  #expect(again.verification.rows.allSatisfy { ($0.absoluteError ?? 1) < 0.01 })
  #expect(abs(again.fit.constants.matmul / committed.fit.constants.matmul - 1) < 0.02)
}

@Test("Twice as fast a machine has twice the roofs and the same errors")
func scaling() throws {
  var fast = committed.measurement
  fast.micro.peak = 2 * fast.micro.peak
  fast.micro.gemm = 2 * fast.micro.gemm
  fast.micro.gemv = 2 * fast.micro.gemv
  fast.micro.read = 2 * fast.micro.read
  for i in fast.timings.indices { fast.timings[i].least = fast.timings[i].least * 0.5 }
  let error = try #require(KernelVerification(fast).unseen).medianAbsoluteError
  // The search ends within a tenth of a percent of the best constants.
  #expect(abs(error - (committed.unseen?.medianAbsoluteError ?? 1)) < 0.005)
}

@Test("A grid is measured on this CPU: every step takes time, and the document names it")
func measuring() {
  let shape = DecoderShape(
    layers: 1, width: 32, heads: 2, kvHeads: 1, headSize: 32, ffnWidth: 32, vocabulary: 32)
  let points = [
    KernelPoint(shape: shape.id, phase: .decode, batch: 2, context: 5, seen: true),
    KernelPoint(shape: shape.id, phase: .prefill, batch: 1, context: 7, seen: false),
  ]
  var told = 0
  let measurement = KernelMeasurement.measure(
    KernelGrid(entries: [.init(shape: shape, points: points)]), rounds: 2, runsPerRound: 1,
    host: KernelHost(cpu: "test", memory: 1e9, asOf: "2026"),
    micro: MicroBench(size: 32, megabytes: 1, tiles: 2)
  ) { _ in told += 1 }
  #expect(measurement.isComplete && told == 3)
  #expect(measurement.timings.allSatisfy { $0.least > 0 && $0.least <= $0.median })
  #expect(KernelVerification(measurement).table.rows.count == 2)
}
