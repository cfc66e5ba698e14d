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
    /// `what` with the noun and verb of one and of many, as in `row(s) is|are`.
    func note(_ count: Int, _ what: String) {
      guard count > 0 else { return }
      let words = what.split(separator: " ").map { word -> Substring in
        if word.hasSuffix("(s)") { return word.dropLast(3) + (count == 1 ? "" : "s") }
        let forms = word.split(separator: "|")
        return forms.count == 2 ? forms[count == 1 ? 0 : 1] : word
      }
      notes.append("\(count) \(words.joined(separator: " "))")
    }
    note(blankLines, "blank line(s) was|were skipped")
    note(repeatedHeaders, "repeated header line(s) was|were skipped")
    note(linesWithoutRequests, "line(s) holds|hold no request")
    note(order.outOfOrder, "row(s) arrives|arrive before the row above")
    note(
      order.repeats,
      "row(s) repeats|repeat the row above exactly and is|are kept; --reject-repeats drops it|them")
    note(
      numbers.repeated,
      "row(s) repeats|repeat a request number"
        + (options.rejectRepeats ? "" : " and is|are kept; --reject-repeats drops it|them"))
    note(
      numbers.unchecked,
      "request number(s) was|were not checked for repetition, only the first \(RequestNumbers.limit)")
    note(
      sessions.beyond,
      "row(s) belongs|belong to sessions beyond the first \(sessions.limit) and counts|count as without a session"
    )
    note(rejected, "row(s) was|were rejected")
    return notes
  }
}

extension WorkloadTrace {
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
