import FleetData
import Foundation
import Quantities

/// What the simulator and the placement need of an instance.
extension InferenceModel {
  /// The instance's step cost in closed form.
  ///
  /// Agrees with `decode` and `prefill` to rounding where sequences divide evenly over the sharding's groups, contexts
  /// reach past every sliding window and routed experts share one shape; elsewhere within 15 %.
  /// - Throws: `exceedsHBM` when not even one sequence of one token fits.
  public func profile(maxSequences: Int = 256) throws(EstimateError) -> ReplicaProfile {
    let least = memory(sequences: 1, context: 1)
    guard least.fits else { throw .exceedsHBM(least) }
    let copies = division.cacheCopies(sequences: maxSequences)
    let perToken = counts.kvBytesPerToken(kv) * copies
    let state = windowBytes * copies + counts.stateBytes
    let free = least.capacity - least.weights - least.other
    let bySequence = state.value > 0 ? Int(free.value / state.value) : maxSequences
    let sequences = max(1, min(maxSequences, bySequence))
    let forTokens = max(0, (free - state * Double(sequences)).value)
    let tokens =
      perToken.value > 0 ? Int(forTokens / perToken.value) : sequences * (model.maxContext ?? 1 << 20)
    return ReplicaProfile(
      model: model.id, chip: chip.id, chips: slice.chips, slice: slice, sharding: sharding, weights: weights,
      kv: kv, step: stepCost, kvCapacityTokens: tokens, maxSequences: sequences, weightBytes: storedWeights,
      kvBytesPerToken: perToken, grade: efficiency.rows > 0 ? .derived : .assumed)
  }

  /// Bytes that the sliding windows of one sequence hold when full.
  var windowBytes: Bytes {
    Bytes(
      counts.attentionGroups.reduce(0) { $0 + $1.kvElements * Double($1.span ?? 0) } * kv.bytesPerElement)
  }

  /// Coefficients of `StepCost` for this instance.
  public var stepCost: StepCost {
    let shares = efficiency.constants
    let peak = rates.chips * rates.peak
    let bandwidth = rates.bandwidth * shares.bandwidth
    let copies = division.cacheCopies(sequences: 1 << 20)
    let fixed = collectives(tokens: 0)
    let perToken = (collectives(tokens: Self.typicalChunk) - fixed) / Self.typicalChunk
    // A chunk passes the stages of a pipeline one after another.
    let stages = division.bubble(microbatches: 1)
    let ramp = 1 + shares.rampTokens * rates.chips / Self.typicalChunk
    let prefillFLOPs = 2 * (counts.activeParameters - counts.logitParameters) + counts.stateFLOPsPerToken
    let pairFLOPs = counts.attentionGroups.reduce(0) { $0 + ($1.span == nil ? $1.pairFLOPs : 0) }
    let element = weights.bytesPerElement
    let group = counts.expertGroups.first
    let miss = group.map { 1 - Double($0.topK) / Double($0.count) } ?? 0
    return StepCost(
      computePerSequence: (2 * counts.activeParameters + counts.stateFLOPsPerToken) / (peak * matmulShare),
      computePerPrefillToken: stages * ramp * prefillFLOPs / (peak * matmulShare),
      computePerAttentionPair: stages * pairFLOPs / (peak * shares.attention),
      weightRead: counts.alwaysRead * element / (division.tensor * bandwidth),
      expertRead: counts.expertParameters * element / (division.tensor * division.expert * bandwidth),
      expertMissShare: group == nil ? 0 : pow(miss, division.expert / division.groups),
      kvReadPerToken: counts.kvBytesPerToken(kv).value * copies / (rates.chips * bandwidth),
      stateReadPerSequence: (windowBytes * copies + counts.stateBytes).value / (rates.chips * bandwidth),
      overhead: stepOverhead + fixed, overheadPerSequence: perToken + sequenceOverhead,
      overheadPerPrefillToken: perToken,
      computeFloorShare: min(matmulShare, shares.attention) / (ramp * stages),
      memoryFloorShare: shares.bandwidth * min(1, division.tensor / rates.chips) / max(1, copies))
  }

  /// Tokens of the prefill step that a profile is taken at: a usual chunk of continuous batching.
  static let typicalChunk = 2048.0
}
