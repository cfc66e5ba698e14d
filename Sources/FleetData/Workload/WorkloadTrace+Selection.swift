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
}
