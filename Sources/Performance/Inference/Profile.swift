import FleetData
import Foundation
import Quantities

/// What the simulator and the placement need of an instance.
extension InferenceModel {
  /// The instance's step cost in closed form.
  ///
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
}
