import FleetData
import Quantities

/// One way to run a training step, and what it takes.
public struct TrainingChoice: Sendable, Hashable {
  public var setup: TrainingSetup
  public var estimate: StepEstimate

  public init(setup: TrainingSetup, estimate: StepEstimate) {
    self.setup = setup
    self.estimate = estimate
  }
}

/// The shardings of a slice that fit and train fastest, best first.
///
/// Tensor ways are powers of two inside one NVLink domain (up to 16 on a torus), pipelines only on switched chips,
/// experts in powers of two; the rest is FSDP, or data parallel with sharded optimizer state where that fits.
/// Ties go to the sharding with fewer axes.
///
/// - Parameters:
///   - setup: everything but the sharding, which is ignored.
///   - recompute: the policy; `nil` tries each and keeps the fastest that fits.
///   - goal: the least chip time a step (`cost`, halves and quarters of the slice allowed), or else the shortest step.
///   - limit: how many to return.
/// - Throws: `noShardingFits` with the least memory seen.
public func bestTrainingShardings(
  _ setup: TrainingSetup, recompute: Recompute? = nil, goal: SearchGoal = .latency, limit: Int = 5,
  efficiency: TrainingEfficiencyTable = .builtIn
) throws(EstimateError) -> [TrainingChoice] {
  var search = TrainingSearch(
    counts: ModelCounts(setup.model), entry: efficiency.entry(for: setup.chip),
    policies: recompute.map { [$0] } ?? policiesToTry(setup.chip))
  for part in goal == .cost ? partialSlices(setup.slice, chip: setup.chip) : [setup.slice] {
    var smaller = setup
    smaller.slice = part
    try search.tryAll(smaller)
  }
  guard !search.found.isEmpty else {
    if search.smallest == nil, let refusal = search.refusal { throw refusal }
    throw .noShardingFits(chip: setup.chip.id, chips: setup.chips, smallest: search.smallest)
  }
  return Array(distinctBest(search.found, goal: goal).prefix(limit))
}

/// A stated sharding under the fastest policy of recomputation that fits.
///
/// - Throws: `noShardingFits` with the least memory that any policy needs, and what makes the sharding meaningless.
public func fastestTraining(
  _ setup: TrainingSetup, efficiency: TrainingEfficiencyTable = .builtIn
) throws(EstimateError) -> TrainingChoice {
  try validateTraining(setup)
  var search = TrainingSearch(
    counts: ModelCounts(setup.model), entry: efficiency.entry(for: setup.chip),
    policies: policiesToTry(setup.chip))
  try search.tryPolicies(setup)
  if let best = distinctBest(search.found, goal: .latency).first { return best }
  throw .noShardingFits(chip: setup.chip.id, chips: setup.chips, smallest: search.smallest)
}

/// What a search has seen so far.
private struct TrainingSearch {
  let counts: ModelCounts
  let entry: TrainingEfficiencyTable.Entry
  let policies: [Recompute]
  var found: [TrainingChoice] = []
  var smallest: StepEstimate.Memory?
  var refusal: EstimateError?

  /// Prices every sharding of the setup's slices under every policy.
  mutating func tryAll(_ setup: TrainingSetup) throws(EstimateError) {
    for sharding in trainingShardings(setup, counts: counts) {
      var candidate = setup
      candidate.sharding = sharding
      do { try validateTraining(candidate) } catch {
        refusal = refusal ?? error
        continue
      }
      try tryPolicies(candidate)
    }
  }

  /// Prices one sharding under every policy.
  mutating func tryPolicies(_ setup: TrainingSetup) throws(EstimateError) {
    var candidate = setup
    for policy in policies {
      candidate.recompute = policy
      let estimate = try TrainingModel(candidate, counts: counts, entry: entry).estimate()
      if estimate.memory.fits {
        found.append(TrainingChoice(setup: candidate, estimate: estimate))
      } else if smallest.map({ estimate.memory.total < $0.total }) ?? true {
        smallest = estimate.memory
      }
    }
  }
}

/// The fastest policy of each sharding, best sharding first, ties in the order tried.
private func distinctBest(_ choices: [TrainingChoice], goal: SearchGoal) -> [TrainingChoice] {
  func score(_ choice: TrainingChoice) -> Double {
    choice.estimate.time.value * (goal == .cost ? Double(choice.setup.chips) : 1)
  }
  let ranked = choices.enumerated().sorted {
    (score($0.element), $0.offset) < (score($1.element), $1.offset)
  }
  var seen: Set<Sharding> = []
  return ranked.map(\.element).filter { seen.insert($0.setup.sharding).inserted }
}

private func policiesToTry(_ chip: ChipSpec) -> [Recompute] {
  chip.family == .tpu ? [.none, .selective, .partial, .full] : [.none, .selective, .full]
}

/// Shardings worth pricing, those with fewer axes first.
func trainingShardings(_ setup: TrainingSetup, counts: ModelCounts) -> [Sharding] {
  let chips = setup.chips
  var result: [Sharding] = []
  for tensor in tensorWays(setup) {
    for pipeline in pipelineWays(setup) where chips % (tensor * pipeline) == 0 {
      for expert in expertWays(setup, counts: counts) where chips / (tensor * pipeline) % expert == 0 {
        let rest = chips / (tensor * pipeline * expert)
        for fsdp in fsdpWays(setup, rest: rest) {
          result.append(
            Sharding(
              data: rest / fsdp, fsdp: fsdp, tensor: tensor, pipeline: pipeline, expert: expert))
        }
      }
    }
  }
  func axes(_ s: Sharding) -> Int {
    [s.data, s.fsdp, s.tensor, s.pipeline, s.expert, s.sequence].count { $0 > 1 }
  }
  return result.enumerated().sorted { (axes($0.element), $0.offset) < (axes($1.element), $1.offset) }
    .map(\.element)
}

private func powersOfTwo(upTo limit: Int) -> [Int] {
  Array(sequence(first: 1) { $0 * 2 <= limit ? $0 * 2 : nil })
}

private func tensorWays(_ setup: TrainingSetup) -> [Int] {
  let limit: Int
  switch setup.chip.interconnect {
  case .torus: limit = 16
  case .switched(let links): limit = min(16, max(1, links.domainChips))
  case .none: limit = 1
  }
  return powersOfTwo(upTo: max(1, min(limit, setup.chips)))
}

private func pipelineWays(_ setup: TrainingSetup) -> [Int] {
  guard case .switched = setup.chip.interconnect else { return [1] }
  let layers = setup.model.layers.count
  return (1...min(64, layers, max(1, setup.chips))).filter {
    setup.chips % $0 == 0 && (layers % $0 == 0 || $0.nonzeroBitCount == 1)
  }
}

private func expertWays(_ setup: TrainingSetup, counts: ModelCounts) -> [Int] {
  guard let experts = counts.expertGroups.map(\.count).min() else { return [1] }
  return powersOfTwo(upTo: min(64, experts)).filter { experts % $0 == 0 }
}

/// FSDP over everything, over one slice or domain, or not at all.
private func fsdpWays(_ setup: TrainingSetup, rest: Int) -> [Int] {
  var ways = [rest, 1]
  if setup.slices > 1, rest % setup.slices == 0 { ways.append(rest / setup.slices) }
  if case .switched(let links) = setup.chip.interconnect {
    let inside = greatestDivisor(of: rest, upTo: max(1, links.domainChips))
    ways.append(inside)
  }
  return Array(Set(ways)).sorted(by: >)
}
