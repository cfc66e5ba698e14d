import FleetData
import Quantities
import Testing

@testable import Workloads

@Suite("Traces cut, joined and scaled")
struct TraceEditingTests {
  private func recipe(_ name: String, rate: Double = 4, cv: Double = 2, seconds: Double = 3600)
    -> WorkloadRecipe
  {
    var client = ClientRecipe(
      name: name, ratePerSecond: rate, input: .lognormal(mean: 800, sigma: 1),
      output: .lognormal(mean: 120, sigma: 1))
    client.renewal = .gamma(cv: cv)
    client.service = name
    return WorkloadRecipe(durationSeconds: seconds, clients: [client])
  }

  private func cv(_ trace: WorkloadTrace) -> Double { DemandStatistics(trace)?.interarrivalCV ?? 0 }

  @Test("Merging does not depend on the order of the traces")
  func mergeOrder() throws {
    let traces = ["a", "b", "c"].enumerated().map { recipe($1, seconds: 200).trace(seed: UInt64($0 + 1)) }
    let one = try WorkloadTrace.merge(traces)
    #expect(one.count == traces.map(\.count).reduce(0, +))
    for order in [[0, 2, 1], [1, 0, 2], [2, 1, 0], [1, 2, 0]] {
      #expect(try WorkloadTrace.merge(order.map { traces[$0] }) == one)
    }
  }

  @Test(
    "Merging traces with ties, missing columns and twins does not depend on their order", arguments: 1...6)
  func mergeTies(seed: Int) throws {
    var stream = RandomStream(UInt64(seed), "ties")
    func number(_ limit: Int) -> Int { Int(stream.uniform() * Double(limit)) }
    var traces = (0..<4).map { _ -> WorkloadTrace in
      let n = 1 + number(12)
      var trace = WorkloadTrace()
      trace.arrivals = (0..<n).map { _ in SimTime(seconds: Double(number(5))) }.sorted()
      trace.inputTokens = (0..<n).map { _ in UInt32(1 + number(3)) }
      trace.outputTokens = (0..<n).map { _ in UInt32(1 + number(3)) }
      if number(2) == 0 {
        trace.serviceNames = ["x", "y"]
        trace.services = (0..<n).map { _ in UInt16(number(2)) }
      }
      if number(2) == 0 { trace.sessions = (0..<n).map { _ in Int32(number(4) - 1) } }
      if number(2) == 0 { trace.cachedTokens = (0..<n).map { _ in UInt32(number(2)) } }
      return trace
    }
    // A twin that differs in its last column only.
    var twin = traces[0]
    twin.deadlines = twin.arrivals.map { _ in SimTime(seconds: 1) }
    traces.append(twin)
    let one = try WorkloadTrace.merge(traces)
    for _ in 0..<6 { #expect(try WorkloadTrace.merge(traces.shuffled(using: &stream)) == one) }
  }

  @Test("Merging keeps dates, sessions apart and blocks apart")
  func mergeKinds() throws {
    var a = WorkloadTrace(arrivals: [.zero], inputTokens: [1], outputTokens: [1], sessions: [0], start: 100)
    a.blockOffsets = [0, 1]
    a.blockHashes = [7]
    var b = a
    b.start = 90
    let both = try WorkloadTrace.merge([a, b])
    #expect(both.start == 90)
    #expect(both.arrivals.map(\.seconds) == [0, 10])
    #expect(both.sessions == [0, 1])
    #expect(Set(both.blockHashes).count == 2)
    #expect(try WorkloadTrace.merge([a, b], sharingBlocks: true).blockHashes == [7, 7])
    b.start = nil
    #expect(throws: MergeError.mixedClocks) { try WorkloadTrace.merge([a, b]) }
  }

  @Test("Slices of a trace merge to the trace")
  func slices() throws {
    let trace = recipe("a", seconds: 600).trace(seed: 3)
    var early = TraceSelection()
    early.to = SimTime(seconds: 250)
    var late = TraceSelection()
    late.from = SimTime(seconds: 250)
    let parts = [trace.slice(early), trace.slice(late)]
    #expect(parts.map(\.count).reduce(0, +) == trace.count)
    let merged = try WorkloadTrace.merge(parts)
    #expect(merged.arrivals.map { $0 - merged.arrivals[0] } == trace.arrivals.map { $0 - trace.arrivals[0] })
    #expect(merged.inputTokens == trace.inputTokens && merged.outputTokens == trace.outputTokens)
    #expect(merged.sessions == trace.sessions && merged.services == trace.services)
  }

  @Test("A slice by name keeps that name only")
  func sliceByName() throws {
    let both = try WorkloadTrace.merge([
      recipe("a", seconds: 100).trace(seed: 1), recipe("b", seconds: 100).trace(seed: 2),
    ])
    var selection = TraceSelection()
    selection.services = ["b"]
    let part = both.slice(selection)
    #expect(part.serviceNames == ["b"])
    #expect(part.count == recipe("b", seconds: 100).trace(seed: 2).count)
  }

  @Test(
    "Scaling changes the rate and keeps duration, burstiness and lengths", arguments: [0.25, 0.5, 1.7, 3])
  func scaling(factor: Double) {
    let trace = recipe("a", rate: 6, seconds: 7200).trace(seed: 11)
    let scaled = trace.scaled(by: factor, seed: 5)
    // About 43,000 bursty arrivals: the count has a relative spread of about 2 % at a quarter of them.
    #expect(abs(Double(scaled.count) / Double(trace.count) / factor - 1) < 0.08)
    #expect(abs(cv(scaled) / cv(trace) - 1) < 0.1)
    #expect(scaled.duration.value > 0.97 * trace.duration.value)
    #expect(zip(scaled.arrivals, scaled.arrivals.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(trace.scaled(by: factor, seed: 5) == scaled)
  }

  @Test("Scaling by k and then by 1/k keeps totals in distribution", arguments: [2.0, 3.5])
  func thereAndBack(factor: Double) {
    let trace = recipe("a", rate: 6, seconds: 7200).trace(seed: 12)
    let back = trace.scaled(by: factor, seed: 1).scaled(by: 1 / factor, seed: 2)
    func total(_ trace: WorkloadTrace) -> Double { trace.inputTokens.reduce(0) { $0 + Double($1) } }
    #expect(abs(Double(back.count) / Double(trace.count) - 1) < 0.08)
    #expect(abs(total(back) / total(trace) - 1) < 0.1)
  }

  @Test("Sessions are scaled whole")
  func sessionScaling() {
    var chat = recipe("a", rate: 4)
    chat.clients[0].session = SessionRecipe(turns: 4, thinkSeconds: 5)
    let trace = chat.trace(seed: 6)
    let half = trace.scaled(by: 0.5, seed: 1)
    func turns(_ trace: WorkloadTrace) -> Double { DemandStatistics(trace)?.sessions?.meanTurns ?? 0 }
    #expect(abs(Double(half.count) / Double(trace.count) - 0.5) < 0.08)
    #expect(abs(turns(half) / turns(trace) - 1) < 0.1)
    #expect(abs(Double(trace.scaled(by: 2.5, seed: 1).count) / Double(trace.count) - 2.5) < 0.2)
  }

  @Test("Thinking k times longer multiplies reasoning tokens only; samples repeat the prompt from the cache")
  func thinking() throws {
    var trace = WorkloadTrace(
      arrivals: [.zero, SimTime(seconds: 1)], inputTokens: [100, 200], outputTokens: [50, 60],
      reasoningTokens: [30, 0])
    trace.classes = [0, 1]
    trace.classNames = ["hard", "easy"]
    var change = TestTimeCompute()
    change.budget.thinking = 4
    #expect(try trace.thinking(change).outputTokens == [140, 60])
    change.budget = .init()
    change.byClass["hard"] = .init(thinking: 4, samples: 2)
    let sampled = try trace.thinking(change)
    #expect(sampled.inputTokens == [100, 100, 200])
    #expect(sampled.outputTokens == [140, 140, 60])
    #expect(sampled.cachedTokens == [0, 100, 0])
    trace.reasoningTokens = []
    #expect(throws: ThinkingError.unknownReasoning) { try trace.thinking(change) }
    change.reasoningShare = 0.5
    #expect(try trace.thinking(change).outputTokens == [125, 125, 60])
  }

  @Test("Each class thinks by its own budget; a judge reads every sample when it is written")
  func bestOfN() throws {
    var trace = WorkloadTrace(
      arrivals: [.zero, SimTime(seconds: 1)], inputTokens: [100, 200], outputTokens: [50, 60],
      reasoningTokens: [30, 20])
    trace.classes = [0, 1]
    trace.classNames = ["hard", "easy"]
    var change = TestTimeCompute()
    change.budget.thinking = 2
    change.byClass["hard"] = .init(thinking: 3, samples: 2)
    change.judge = "judge"
    change.secondsPerOutputToken = 0.01
    let all = try trace.thinking(change)
    // 20 + 3·30 = 110 twice, 40 + 2·20 = 80 once, and two judgements 1.1 s after the samples began.
    #expect(all.outputTokens == [110, 110, 80, 1, 1])
    #expect(all.inputTokens == [100, 100, 200, 120, 120])
    #expect(all.arrivals.map { $0.nanoseconds / 1_000_000 } == [0, 0, 1000, 1100, 1100])
    #expect(all.services.map { all.serviceNames[Int($0)] } == ["model", "model", "model", "judge", "judge"])
    change.byClass["none"] = .init()
    #expect(throws: ThinkingError.unknownClass("none", known: ["hard", "easy"])) {
      try trace.thinking(change)
    }
  }
}
