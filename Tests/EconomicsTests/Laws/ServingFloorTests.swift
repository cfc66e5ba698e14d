import Economics
import Foundation
import Testing

@Suite struct ServingFloorTests {
  @Test("No chip count is faster than n*, and a token there costs two to three times its floor")
  func floor() throws {
    let floor = try LatencyFloor(
      parameters: 70e9, bytesPerParameter: 2, hbmBytesPerSecond: 3.3e12, layers: 80)
    #expect(abs(floor.bestChips - 26.0) < 0.05)
    #expect(abs(try floor.tokensPerSecond() - 235) < 0.5)
    for k in [0.8, 0.95, 1.05, 1.5] {
      #expect(try floor.seconds(chips: floor.bestChips * k) > floor.leastSeconds())
    }
    let ratio = try floor.costRatio(chips: floor.bestChips)
    #expect(ratio > 2 && ratio < 3)
    #expect(try floor.costRatio(chips: 1) == 1)
    // t_min = 3(Lrh)^(2/3)(pN/B)^(1/3) − 2Lrh.
    let (w, h) = (floor.weightRead, floor.hops)
    let closed = 3 * pow(h, 2.0 / 3) * pow(w, 1.0 / 3) - 2 * h
    #expect(abs(try floor.leastSeconds() / closed - 1) < 1e-12)
  }

  @Test("A draft that is always accepted divides the step, one that never is only costs")
  func speculative() throws {
    let all = try TokenFloors.speculativeSeconds(
      acceptance: 1, draftTokens: 4, targetSeconds: 0.01, draftSeconds: 0)
    #expect(abs(all - 0.0025) < 1e-12)
    let none = try TokenFloors.speculativeSeconds(
      acceptance: 0, draftTokens: 4, targetSeconds: 0.01, draftSeconds: 0.001)
    #expect(abs(none - 0.014) < 1e-12)
  }

  @Test(
    "On a cluster of nodes more chips shorten a step until the network dominates, and batches share weights")
  func cluster() throws {
    let model = SwitchedClusterModel(
      attentionParameters: 12e9, ffnParameters: 57e9, unembeddingParameters: 1e9, layers: 80, width: 8192,
      attentionWidth: 8192, ffnWidth: 28672, queriesPerKVHead: 8, kvBytesPerToken: 327_680,
      bytesPerParameter: 2, peakFLOPs: 1e15, hbmBytesPerSecond: 3.3e12)
    let one = try model.stepSeconds(chips: 1, batch: 1, context: 1000)
    let eight = try model.stepSeconds(chips: 8, batch: 1, context: 1000)
    #expect(eight < one && eight > one / 8)
    let crowd = try model.stepSeconds(chips: 8, batch: 16, context: 1000)
    #expect(crowd < 16 * eight && crowd > eight)
    #expect(throws: EconomicsError.self) { try model.stepSeconds(chips: 0, batch: 1, context: 0) }
  }

  @Test("Grouped queries raise what decode attention can do per byte")
  func intensity() throws {
    #expect(try TokenFloors.decodeIntensityCap(queriesPerKVHead: 1, bytesPerElement: 2) == 1)
    #expect(try TokenFloors.decodeIntensityCap(queriesPerKVHead: 8, bytesPerElement: 2) == 8)
  }
}
