extension WorkloadTrace {
  /// The requests at `indices`, in that order, with their names and blocks. The zero of time does not move.
  ///
  /// - Complexity: O(requests and blocks taken).
  public subscript(indices: [Int]) -> WorkloadTrace {
    func taken<T>(_ column: [T]) -> [T] { column.isEmpty ? [] : indices.map { column[$0] } }
    var part = WorkloadTrace(
      arrivals: taken(arrivals), inputTokens: taken(inputTokens), outputTokens: taken(outputTokens),
      services: taken(services), serviceNames: serviceNames, regions: taken(regions),
      regionNames: regionNames,
      tenants: taken(tenants), tenantNames: tenantNames, sessions: taken(sessions),
      reasoningTokens: taken(reasoningTokens), blockTokens: blockTokens, start: start, turns: taken(turns),
      cachedTokens: taken(cachedTokens), classes: taken(classes), classNames: classNames,
      deadlines: taken(deadlines))
    guard !blockOffsets.isEmpty else { return part }
    part.blockOffsets = [0]
    for i in indices {
      part.blockHashes += blockHashes[blockOffsets[i]..<blockOffsets[i + 1]]
      part.blockOffsets.append(part.blockHashes.count)
    }
    return part
  }

  /// Appends a later piece of the same trace, with the same columns and clock. Its names replace those so far: they are
  /// the same and some more.
  public mutating func append(_ piece: WorkloadTrace) {
    guard piece.count > 0 else { return }
    arrivals += piece.arrivals
    inputTokens += piece.inputTokens
    outputTokens += piece.outputTokens
    services += piece.services
    regions += piece.regions
    tenants += piece.tenants
    sessions += piece.sessions
    turns += piece.turns
    cachedTokens += piece.cachedTokens
    reasoningTokens += piece.reasoningTokens
    classes += piece.classes
    deadlines += piece.deadlines
    let base = blockHashes.count
    if !piece.blockOffsets.isEmpty, blockOffsets.isEmpty {
      blockOffsets = [Int](repeating: 0, count: arrivals.count - piece.count + 1)
    }
    blockOffsets += piece.blockOffsets.dropFirst().map { $0 + base }
    if piece.blockOffsets.isEmpty, !blockOffsets.isEmpty {
      blockOffsets += [Int](repeating: base, count: piece.count)
    }
    blockHashes += piece.blockHashes
    serviceNames = piece.serviceNames
    regionNames = piece.regionNames
    tenantNames = piece.tenantNames
    classNames = piece.classNames
    blockTokens = piece.blockTokens
    start = piece.start
  }
}
