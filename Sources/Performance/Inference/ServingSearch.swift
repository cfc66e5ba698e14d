import FleetData
import Quantities

/// What a sharding is chosen for.
public enum SearchGoal: String, Sendable, Hashable, CaseIterable {
  /// The shortest step.
  case latency
  /// The most tokens per second of the whole slice, at the largest batch that fits.
  case throughput
  /// The fewest chip-seconds per token, part of the slice's chips allowed.
  case cost
}

/// The step whose sharding is sought.
public enum ServingStep: Sendable, Hashable {
  case decode(batch: Int, context: Int)
  case prefill(batch: Int, inputTokens: Int, cached: Int)
}

extension ServingStep {
  /// Long prompts may be split among chips; a decoded token is one.
  fileprivate var splitsSequences: Bool {
    if case .prefill(_, let tokens, _) = self { tokens >= 8192 } else { false }
  }
}

/// One sharding of a slice, and what the step takes on it.
public struct ServingChoice: Sendable {
  public var instance: InferenceModel
  /// Sequences at once; larger than asked when throughput is the goal.
  public var batch: Int
  public var estimate: StepEstimate
  /// Tokens per second over the slice: decoded ones, or prefilled.
  public var tokensPerSecond: Double
}

/// The shardings of a slice that fit the step, best first for the goal; ties go to fewer axes.
///
/// - Throws: `noShardingFits` with the least memory seen, or what makes every sharding meaningless.
public func bestServingShardings(
  of model: TransformerSpec, on chip: ChipSpec, slice: SliceTopology, step: ServingStep, weights: Precision,
  kv: Precision, arithmetic: Precision? = nil, goal: SearchGoal = .latency, limit: Int = 5,
  efficiency: EfficiencyTable = .builtIn
) throws(EstimateError) -> [ServingChoice] {
  let counts = ModelCounts(model)
  let entry = efficiency.entry(for: chip)
  var found: [ServingChoice] = []
  var smallest: StepEstimate.Memory?
  var refusal: EstimateError?
  for part in goal == .cost ? partialSlices(slice, chip: chip) : [slice] {
    for sharding in everyServingSharding(
      counts: counts, model: model, chips: part.chips, splitsSequences: step.splitsSequences)
    {
      do {
        let instance = try InferenceModel(
          model: model, counts: counts, chip: chip, slice: part, sharding: sharding, weights: weights,
          kv: kv, arithmetic: arithmetic, entry: entry, checked: true)
        found.append(try instance.choice(for: step, goal: goal))
      } catch .exceedsHBM(let memory) {
        if smallest.map({ memory.total < $0.total }) ?? true { smallest = memory }
      } catch { refusal = refusal ?? error }
    }
  }
  guard !found.isEmpty else {
    if smallest == nil, let refusal { throw refusal }
    throw .noShardingFits(chip: chip.id, chips: slice.chips, smallest: smallest)
  }
  let ranked = found.enumerated().sorted { a, b in
    let (x, y) = (a.element.score(goal), b.element.score(goal))
    if x != y { return x < y }
    return (a.element.axes, a.offset) < (b.element.axes, b.offset)
  }
  return ranked.prefix(limit).map(\.element)
}

extension InferenceModel {
  /// The step on this instance; when throughput is the goal, at the largest batch that fits.
  public func choice(
    for step: ServingStep, goal: SearchGoal = .latency
  ) throws(EstimateError) -> ServingChoice {
    switch step {
    case .decode(let batch, let context):
      let size = goal == .throughput ? max(batch, largestBatch(context: context)) : batch
      let estimate = try decode(batch: size, context: context)
      return ServingChoice(
        instance: self, batch: size, estimate: estimate, tokensPerSecond: Double(size) / estimate.time.value)
    case .prefill(let batch, let tokens, let cached):
      let estimate = try prefill(batch: batch, inputTokens: tokens, cached: cached)
      return ServingChoice(
        instance: self, batch: batch, estimate: estimate,
        tokensPerSecond: Double(batch * tokens) / estimate.time.value)
    }
  }

  /// The most sequences of `context` tokens whose caches fit beside the weights, at least 0 and at most `limit`.
  public func largestBatch(context: Int, limit: Int = 4096) -> Int {
    var (low, high) = (0, limit)
    while low < high {
      let middle = (low + high + 1) / 2
      if memory(sequences: middle, context: context).fits { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

extension ServingChoice {
  /// Smaller is better.
  fileprivate func score(_ goal: SearchGoal) -> Double {
    switch goal {
    case .latency: estimate.time.value
    case .throughput: -tokensPerSecond
    case .cost: Double(instance.slice.chips) / tokensPerSecond
    }
  }

  fileprivate var axes: Int {
    let s = instance.sharding
    return [s.data, s.fsdp, s.tensor, s.pipeline, s.expert, s.sequence].count { $0 > 1 }
  }
}

/// The slice and its halves, quarters and so on, largest first.
func partialSlices(_ slice: SliceTopology, chip: ChipSpec) -> [SliceTopology] {
  var parts = [slice]
  while let last = parts.last, last.chips > 1 {
    guard let axis = last.axes.indices.reversed().max(by: { last.axes[$0] < last.axes[$1] }),
      last.axes[axis].isMultiple(of: 2)
    else { break }
    var axes = last.axes
    axes[axis] /= 2
    parts.append(SliceTopology(axes))
  }
  return parts
}

/// Every way to split `chips` over data, tensor, pipeline and, for mixtures of experts, expert axes; over sequences
/// too where asked.
func everyServingSharding(
  counts: ModelCounts, model: TransformerSpec, chips: Int, splitsSequences: Bool = false
) -> [Sharding] {
  let experts = counts.expertGroups.map(\.count).min()
  var found: [Sharding] = []
  for tensor in divisors(chips) {
    for pipeline in divisors(chips / tensor) where model.layers.count % pipeline == 0 {
      let rest = chips / tensor / pipeline
      let ways = experts.map { count in divisors(rest).filter { count % $0 == 0 } } ?? [1]
      for expert in ways {
        for sequence in splitsSequences ? divisors(rest / expert) : [1] {
          found.append(
            Sharding(
              data: rest / expert / sequence, tensor: tensor, pipeline: pipeline, expert: expert,
              sequence: sequence))
        }
      }
    }
  }
  return found
}
