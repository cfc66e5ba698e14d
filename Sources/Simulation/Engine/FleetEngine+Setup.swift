import FleetData
import Quantities

/// From the input values to the engine's tables.
extension FleetEngine {
  init(_ input: FleetSimulation) {
    let names = NameTables(input)
    let groups = input.groups
    groupCount = groups.count
    let stepModels = groups.map { StepModel($0, limits: input.limits, site: names.siteIndex[$0.site]!) }
    models = Slab(count: groups.count, repeating: stepModels[0])
    for (i, model) in stepModels.enumerated() { models[i] = model }
    cursors = input.streams.map { ArrivalCursor($0, seed: input.seed) }
    streams = input.streams.map { StreamState($0, names) }
    facts = Slab(count: input.streams.count, repeating: StreamFacts())
    for (i, stream) in input.streams.enumerated() { facts[i] = StreamFacts(stream, streams[i]) }
    let trips = names.roundTrips(input)
    roundTrips = Slab(count: trips.count, repeating: 0)
    for (i, trip) in trips.enumerated() { roundTrips[i] = trip }
    regionDraws = input.streams.map { RandomStream(input.seed, "regions/\($0.service)") }
    router = Router(input, stepModels, names)

    let groupOf = groups.indices.flatMap { [Int](repeating: $0, count: groups[$0].replicas) }
    replicas = Slab(count: groupOf.count, repeating: ReplicaState())
    for (r, group) in groupOf.enumerated() { replicas[r].group = Int32(group) }
    heapStride = Int(stepModels.map(\.maxBatch).max()!)
    heaps = Slab(count: groupOf.count * heapStride, repeating: 0)
    queues = WaitingQueues(
      replicas: groupOf.count, classes: 1 + (input.streams.map(\.priorityClass).max() ?? 0))
    caches = PrefixCaches(input, groupOf: groupOf)
    loads = LoadIndex(groupOfReplica: groupOf, groups: groups.count)
    events = EventTree(count: groupOf.count)

    tally = Slab(count: input.streams.count, repeating: StreamTally())
    let spans = cursors.map(\.span)
    let span = min(spans.max() ?? 1, input.horizon?.value ?? .infinity)
    recorders = LatencyRecorders(span: span, objectives: input.streams.map(\.slo))
    groupTally = Slab(count: groups.count, repeating: GroupTally())
    observer = nil
    horizon = input.horizon?.value ?? .infinity
    outages = names.outageSources(input)
    retriesLostWork = input.disruptions.retries
    scalers = groups.map { group in input.autoscaling.first { $0.group == group.id }.map { Autoscaler($0) } }
    decodeGroups = input.streams.map { stream in
      groups.indices.filter { groups[$0].role == .decode && groups[$0].services.contains(stream.service) }
    }
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
  init(_ stream: ServiceStream, _ state: StreamState) {
    level = stream.priorityClass
    queueLimit = Int32(clamping: stream.queueLimit ?? Int(Int32.max))
    deadline = stream.queueDeadline?.value ?? .infinity
    region = state.shareRegions.first ?? 0
    drawsRegion = state.shareRegions.count > 1
    hasPrefixes = !state.prefixes.isEmpty
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
    prefixes = []
    blockOffsets = []
    blockHashes = []
    blockTokens = 1
    if case .trace(let trace, _, _) = stream.arrivals {
      traceRegions = trace.regionNames.map { Int16(names.regionIndex[$0]!) }
      prefixes = Self.prefixes(of: trace)
      blockTokens = trace.blockTokens
      if !prefixes.isEmpty {
        blockOffsets = trace.blockOffsets
        blockHashes = trace.blockHashes
      }
    }
  }

  /// The hash of each row's second prefix block where it has one: the first is often a system prompt that all share.
  private static func prefixes(of trace: WorkloadTrace) -> [UInt64] {
    guard trace.blockOffsets.count == trace.count + 1 else { return [] }
    return (0..<trace.count).map { row in
      let blocks = trace.blockOffsets[row]..<trace.blockOffsets[row + 1]
      guard let first = blocks.first else { return 0 }
      return trace.blockHashes[min(first + 1, blocks.upperBound - 1)] &+ 1
    }
  }
}

extension PrefixCaches {
  /// Device and host blocks of every replica; no cache at all when no group has one or no trace has blocks.
  init(_ input: FleetSimulation, groupOf: [Int]) {
    let blockTokens = input.streams.compactMap { stream -> Int? in
      guard case .trace(let trace, _, _) = stream.arrivals, !trace.blockHashes.isEmpty else { return nil }
      return trace.blockTokens
    }.max()
    guard let blockTokens, input.groups.contains(where: { $0.prefixCache != nil }) else {
      self.init(deviceBlocks: [], hostBlocks: [])
      return
    }
    let groups = groupOf.map { input.groups[$0] }
    self.init(
      deviceBlocks: groups.map {
        Int(($0.prefixCache?.deviceShare ?? 0) * Double($0.profile.kvCapacityTokens)) / blockTokens
      }, hostBlocks: groups.map { ($0.prefixCache?.hostTokens ?? 0) / blockTokens })
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
}
