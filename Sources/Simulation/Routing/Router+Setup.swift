import FleetData
import Quantities

/// The tables a router is built from.
extension Router {
  init(_ input: FleetSimulation, _ models: [StepModel], _ names: NameTables) {
    policy = input.routing
    regions = names.regions.count
    sites = names.sites.count
    self.models = models
    let roundTrips = names.roundTrips(input)
    self.roundTrips = roundTrips
    objectives = input.streams.map(\.slo)
    var first: [Int32] = [0]
    for group in input.groups { first.append(first.last! + Int32(group.replicas)) }
    firstReplica = first
    weights = models.map { $0.requestCapacity(input: 1024, output: 256) }
    turns = [Int](repeating: 0, count: input.streams.count)
    lastChoice = [Int](repeating: 0, count: input.groups.count)

    var order: [Int32] = []
    var offsets: [Int32] = [0]
    for stream in input.streams {
      let serving = input.groups.indices.filter {
        input.groups[$0].services.contains(stream.service) && input.groups[$0].role != .decode
      }
      for region in names.regions.indices {
        let trips = names.sites.indices.map { roundTrips[region * names.sites.count + $0] }
        order += Self.ranked(serving, input, models, weights, trips).map { Int32($0) }
        offsets.append(Int32(order.count))
      }
    }
    self.order = order
    self.offsets = offsets
    fullOrder = order
    fullOffsets = offsets
    linkOutages = [Int](repeating: 0, count: roundTrips.count)
  }

  /// Candidate groups in the order the policy tries them; the order of the input decides between equals.
  private static func ranked(
    _ groups: [Int], _ input: FleetSimulation, _ models: [StepModel], _ weights: [Double], _ trips: [Double]
  ) -> [Int] {
    switch input.routing {
    case .nearestSite, .spillOver:
      return groups.sorted { a, b in
        let (siteA, siteB) = (Int(models[a].site), Int(models[b].site))
        return (trips[siteA], siteA, a) < (trips[siteB], siteB, b)
      }
    case .cheapestSite:
      let cost = groups.map { group in
        Double(input.groups[group].profile.chips) * (input.groups[group].price?.value ?? 0) / weights[group]
      }
      let costOf = Dictionary(uniqueKeysWithValues: zip(groups, cost))
      return groups.sorted { (costOf[$0]!, $0) < (costOf[$1]!, $1) }
    case .roundRobin, .leastLoaded, .prefixAffine, .sessionSticky:
      return groups
    }
  }
}

extension StepModel {
  /// The most requests of these lengths that one replica can serve per second: no schedule does better.
  ///
  ///     X = b / (max(compute, memory) + overhead)   of b requests that always fill the batch
  ///     compute = b·(in·q + pairs·u) + n·b·d,  memory = n·(w + k·r + b·v),  n = (out − 1)/E steps
  ///
  /// b is what seats and KV cache hold of sequences that are on average half way through their answers (k tokens). All
  /// compute overlaps with all memory traffic, prefill rides on decode steps, and nobody queues.
  func requestCapacity(input: Double, output: Double) -> Double {
    let mean = input + output / 2
    let batch = max(1, min(Double(maxBatch), capacity / mean))
    let steps = (output - 1) / tokensPerStep
    let prompts = batch * (input * (q + z) + u * input * (input + 1) / 2)
    let decode = step(StepLoad(sequences: batch, kv: batch * mean))
    let time = prompts + max(steps * decode, o)
    return time > 0 ? batch / time : .infinity
  }
}
