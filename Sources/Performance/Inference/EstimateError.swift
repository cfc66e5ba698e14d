import FleetData
import Quantities

/// Why an estimate cannot be made; every case carries the numbers.
public enum EstimateError: Error, Sendable, Hashable {
  /// The chip has no multiply unit for this format.
  case precisionUnsupported(chip: String, precision: Precision, supported: [Precision])
  case shardingDoesNotDivide(axis: String, ways: Int, size: Int, what: String)
  case shardingDoesNotFillSlice(shardingChips: Int, sliceChips: Int)
  case sliceTooLarge(chips: Int, limit: Int, chip: String)
  /// The chip's links cannot form the shape.
  case sliceShapeInvalid(slice: String, chip: String, reason: String, help: String)
  case exceedsHBM(StepEstimate.Memory)
  case contextTooLong(context: Int, limit: Int)
  /// No sharding of the slice fits the model.
  case noShardingFits(chip: String, chips: Int, smallest: StepEstimate.Memory?)
  case invalid(what: String, value: Int)
  /// A mixture's axis on a model without routed experts.
  case noRoutedExperts(model: String, ways: Int)
  case acceptanceOutOfRange(Double)
  /// No prediction layer to draft with.
  case noDraftLayers(model: String)
  case vocabulariesDiffer(model: String, size: Int, draft: String, draftSize: Int)
}

extension EstimateError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .precisionUnsupported(let chip, let precision, let supported):
      "\(chip) has no \(precision.rawValue) multiply; it has "
        + supported.map(\.rawValue).joined(separator: ", ")
    case .shardingDoesNotDivide(let axis, let ways, let size, let what):
      "\(axis) \(ways) does not divide \(size) \(what)"
    case .shardingDoesNotFillSlice(let used, let chips):
      "the sharding uses \(used) chips of a slice of \(chips)"
    case .sliceTooLarge(let chips, let limit, let chip):
      "a slice of \(chips) chips exceeds the \(limit) of a \(chip) pod"
    case .sliceShapeInvalid(let slice, let chip, let reason, _): "\(chip) has no slice \(slice): \(reason)"
    case .exceedsHBM(let memory): memoryText(memory)
    case .contextTooLong(let context, let limit):
      "a context of \(context) tokens exceeds the model's \(limit)"
    case .noShardingFits(let chip, let chips, let smallest):
      "no sharding over \(chips) \(chip) fits"
        + (smallest.map { "; the least needs " + memoryText($0) } ?? "")
    case .invalid(let what, let value): "\(what) must be at least 1; found \(value)"
    case .noRoutedExperts(let model, let ways): "expert \(ways) asks for routed experts; \(model) has none"
    case .acceptanceOutOfRange(let chance):
      "the acceptance of drafts is a chance below 1; found \(chance)"
    case .noDraftLayers(let model): "\(model) has no multi-token-prediction layer to draft with"
    case .vocabulariesDiffer(let model, let size, let draft, let draftSize):
      "\(draft) writes a vocabulary of \(draftSize) tokens, \(model) one of \(size)"
    }
  }
}

private func memoryText(_ memory: StepEstimate.Memory) -> String {
  func gigabytes(_ size: Bytes) -> String { "\((size.value / 1e8).rounded() / 10) GB" }
  return "\(gigabytes(memory.total)) of memory exceed \(gigabytes(memory.capacity)) (weights "
    + "\(gigabytes(memory.weights)), KV cache \(gigabytes(memory.kvCache)), other \(gigabytes(memory.other)))"
}
