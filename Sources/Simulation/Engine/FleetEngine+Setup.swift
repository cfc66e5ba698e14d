import FleetData
import Quantities

/// From the input values to the engine's tables.
extension FleetEngine {
  init(_ input: FleetSimulation) {
    let names = NameTables(input)
    let groups = input.groups
    let streamCount = input.streams.count
    let stepModels = groups.map { StepModel($0, limits: input.limits, site: names.siteIndex[$0.site]!) }
    let states = input.streams.map { StreamState($0, names) }
    let groupOf = groups.indices.flatMap { [Int](repeating: $0, count: groups[$0].replicas) }
    let hasCaches = PrefixCaches.blockTokens(input) != nil
    let streamFacts = zip(input.streams, states).map { StreamFacts($0, $1, hasCaches: hasCaches) }
    let trips = names.roundTrips(input)
    let sources = names.outageSources(input)
    let queue = ArrivalQueue(input.streams.map { ArrivalCursor($0, seed: input.seed) })
    let span = min(queue.span, input.horizon?.value ?? .infinity)
    let keepsSessions = input.streams.contains { $0.sessions != nil }
    let isAway = trips.contains { $0 > 0 }
    let largestBatch = Int(stepModels.map(\.maxBatch).max()!)
    let stride = CompletionHeap.stride(capacity: largestBatch)

    groupCount = groups.count
    models = Slab(stepModels)
    costs = Slab(stepModels.flatMap { model in (0...largestBatch).map { BatchCost(model, sequences: $0) } })
    costStride = largestBatch + 1
    arrivals = queue
    streams = states
    blockOffsets = input.streams.map { $0.prefixTrace?.blockOffsets ?? [] }
    blockHashes = input.streams.map { $0.prefixTrace?.blockHashes ?? [] }
    caches = PrefixCaches(input, groupOf: groupOf)
    facts = Slab(streamFacts)
    sessions = SessionTable(
      counts: input.streams.map { $0.sessions == nil ? 0 : $0.sessionCount }, replicas: groupOf.count)
    holdsSessions = keepsSessions
    roundTrips = Slab(trips)
    uplinks = Slab(names.uplinkTimes(input).map { Uplink(perByte: $0) })
    hasNetwork = isAway
    hasDelays = isAway || keepsSessions || input.roundTrips.contains { $0.bandwidth != nil }
    regionDraws = input.streams.map { RandomStream(input.seed, "regions/\($0.service)") }
    router = Router(input, stepModels, names)
    outages = sources
    hasOnePool = input.routing == .leastLoaded && groups.count == 1 && sources.allSatisfy { $0.links.isEmpty }

    replicas = Slab(groupOf.map { ReplicaState(group: Int32($0)) })
    heapStride = stride
    heaps = Slab(count: groupOf.count * stride, repeating: 0)
    queues = WaitingQueues(
      replicas: groupOf.count, classes: 1 + (input.streams.map(\.priorityClass).max() ?? 0))
    groupLinks = Slab(count: groups.count, repeating: 0)
    loads = LoadIndex(groupOfReplica: groupOf, groups: groups.count)
    events = EventTree(count: groupOf.count)

    tally = Slab(count: streamCount, repeating: StreamTally())
    recorders = LatencyRecorders(span: span, objectives: input.streams.map(\.slo))
    groupTally = Slab(count: groups.count, repeating: GroupTally())
    observer = nil
    horizon = input.horizon?.value ?? .infinity
    caps = input.powerCaps.compactMap { cap in names.siteIndex[cap.site].map { CapState(cap, site: $0) } }
    standing = groups.map { GroupStanding($0) }
    retriesLostWork = input.disruptions.retries
    scalers = groups.map { group in input.autoscaling.first { $0.group == group.id }.map { Autoscaler($0) } }
    decodeGroups = input.streams.map { stream in
      groups.indices.filter { groups[$0].role == .decode && groups[$0].services.contains(stream.service) }
    }
  }
}

extension CapState {
  init(_ cap: SitePowerCap, site: Int) {
    self.init(
      site: Int32(site), watts: cap.limit.value, start: cap.start.value,
      end: cap.duration.map { cap.start.value + $0.value } ?? .infinity)
  }
}

extension GroupStanding {
  init(_ group: ReplicaGroup) {
    self.init(
      replicas: group.replicas, serving: group.replicas - group.spares,
      watts: group.powerPerChip.value * Double(group.profile.chips), startDelay: group.startDelay.value)
  }
}

extension Autoscaler {
  init(_ input: Autoscaling) {
    minimum = input.minimum
    initial = input.initial
    target = max(input.targetInFlight, 1e-9)
    interval = max(input.interval.value, 1e-3)
    startDelay = input.startDelay.value
  }
}

extension StreamFacts {
  init(_ stream: ServiceStream, _ state: StreamState, hasCaches: Bool) {
    level = stream.priorityClass
    queueLimit = Int32(clamping: stream.queueLimit ?? Int(Int32.max))
    deadline = stream.queueDeadline?.value ?? .infinity
    region = state.shareRegions.first ?? 0
    drawsRegion = state.shareRegions.count > 1
    hasPrefixes = !state.prefixes.isEmpty
    keepsPrefixes = hasPrefixes && hasCaches
    keepsSessions = stream.sessions != nil
    reuses = keepsPrefixes || keepsSessions
    blockTokens = stream.prefixTrace?.blockTokens ?? 1
    bytesPerToken = stream.bytesPerToken.value
    if let handling = stream.sessions {
      sessionHold = handling.hold.value
      stateMove = handling.stateBytes.value / handling.stateBandwidth.value
    }
  }
}

extension StreamState {
  init(_ stream: ServiceStream, _ names: NameTables) {
    shareRegions = stream.regionShares.map { Int16(names.regionIndex[$0.region]!) }
    var sum = 0.0
    cumulativeShares = stream.regionShares.map {
      sum += $0.share
      return sum
    }
    traceRegions = []
    prefixes = stream.prefixTrace.map { Self.prefixes(of: $0) } ?? []
    if case .trace(let trace, _, _) = stream.arrivals {
      traceRegions = trace.regionNames.map { Int16(names.regionIndex[$0]!) }
    }
  }

  /// The hash of each row's second prefix block where it has one: the first is often a system prompt that all share.
  private static func prefixes(of trace: WorkloadTrace) -> [UInt64] {
    (0..<trace.count).map { row in
      let blocks = trace.blockOffsets[row]..<trace.blockOffsets[row + 1]
      guard let first = blocks.first else { return 0 }
      return trace.blockHashes[min(first + 1, blocks.upperBound - 1)] &+ 1
    }
  }
}

extension ServiceStream {
  /// The trace, if its rows have prefix blocks.
  var prefixTrace: WorkloadTrace? {
    guard case .trace(let trace, _, _) = arrivals, trace.count > 0,
      trace.blockOffsets.count == trace.count + 1
    else { return nil }
    return trace
  }

  /// Sessions are numbered from 0; one past the last.
  var sessionCount: Int {
    guard case .trace(let trace, _, _) = arrivals else { return 0 }
    return Int(trace.sessions.max() ?? -1) + 1
  }
}

extension PrefixCaches {
  /// Device and host blocks of every replica; no cache at all when no group has one or no trace has blocks.
  init(_ input: FleetSimulation, groupOf: [Int]) {
    guard let blockTokens = Self.blockTokens(input) else {
      self.init(deviceBlocks: [], hostBlocks: [], remoteBlocks: [])
      return
    }
    let groups = groupOf.map { input.groups[$0] }
    self.init(
      deviceBlocks: groups.map {
        Int(($0.prefixCache?.deviceShare ?? 0) * Double($0.profile.kvCapacityTokens)) / blockTokens
      }, hostBlocks: groups.map { ($0.prefixCache?.hostTokens ?? 0) / blockTokens },
      remoteBlocks: input.groups.map { ($0.prefixCache?.remoteTokens ?? 0) / blockTokens })
  }
}

extension PrefixCaches {
  /// Tokens per block, if any group has a cache and any trace has blocks.
  static func blockTokens(_ input: FleetSimulation) -> Int? {
    guard input.groups.contains(where: { $0.prefixCache != nil }) else { return nil }
    return input.streams.compactMap { $0.prefixTrace?.blockTokens }.max()
  }
}

/// Names of sites and regions as indices, in the order of the input.
struct NameTables {
  private(set) var siteIndex: [String: Int] = [:]
  private(set) var regionIndex: [String: Int] = ["": 0]
  private(set) var regions = [""]
  private(set) var sites: [String] = []

  init(_ input: FleetSimulation) {
    for group in input.groups where siteIndex[group.site] == nil {
      siteIndex[group.site] = sites.count
      sites.append(group.site)
    }
    for stream in input.streams {
      for share in stream.regionShares { add(share.region) }
      if case .trace(let trace, _, _) = stream.arrivals { trace.regionNames.forEach { add($0) } }
    }
  }

  private mutating func add(_ region: String) {
    guard regionIndex[region] == nil else { return }
    regionIndex[region] = regions.count
    regions.append(region)
  }

  /// Seconds by region and site; pairs that are not listed are 0.
  func roundTrips(_ input: FleetSimulation) -> [Double] {
    var table = [Double](repeating: 0, count: regions.count * sites.count)
    for trip in input.roundTrips {
      guard let region = regionIndex[trip.region], let site = siteIndex[trip.site] else { continue }
      table[region * sites.count + site] = trip.time.value
    }
    return table
  }

  /// Seconds per byte of the uplinks by region and site; 0 = unlimited.
  func uplinkTimes(_ input: FleetSimulation) -> [Double] {
    var table = [Double](repeating: 0, count: regions.count * sites.count)
    for trip in input.roundTrips {
      guard let region = regionIndex[trip.region], let site = siteIndex[trip.site] else { continue }
      table[region * sites.count + site] = trip.bandwidth.map { 1 / $0.value } ?? 0
    }
    return table
  }
}
