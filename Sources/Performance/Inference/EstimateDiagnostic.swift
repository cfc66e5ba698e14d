import FleetData

extension EstimateError {
  /// The error as a user reads it, with what to do about it.
  public var diagnostic: Diagnostic {
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
        expected: "one of \(divisors(size).filter { $0 <= 64 }.map(String.init).joined(separator: ", "))",
        help: "leave the sharding out to search for the best one")
    case .shardingDoesNotFillSlice(let used, let chips):
      Diagnostic(
        "the sharding does not fill the slice", found: "\(used) chips", expected: "\(chips) chips",
        help: "the product of the axes must be the chip count")
    case .exceedsHBM, .noShardingFits:
      Diagnostic(description, help: "use more chips, fewer bits, a smaller batch or a shorter context")
    default: Diagnostic(description)
    }
  }
}
