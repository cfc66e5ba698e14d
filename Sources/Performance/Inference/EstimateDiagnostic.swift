import FleetData

extension EstimateError {
  /// The error as a user reads it, with what to do about it.
  public var diagnostic: Diagnostic { diagnostic(weights: nil, on: nil, chips: nil) }

  /// The same, with what would fit where memory is short: so many chips, or a narrower format.
  public func diagnostic(weights: Precision?, on chip: ChipSpec?, chips: Int?) -> Diagnostic {
    switch self {
    case .precisionUnsupported(let chip, let precision, let supported):
      Diagnostic(
        "\(chip) has no \(precision.rawValue) multiply", found: precision.rawValue,
        expected: supported.map(\.rawValue).joined(separator: ", "),
        help: supported.contains(.int8) && precision == .fp8
          ? "store the weights as int8, or name --arithmetic bf16" : "name --arithmetic bf16 to store only")
    case .shardingDoesNotDivide(let axis, let ways, let size, let what):
      Diagnostic(
        "\(axis) \(ways) does not divide the model's \(size) \(what)", found: "\(ways)",
        expected: "one of \(list(divisors(size)))",
        help: "leave the sharding out to search for the best one")
    case .shardingDoesNotFillSlice(let used, let chips):
      Diagnostic(
        "the sharding does not fill the slice", found: "\(used) chips", expected: "\(chips) chips",
        help: chips.isMultiple(of: used)
          ? "\(chips / used) data copies of it would"
          : "the axes multiply to the chip count, so each is one of \(list(divisors(chips)))")
    case .exceedsHBM(let memory):
      Diagnostic(description, help: remedy(memory, weights: weights, on: chip, chips: chips))
    case .noShardingFits(_, let chips, let memory?):
      Diagnostic(description, help: remedy(memory, weights: weights, on: chip, chips: chips))
    case .sliceTooLarge(_, let limit, _): Diagnostic(description, help: "use \(limit) chips or fewer")
    case .contextTooLong(_, let limit): Diagnostic(description, help: "ask for \(limit) tokens or fewer")
    case .sliceShapeInvalid(_, _, _, let help): Diagnostic(description, help: help)
    case .noRoutedExperts: Diagnostic(description, help: "name a tensor, pipeline or data axis instead")
    case .noDraftLayers: Diagnostic(description, help: "name a smaller model with --draft-model")
    case .vocabulariesDiffer: Diagnostic(description, help: "draft with a model of the same tokenizer")
    default: Diagnostic(description)
    }
  }
}

/// Ways worth naming, up to 64.
private func list(_ ways: [Int]) -> String {
  ways.filter { $0 <= 64 }.map(String.init).joined(separator: ", ")
}

/// What would fit: more chips of the kind, or the widest narrower format that the chip can use.
private func remedy(
  _ memory: StepEstimate.Memory, weights: Precision?, on chip: ChipSpec?, chips: Int?
) -> String {
  var ways: [String] = []
  if let chips, chips > 0 {
    let each = memory.capacity.value / Double(chips)
    ways.append("\(Int((memory.total.value / each).rounded(.up))) chips or more could hold it")
  }
  if let weights, let chip {
    let narrower = [Precision.int8, .fp8, .int4, .fp4].filter {
      $0.bytesPerElement < weights.bytesPerElement && ($0 == .int4 || chip.peak[$0] != nil)
    }
    let fitting = narrower.first {
      let scaled = memory.weights.value * $0.bytesPerElement / weights.bytesPerElement
      return scaled + memory.kvCache.value + memory.other.value <= memory.capacity.value
    }
    if let fitting { ways.append("weights stored as \(fitting.rawValue) fit") }
  }
  return (ways + ["else a smaller batch or a shorter context"]).joined(separator: "; ")
}
