import FleetData
import Quantities

extension RowSink {
  /// Empties the batch; its columns keep their room.
  mutating func startBatch() {
    order.closeBatch(batch.blockHashes)
    batch.arrivals.removeAll(keepingCapacity: true)
    batch.inputTokens.removeAll(keepingCapacity: true)
    batch.outputTokens.removeAll(keepingCapacity: true)
    batch.services.removeAll(keepingCapacity: true)
    batch.regions.removeAll(keepingCapacity: true)
    batch.tenants.removeAll(keepingCapacity: true)
    batch.sessions.removeAll(keepingCapacity: true)
    batch.turns.removeAll(keepingCapacity: true)
    batch.cachedTokens.removeAll(keepingCapacity: true)
    batch.reasoningTokens.removeAll(keepingCapacity: true)
    batch.classes.removeAll(keepingCapacity: true)
    batch.deadlines.removeAll(keepingCapacity: true)
    batch.blockHashes.removeAll(keepingCapacity: true)
    batch.blockOffsets.removeAll(keepingCapacity: true)
    batch.blockOffsets.append(0)
  }

  /// Makes the batch a trace value: names, start, no column that the format does not carry.
  mutating func finishBatch() {
    batch.serviceNames = services.names
    batch.regionNames = regions.names
    batch.tenantNames = tenants.names
    batch.classNames = classes.names
    if let origin, origin != 0 { batch.start = Double(origin) / 1e9 }
    if batch.blockHashes.isEmpty { batch.blockOffsets.removeAll(keepingCapacity: true) }
  }

  /// Oddities of the whole file in plain words.
  func notes() -> [String] {
    var notes: [String] = []
    func note(_ count: Int, _ what: String) { if count > 0 { notes.append("\(count) \(what)") } }
    note(blankLines, "blank lines were skipped")
    note(repeatedHeaders, "repeated header lines were skipped")
    note(linesWithoutRequests, "lines hold no request")
    note(order.outOfOrder, "rows arrive before the row above them")
    note(order.repeats, "rows repeat the row above them exactly; they are kept (--reject-repeats drops them)")
    note(
      numbers.repeated,
      "rows repeat a request number"
        + (options.rejectRepeats ? "" : "; they are kept (--reject-repeats drops them)"))
    note(
      numbers.unchecked,
      "request numbers were not checked for repetition, only the first \(RequestNumbers.limit)")
    note(
      sessions.beyond,
      "rows belong to sessions beyond the first \(sessions.limit) and count as rows without a session")
    note(rejected, "rows were rejected")
    return notes
  }
}

extension WorkloadTrace {
  /// Appends a later piece of the same trace.
  mutating func append(_ piece: WorkloadTrace) {
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
    start = piece.start
  }

  /// Leaves out columns in which no row says anything, as formats with fixed columns have them.
  mutating func dropEmptyColumns() {
    if sessions.allSatisfy({ $0 < 0 }) { sessions = [] }
    if turns.allSatisfy({ $0 == 0 }) { turns = [] }
    if cachedTokens.allSatisfy({ $0 == 0 }) { cachedTokens = [] }
    if reasoningTokens.allSatisfy({ $0 == 0 }) { reasoningTokens = [] }
    if deadlines.allSatisfy({ $0 == .zero }) { deadlines = [] }
    if serviceNames == [""] { (services, serviceNames) = ([], []) }
    if regionNames == [""] { (regions, regionNames) = ([], []) }
    if tenantNames == [""] { (tenants, tenantNames) = ([], []) }
    if classNames == [""] { (classes, classNames) = ([], []) }
  }

  /// Puts requests in order of arrival, equal ones as they stood, and moves the zero to the first when the trace
  /// has a date. Returns whether anything moved.
  mutating func sortByArrival() -> Bool {
    let isSorted = zip(arrivals, arrivals.dropFirst()).allSatisfy { $0 <= $1 }
    if !isSorted {
      let order = arrivals.indices.sorted { (arrivals[$0], $0) < (arrivals[$1], $1) }
      self = self[order]
    }
    if let base = start, let first = arrivals.first {
      let shift = SimTime(nanoseconds: wholeSecond(first.nanoseconds))
      if shift != .zero {
        for i in arrivals.indices { arrivals[i] = arrivals[i] - shift }
        start = base + shift.seconds
      }
    }
    return !isSorted
  }
}
