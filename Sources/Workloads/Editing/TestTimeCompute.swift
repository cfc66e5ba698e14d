import FleetData

/// A change of how long requests think and how often they are sampled.
public struct TestTimeCompute: Hashable, Sendable {
  /// Thinking tokens are multiplied by this.
  public var thinking = 1.0
  /// Share of the output that is thinking, for traces that do not say; nil when unknown.
  public var reasoningShare: Double?
  /// Samples per request (best of N, majority vote).
  public var samples = 1
  /// Classes it applies to; empty means every request.
  public var classes: [String] = []

  public init() {}
}

/// Why a trace cannot be made to think longer.
public enum ThinkingError: Error, Hashable, Sendable {
  /// The trace has no reasoning tokens and no share was given.
  case unknownReasoning
  case unknownClass(String, known: [String])
}

extension WorkloadTrace {
  /// The same requests under another budget of test-time compute.
  ///
  ///     output' = (output − reasoning) + thinking · reasoning
  ///
  /// Every further sample is a request of its own at the same moment that finds its whole prompt cached.
  public func thinking(_ change: TestTimeCompute) throws(ThinkingError) -> WorkloadTrace {
    for name in change.classes where !classNames.contains(name) {
      throw .unknownClass(name, known: classNames)
    }
    var reasoning = reasoningTokens
    if reasoning.isEmpty {
      guard let share = change.reasoningShare ?? (change.thinking == 1 ? 0 : nil) else {
        throw .unknownReasoning
      }
      reasoning = outputTokens.map { UInt32((Double($0) * share).rounded()) }
    }
    let applies = arrivals.indices.map { i in
      change.classes.isEmpty || (!classes.isEmpty && change.classes.contains(classNames[Int(classes[i])]))
    }
    var changed = self
    changed.reasoningTokens = reasoning
    for i in arrivals.indices where applies[i] {
      let longer = UInt32(min(1e8, (Double(reasoning[i]) * change.thinking).rounded()))
      changed.outputTokens[i] = max(1, outputTokens[i] - min(outputTokens[i], reasoning[i]) + longer)
      changed.reasoningTokens[i] = longer
    }
    return change.samples > 1 ? changed.sampled(change.samples, applies) : changed
  }

  private func sampled(_ samples: Int, _ applies: [Bool]) -> WorkloadTrace {
    var indices: [Int] = []
    var isRepeat: [Bool] = []
    for i in arrivals.indices {
      for sample in 0..<(applies[i] ? samples : 1) {
        indices.append(i)
        isRepeat.append(sample > 0)
      }
    }
    var all = self[indices]
    if all.cachedTokens.isEmpty { all.cachedTokens = [UInt32](repeating: 0, count: all.count) }
    for i in all.arrivals.indices where isRepeat[i] { all.cachedTokens[i] = all.inputTokens[i] }
    return all
  }
}
