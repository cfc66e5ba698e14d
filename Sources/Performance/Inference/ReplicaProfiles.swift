import FleetData
import Quantities

/// The profile of one model on one slice with one sharding.
public func replicaProfile(
  model: TransformerSpec, chip: ChipSpec, slice: SliceTopology, sharding: Sharding, weights: Precision,
  kv: Precision, efficiency: EfficiencyTable = .builtIn, maxSequences: Int = 256
) throws(EstimateError) -> ReplicaProfile {
  try InferenceModel(
    model: model, chip: chip, slice: slice, sharding: sharding, weights: weights, kv: kv,
    efficiency: efficiency
  ).profile(maxSequences: maxSequences)
}

/// The slices and shardings worth considering for a model on a pod, smallest slice first.
///
/// Every slice shape of up to `maxChips` chips that tiles the pod; on each, the shardings that fit at least one
/// sequence of `context` tokens and that no other sharding of the same slice beats in both latency and capacity.
public func profiles(
  for model: TransformerSpec, on chip: ChipSpec, pod: SliceTopology, weights: Precision, kv: Precision,
  context: Int = 4096, maxChips: Int = 64, efficiency: EfficiencyTable = .builtIn, maxSequences: Int = 256
) -> [ReplicaProfile] {
  var found: [ReplicaProfile] = []
  for slice in sliceShapes(of: pod, chip: chip, maxChips: maxChips) {
    let candidates = servingShardings(model: model, chips: slice.chips).compactMap { sharding in
      try? replicaProfile(
        model: model, chip: chip, slice: slice, sharding: sharding, weights: weights, kv: kv,
        efficiency: efficiency, maxSequences: maxSequences)
    }
    let fitting = candidates.filter { $0.kvCapacityTokens >= context }
    found += fitting.filter { one in
      !fitting.contains { $0.sharding != one.sharding && dominates($0, one, context: context) }
    }
  }
  return found
}

/// Slice shapes of powers of two within a block of the pod, at most `maxChips`: one shape per size, the squarest. What
/// a shape that does not tile the block leaves over goes to smaller slices or is stranded.
func sliceShapes(of pod: SliceTopology, chip: ChipSpec, maxChips: Int) -> [SliceTopology] {
  var bySize: [Int: SliceTopology] = [:]
  var shapes: [[Int]] = [[]]
  for axis in pod.axes {
    let parts = (0..<32).map { 1 << $0 }.filter { $0 <= axis }
    shapes = shapes.flatMap { shape in parts.map { shape + [$0] } }
  }
  for axes in shapes {
    let slice = SliceTopology(axes)
    guard slice.chips <= maxChips else { continue }
    if bySize[slice.chips].map({ (spread(slice), slice.axes.reversed()) < (spread($0), $0.axes.reversed()) })
      ?? true
    {
      bySize[slice.chips] = slice
    }
  }
  return bySize.keys.sorted().map { bySize[$0]! }
}

/// Chips along the longest axis: the fewer, the shorter the rings.
private func spread(_ slice: SliceTopology) -> Int { slice.axes.max() ?? 1 }

private func < (a: (Int, ReversedCollection<[Int]>), b: (Int, ReversedCollection<[Int]>)) -> Bool {
  a.0 != b.0 ? a.0 < b.0 : Array(a.1).lexicographicallyPrecedes(Array(b.1))
}

/// Shardings a server would try: tensor × pipeline for every model, and experts spread for mixtures.
func servingShardings(model: TransformerSpec, chips: Int) -> [Sharding] {
  let hasExperts = model.layers.contains {
    if case .experts? = $0.ffn { true } else { false }
  }
  var found: [Sharding] = []
  for tensor in divisors(chips) {
    for expert in hasExperts ? divisors(chips / tensor) : [1] {
      found.append(Sharding(tensor: tensor, pipeline: chips / tensor / expert, expert: expert))
    }
  }
  return found
}

func divisors(_ n: Int) -> [Int] { (1...max(1, n)).filter { n % $0 == 0 } }

/// Is `a` at least as good as `b` in step time at one and at many sequences, and in cache capacity, and better in one?
private func dominates(_ a: ReplicaProfile, _ b: ReplicaProfile, context: Int) -> Bool {
  let scores = { (p: ReplicaProfile) -> [Double] in
    let full = max(1, min(p.maxSequences, p.kvCapacityTokens / max(1, context)))
    let busy = p.step.seconds(decoding: full, cachedTokens: full * context)
    return [
      p.step.seconds(decoding: 1, cachedTokens: context), busy / Double(full), -Double(p.kvCapacityTokens),
      p.step.seconds(prefilling: context, attentionPairs: Double(context) * Double(context + 1) / 2),
    ]
  }
  let (x, y) = (scores(a), scores(b))
  if x == y { return a.sharding.tensor > b.sharding.tensor }
  return zip(x, y).allSatisfy { $0 <= $1 }
}
