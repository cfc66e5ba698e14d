import FleetData
import Quantities
import Testing

@testable import Workloads

@Suite("Traces edited piece by piece")
struct PiecewiseTests {
  private func trace(_ name: String, seed: UInt64, sessions: Bool = false) -> WorkloadTrace {
    var client = ClientRecipe(
      name: name, ratePerSecond: 3, input: .lognormal(mean: 800, sigma: 1),
      output: .lognormal(mean: 120, sigma: 1))
    client.renewal = .gamma(cv: 2)
    client.service = name
    client.sloClass = "fast"
    if sessions { client.session = SessionRecipe(turns: 3, thinkSeconds: 20) }
    return WorkloadRecipe(durationSeconds: 1800, clients: [client]).trace(seed: seed)
  }

  /// The trace cut at random places, each piece knowing only the names that came so far.
  private func pieces(_ trace: WorkloadTrace, _ seed: UInt64) -> [WorkloadTrace] {
    var stream = RandomStream(seed, "pieces")
    var pieces: [WorkloadTrace] = []
    var start = 0
    while start < trace.count {
      let end = min(trace.count, start + 1 + Int(stream.uniform() * 700))
      pieces.append(trace[Array(start..<end)])
      start = end
    }
    return pieces
  }

  private func joined(_ parts: [WorkloadTrace]) -> WorkloadTrace {
    parts.reduce(into: WorkloadTrace()) { $0.append($1) }.withoutUnusedNames()
  }

  @Test(
    "A slice of pieces is the slice of the whole, and ends as soon as it can",
    arguments: 1...3 as ClosedRange<UInt64>)
  func slices(seed: UInt64) {
    let whole = trace("a", seed: seed, sessions: true)
    var selection = TraceSelection()
    selection.from = SimTime(seconds: 100)
    selection.to = SimTime(seconds: 900)
    selection.limit = 2000
    var slicer = TraceSlicer(selection, of: TraceOutline(whole))
    var parts: [WorkloadTrace] = []
    var read = 0
    for piece in pieces(whole, seed) where !slicer.isFinished {
      parts.append(slicer.take(piece))
      read += piece.count
    }
    #expect(joined(parts) == whole.slice(selection))
    #expect(read < whole.count)
  }

  @Test(
    "Scaling pieces is scaling the whole, with sessions and without", arguments: [0.3, 1, 2.6], [true, false])
  func scaling(factor: Double, sessions: Bool) {
    let whole = trace("a", seed: 4, sessions: sessions)
    var scaler = RateScaler(by: factor, seed: 9, of: TraceOutline(whole))
    var parts = pieces(whole, 5).map { scaler.add($0) }
    parts.append(scaler.finish())
    let scaled = joined(parts)
    #expect(scaled == whole.scaled(by: factor, seed: 9))
    #expect(zip(scaled.arrivals, scaled.arrivals.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test(
    "Thinking longer piece by piece is thinking longer at once, judges and all", arguments: [nil, "judge"])
  func thinking(judge: String?) throws {
    let whole = trace("a", seed: 6)
    var change = TestTimeCompute()
    change.budget = .init(thinking: 4)
    change.byClass["fast"] = .init(thinking: 2, samples: 3)
    change.reasoningShare = 0.5
    change.judge = judge
    var thinker = Thinker(change)
    var parts = try pieces(whole, 7).map { try thinker.add($0) }
    parts.append(thinker.finish())
    #expect(joined(parts) == (try whole.thinking(change)).withoutUnusedNames())
  }

  @Test("Traces merged piece by piece, in whatever turn they are read, are the traces merged whole")
  func merging() throws {
    let traces = [trace("a", seed: 1, sessions: true), trace("b", seed: 2), trace("a", seed: 3)]
    let expected = try WorkloadTrace.merge(traces)
    // As `merge` orders them; the order in which pieces come is drawn.
    let order = traces.sorted { $0.count < $1.count }
    for seed in 1...3 as ClosedRange<UInt64> {
      var stream = RandomStream(seed, "turns")
      var merger = try TraceMerger(order.map { TraceOutline($0) })
      var left = order.map { pieces($0, seed)[...] }
      var heads: [SimTime?] = order.map { _ in SimTime(nanoseconds: .min) }
      var parts: [WorkloadTrace] = []
      while let place = left.indices.filter({ heads[$0] != nil }).randomElement(using: &stream) {
        if let piece = left[place].popFirst() {
          heads[place] = merger.time(of: piece.arrivals[piece.count - 1], in: place)
          merger.add(piece, of: place)
        } else {
          heads[place] = nil
        }
        parts.append(merger.take(before: heads.compactMap(\.self).min()))
      }
      #expect(joined(parts) == expected)
    }
  }

  @Test(
    "A sample of stretches has the gaps, lengths and rate of the trace, and its description lasts as long")
  func sample() throws {
    let whole = trace("a", seed: 8)
    let outline = TraceOutline(whole)
    var sample = TraceSample(of: outline, most: whole.count / 4)
    for piece in pieces(whole, 2) { sample.add(piece) }
    #expect(abs(Double(sample.trace.count) / Double(whole.count) - 0.25) < 0.04)
    let a = try #require(DemandStatistics(whole))
    let b = try #require(DemandStatistics(sample.trace))
    #expect(abs(b.interarrivalCV! / a.interarrivalCV! - 1) < 0.2)
    let recipe = sample.stretched(try #require(WorkloadRecipe.fit(sample.trace)))
    let again = try #require(DemandStatistics(recipe.trace(seed: 1)))
    #expect(abs(again.durationSeconds / a.durationSeconds - 1) < 0.02)
    #expect(abs(again.ratePerSecond / a.ratePerSecond - 1) < 0.03)
    // A short trace is kept whole.
    var all = TraceSample(of: outline)
    for piece in pieces(whole, 3) { all.add(piece) }
    #expect(all.trace == whole)
  }

  @Test("Columns in which no request says anything are left out when asked")
  func emptyColumns() {
    var trace = WorkloadTrace(
      arrivals: [.zero], inputTokens: [1], outputTokens: [1], sessions: [-1], turns: [0])
    trace.cachedTokens = [5]
    var outline = TraceOutline(trace)
    #expect(outline.completed(trace) == trace)
    outline.leaveOutEmptyColumns()
    let kept = outline.completed(trace)
    #expect(kept.sessions.isEmpty)
    #expect(kept.turns.isEmpty)
    #expect(kept.cachedTokens == [5])
  }
}
