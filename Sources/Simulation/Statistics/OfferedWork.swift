import FleetData

/// Is what arrives more work than the replicas can do, however it is scheduled?
///
/// A mean request is n decode steps, p prompt tokens, their attention pairs a and Σ cached tokens c that its steps
/// read. Over any schedule the steps of one replica, K of them, take at least
///
///     W = max(n·d + p·q, K·w + (n·γ + p)·ē) + c·r + n·v + a·u + K·o + n·y + p·z
///     K = max(n/seats, c/cache, (n + p)/chunk)
///
/// because a step seats so many sequences, holds so many cached tokens and takes so many tokens; ē is what a token adds
/// to the expert weights read by the fullest step. W is a maximum of sums, so that on several groups no split beats
///
///     ρ = Σ_k min_g(y_g·l_gk)·x_k / Σ_g y_g·R_g,    y_g = 1/(l_g·x)
///
/// with l_g the sum that is greatest for the mean request x. ρ > 1 is overload for certain, in runs of any length; in a
/// fleet that keeps up ρ < 1 always. Rates and lengths are those of the distributions, or of the whole trace.
struct OfferedWork {
  /// Why a stream cannot be served for long.
  struct Excess {
    /// ρ.
    var load: Double
    var groups: [String]
    var rate: Double

    var sentence: String {
      "overload since 0 s: \(Steadiness.rounded(rate)) requests/s are at least "
        + "\(Steadiness.rounded(100 * load)) % of what \(groups.joined(separator: " and ")) can do"
    }
  }

  /// ρ of the groups that only prefill or only decode, by group: a decode group steps without a pause long before it is
  /// full, so that its utilisation says little. Nil for the others, and where caches spare a part that is not known.
  func loads() -> [Double?] {
    var found = [Double?](repeating: nil, count: input.groups.count)
    for stage in [Stage.prefill, .decode] {
      for pool in pools(stage) {
        guard groups.allSatisfy({ $0.reusedTokens == 0 }), let (demand, _) = demand(pool, stage) else {
          continue
        }
        let load = load(demand, pool.groups)
        for g in pool.groups { found[g] = load }
      }
    }
    return found
  }

  /// Which part of a request a group does.
  private enum Stage { case all, prefill, decode }

  let input: FleetSimulation
  let models: [StepModel]
  let groups: [GroupUsage]
  /// Requests that come later are not part of the run.
  let end: Double

  init(_ input: FleetSimulation, models: borrowing Slab<StepModel>, groups: [GroupUsage], end: Double) {
    self.input = input
    self.end = end
    self.models = input.groups.indices.map { models[$0] }
    self.groups = groups
  }

  /// Groups less busy than this have room: they are not looked at.
  static let leastUtilization = 0.5

  /// By stream; nil where nothing is wrong, and for streams that shed what they cannot serve.
  func excess() -> [Excess?] {
    var found = [Excess?](repeating: nil, count: input.streams.count)
    for stage in [Stage.all, .prefill, .decode] {
      for pool in pools(stage) {
        guard let excess = excess(pool, stage) else { continue }
        for stream in pool.streams where excess.load > (found[stream]?.load ?? 0) { found[stream] = excess }
      }
    }
    return found
  }

  /// Streams and groups that share work with each other and with no others.
  private struct Pool {
    var streams: [Int]
    var groups: [Int]
  }

  private func stage(_ group: ReplicaGroup) -> Stage {
    switch group.role {
    case .both: .all
    case .prefill: .prefill
    case .decode: .decode
    }
  }

  private func pools(_ wanted: Stage) -> [Pool] {
    var pools: [Pool] = []
    for (g, group) in input.groups.enumerated() where stage(group) == wanted {
      let streams = input.streams.indices.filter { group.services.contains(input.streams[$0].service) }
      var merged = Pool(streams: streams, groups: [g])
      for pool in pools where pool.streams.contains(where: streams.contains) {
        merged.streams = Set(merged.streams + pool.streams).sorted()
        merged.groups = pool.groups + merged.groups
      }
      pools.removeAll { $0.streams.contains(where: streams.contains) }
      pools.append(merged)
    }
    return pools
  }

  private func excess(_ pool: Pool, _ stage: Stage) -> Excess? {
    guard !pool.streams.isEmpty, pool.groups.allSatisfy({ groups[$0].utilization > Self.leastUtilization })
    else { return nil }
    let isWhole = pool.streams.allSatisfy { stream in
      let sheds = input.streams[stream].queueLimit != nil || input.streams[stream].queueDeadline != nil
      // A service that some groups split into prefill and decode and others do not has two ways.
      let ways = Set(
        input.groups.filter { $0.services.contains(input.streams[stream].service) }.map { self.stage($0) })
      return !sheds && (stage == .all ? ways == [.all] : !ways.contains(.all))
    }
    guard isWhole, let (demand, rate) = demand(pool, stage) else { return nil }
    let load = load(demand, pool.groups)
    guard load > 1, load.isFinite else { return nil }
    return Excess(load: load, groups: pool.groups.map { input.groups[$0].id }, rate: rate)
  }

  /// What a pool is asked for per second, and by how many requests.
  private func demand(_ pool: Pool, _ stage: Stage) -> (RequestWork, rate: Double)? {
    var demand = RequestWork()
    var rate = 0.0
    for stream in pool.streams {
      guard let work = RequestWork.mean(of: input.streams[stream], until: end) else { return nil }
      demand.add(work.request, times: work.rate)
      rate += work.rate
    }
    demand.spare(reused: pool.groups.reduce(0) { $0 + groups[$1].reusedTokens })
    switch stage {
    case .all: break
    case .prefill: demand.keepPrefill()
    case .decode: demand.keepDecode()
    }
    return (demand, rate)
  }

  /// ρ of a demand per second on some groups.
  private func load(_ demand: RequestWork, _ pool: [Int]) -> Double {
    let costs = pool.map { g in demand.greatest(models[g].leastCosts) }
    let prices = costs.map { 1 / $0.seconds(demand) }
    var cheapest = zip(costs, prices).map { $0.scaled(by: $1) }
    let first = cheapest.removeFirst()
    let least = cheapest.reduce(first) { $0.least($1) }
    let supply = zip(pool, prices).reduce(0) { $0 + $1.1 * Double(input.groups[$1.0].replicas) }
    return least.seconds(demand) / supply
  }
}
