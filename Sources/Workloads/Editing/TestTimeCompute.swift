import FleetData
import Quantities

/// A change of how long requests think and how often they are sampled.
public struct TestTimeCompute: Hashable, Sendable {
  /// What requests of one class get, or all others.
  public struct Budget: Hashable, Sendable {
    /// Thinking tokens are multiplied by this.
    public var thinking = 1.0
    /// Samples per request.
    public var samples = 1

    public init(thinking: Double = 1, samples: Int = 1) {
      self.thinking = thinking
      self.samples = samples
    }
  }

  public var budget = Budget()
  /// Budgets of single classes, before `budget`.
  public var byClass: [String: Budget] = [:]
  /// Share of the output that is thinking, for traces that do not say; nil when unknown.
  public var reasoningShare: Double?
  /// Best of N: this model reads every sample, prompt and answer, and writes one token of judgement. Without a judge
  /// the samples vote by majority, which costs nothing more.
  public var judge: String?
  /// When a judge is asked: this long per output token after the sample began.
  public var secondsPerOutputToken = 0.03

  public init() {}

  /// True when some requests are sampled more than once.
  public var hasSamples: Bool { budget.samples > 1 || byClass.contains { $0.value.samples > 1 } }
}

/// Makes a trace that comes in pieces, in order of arrival, think longer.
public struct Thinker {
  private let change: TestTimeCompute
  /// A judge's requests come later than what they judge.
  private var waiting = ArrivalBuffer()

  public init(_ change: TestTimeCompute) { self.change = change }

  /// Takes a piece. Returns what is ready, in order of arrival.
  public mutating func add(_ piece: WorkloadTrace) throws(ThinkingError) -> WorkloadTrace {
    let changed = try piece.thinking(change)
    guard change.judge != nil, let last = piece.arrivals.last else { return changed }
    waiting.add(changed)
    return waiting.take(before: last)
  }

  /// What is left when the last piece was taken.
  public mutating func finish() -> WorkloadTrace { waiting.take() }
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
  /// Every further sample is a request of its own at the same moment that finds its whole prompt cached; a judge's
  /// request comes when its sample is written and is cached as far as the prompt.
  public func thinking(_ change: TestTimeCompute) throws(ThinkingError) -> WorkloadTrace {
    for name in change.byClass.keys.sorted() where !classNames.contains(name) {
      throw .unknownClass(name, known: classNames)
    }
    let named = classNames.map { change.byClass[$0] ?? change.budget }
    let budgets = arrivals.indices.map { classes.isEmpty ? change.budget : named[Int(classes[$0])] }
    var changed = self
    changed.reasoningTokens = try reasoning(change, budgets)
    for i in arrivals.indices {
      let thought = changed.reasoningTokens[i]
      let longer = UInt32(min(1e8, (Double(thought) * budgets[i].thinking).rounded()))
      changed.outputTokens[i] = max(1, outputTokens[i] - min(outputTokens[i], thought) + longer)
      changed.reasoningTokens[i] = longer
    }
    return change.hasSamples ? changed.sampled(budgets, change) : changed
  }

  /// Thinking tokens of each request before the change.
  private func reasoning(
    _ change: TestTimeCompute, _ budgets: [TestTimeCompute.Budget]
  ) throws(ThinkingError) -> [UInt32] {
    guard reasoningTokens.isEmpty else { return reasoningTokens }
    let isNeeded = budgets.contains { $0.thinking != 1 }
    guard let share = change.reasoningShare ?? (isNeeded ? nil : 0) else { throw .unknownReasoning }
    return outputTokens.map { UInt32((Double($0) * share).rounded()) }
  }

  private func sampled(_ budgets: [TestTimeCompute.Budget], _ change: TestTimeCompute) -> WorkloadTrace {
    var indices: [Int] = []
    var isRepeat: [Bool] = []
    for i in arrivals.indices {
      for sample in 0..<max(1, budgets[i].samples) {
        indices.append(i)
        isRepeat.append(sample > 0)
      }
    }
    var all = self[indices]
    if all.cachedTokens.isEmpty { all.cachedTokens = [UInt32](repeating: 0, count: all.count) }
    for i in all.arrivals.indices where isRepeat[i] { all.cachedTokens[i] = all.inputTokens[i] }
    guard let judge = change.judge else { return all }
    let judged = all.arrivals.indices.filter { budgets[indices[$0]].samples > 1 }
    return all.judged(judged, by: judge, change.secondsPerOutputToken)
  }

  /// Adds a judge's request behind each of the requests at `samples`.
  private func judged(_ samples: [Int], by judge: String, _ secondsPerToken: Double) -> WorkloadTrace {
    var all = self[Array(arrivals.indices) + samples]
    let place = serviceNames.firstIndex(of: judge) ?? max(1, serviceNames.count)
    if all.services.isEmpty { all.services = [UInt16](repeating: 0, count: all.count) }
    if serviceNames.isEmpty { all.serviceNames = ["model"] }
    if place == all.serviceNames.count { all.serviceNames.append(judge) }
    for (offset, sample) in samples.enumerated() {
      let i = count + offset
      all.arrivals[i] =
        arrivals[sample] + SimTime(seconds: Double(outputTokens[sample]) * secondsPerToken)
      let answer = outputTokens[sample] - min(outputTokens[sample], reasoningTokens[sample])
      all.inputTokens[i] = inputTokens[sample] + answer
      all.outputTokens[i] = 1
      all.reasoningTokens[i] = 0
      all.cachedTokens[i] = 0
      all.services[i] = UInt16(place)
    }
    let order = all.arrivals.indices.sorted { (all.arrivals[$0], $0) < (all.arrivals[$1], $1) }
    return all[order]
  }
}
