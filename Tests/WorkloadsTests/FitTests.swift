import FleetData
import Foundation
import Ingest
import Quantities
import Testing

@testable import Workloads

@Suite("Descriptions learnt from traces")
struct FitTests {
  /// A bursty client with a daily swing, and a steady one.
  private var recipe: WorkloadRecipe {
    var bursty = ClientRecipe(
      name: "bursty", ratePerSecond: 1.2, input: .lognormal(mean: 1500, sigma: 1.1),
      output: .lognormal(mean: 200, sigma: 0.9))
    bursty.renewal = .gamma(cv: 2.5)
    bursty.shape = .diurnal(amplitude: 0.6, peakHour: 1)
    bursty.correlation = 0.4
    bursty.service = "chat"
    var steady = ClientRecipe(
      name: "steady", ratePerSecond: 0.5, input: .pareto(minimum: 300, alpha: 1.5, maximum: 30_000),
      output: .constant(tokens: 30))
    steady.service = "code"
    return WorkloadRecipe(durationSeconds: 4 * 3600, clients: [bursty, steady])
  }

  @Test(
    "A fitted and regenerated trace has the rate, burstiness and lengths of the original within 5 %",
    arguments: [1, 2] as [UInt64])
  func regenerated(seed: UInt64) throws {
    let original = recipe.trace(seed: 21)
    let again = try #require(WorkloadRecipe.fit(original)).trace(seed: seed)
    let a = try #require(DemandStatistics(original))
    let b = try #require(DemandStatistics(again))
    #expect(abs(b.ratePerSecond / a.ratePerSecond - 1) < 0.05)
    #expect(abs(b.interarrivalCV! / a.interarrivalCV! - 1) < 0.05)
    for (x, y) in [(a.inputTokens, b.inputTokens), (a.outputTokens, b.outputTokens)] {
      for (p, q) in [(x.mean, y.mean), (x.p10, y.p10), (x.p50, y.p50), (x.p90, y.p90), (x.p99, y.p99)] {
        #expect(abs(q / p - 1) < 0.05)
      }
    }
    #expect(abs(b.rankCorrelation! - a.rankCorrelation!) < 0.05)
    #expect(Set(again.serviceNames) == ["chat", "code"])
  }

  /// Traces of this project and, where they lie beside the checkout, published ones.
  private static let traces: [String] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["FLEETPLAN_TRACES"]
      ?? root.appending(path: "../shared/traces").standardized.path
    let own = ["code-azure.csv", "chat-burstgpt.csv"].map {
      root.appending(path: "fixtures/traces/\($0)").path
    }
    let published = ["azure-code-2023.csv", "mooncake-conversation.jsonl"].map { shared + "/" + $0 }
    return (own + published).filter { FileManager.default.fileExists(atPath: $0) }
  }()

  @Test("Rate, burstiness and lengths of real and realistic traces come back within 5 %", arguments: traces)
  func published(path: String) throws {
    let original = try TraceReader.read(path: path).trace
    let recipe = try #require(WorkloadRecipe.fit(original))
    let quality = try #require(FitQuality(original: original, made: recipe.trace(seed: 5)))
    for figure in quality.figures {
      switch figure.name {
      case "rank correlation": #expect(abs(figure.made - figure.original) < 0.05)
      case "ideal prefix hit rate": #expect(abs(figure.made - figure.original) < 0.03)
      case let name where name.hasPrefix("hit rate"):
        #expect(abs(figure.made - figure.original) < 0.05, "\(figure)")
      // An hour has 57 windows of a minute: a variance from so few is known to √(2/57) = 19 %; two such are compared.
      case "dispersion over 60 s": #expect(abs(figure.error) < 0.3, "\(figure)")
      case let name where name.hasPrefix("dispersion"): #expect(abs(figure.error) < 0.15, "\(figure)")
      default: #expect(abs(figure.error) < 0.05, "\(figure)")
      }
    }
  }

  @Test("Batches, and spells of work and silence, come back with the order of the gaps")
  func order() throws {
    var stream = RandomStream(8, "batches")
    var original = WorkloadTrace()
    var time = 0.0
    // Ten requests together every three seconds: counts in ten seconds hardly vary, which independent gaps cannot do.
    for _ in 0..<300 {
      for _ in 0..<8 + Int(stream.uniform() * 5) { original.arrivals.append(SimTime(seconds: time)) }
      time += 3
    }
    original.inputTokens = original.arrivals.map { _ in 100 }
    original.outputTokens = original.arrivals.map { _ in 10 }
    let recipe = try #require(WorkloadRecipe.fit(original))
    guard case .ordered = recipe.clients[0].renewal else {
      Issue.record("gaps in order are needed")
      return
    }
    let quality = try #require(FitQuality(original: original, made: recipe.trace(seed: 2)))
    for figure in quality.figures where figure.name.hasPrefix("dispersion over 10") {
      #expect(figure.original < 2.5)
      #expect(abs(figure.error) < 0.2)
    }
    // Independent gaps need no order.
    var plain = WorkloadRecipe(durationSeconds: 3600, clients: [recipe.clients[0]])
    plain.clients[0].renewal = .poisson
    plain.clients[0].shape = RateShape()
    let learnt = try #require(WorkloadRecipe.fit(plain.trace(seed: 3)))
    guard case .empirical = learnt.clients[0].renewal else {
      Issue.record("independent gaps need no order")
      return
    }
  }

  @Test("Conversations are learnt: their number, turns and pace come back, and what was cached")
  func conversations() throws {
    var chat = recipe.clients[0]
    chat.session = SessionRecipe(turns: 4, thinkSeconds: 60)
    let original = WorkloadRecipe(durationSeconds: 3 * 3600, clients: [chat]).trace(seed: 3)
    let recipe = try #require(WorkloadRecipe.fit(original))
    let made = recipe.trace(seed: 9)
    let a = try #require(DemandStatistics(original))
    let b = try #require(DemandStatistics(made))
    let (x, y) = (try #require(a.sessions), try #require(b.sessions))
    #expect(abs(y.meanTurns / x.meanTurns - 1) < 0.1)
    #expect(abs(b.ratePerSecond / a.ratePerSecond - 1) < 0.05)
    #expect(abs(b.inputTokens.p90 / a.inputTokens.p90 - 1) < 0.05)
    #expect(abs(try #require(b.cachedTokens).mean / #require(a.cachedTokens).mean - 1) < 0.15)
    // Turns count up within their session, in order of arrival.
    var turns: [Int32: UInt32] = [:]
    for i in made.arrivals.indices {
      #expect(made.turns[i] == turns[made.sessions[i], default: 0])
      turns[made.sessions[i]] = made.turns[i] + 1
    }
  }

  @Test("Shared prefixes are learnt, and a description written and read makes the same requests")
  func prefixes() throws {
    var original = WorkloadTrace(blockOffsets: [0])
    var stream = RandomStream(4, "prefixes")
    var next: UInt64 = 100
    for i in 0..<4_000 {
      // One of ten system prompts of three blocks, then one to six blocks of one's own.
      let family = UInt64(stream.uniform() * 10)
      original.arrivals.append(SimTime(seconds: Double(i)))
      let own = 1 + Int(stream.uniform() * 6)
      original.blockHashes += (0..<3).map { family * 3 + $0 }
      for _ in 0..<own {
        original.blockHashes.append(next)
        next += 1
      }
      original.blockOffsets.append(original.blockHashes.count)
      original.inputTokens.append(UInt32(512 * (3 + own)))
      original.outputTokens.append(10)
    }
    let recipe = try #require(WorkloadRecipe.fit(original))
    let made = recipe.trace(seed: 1)
    let a = try #require(DemandStatistics(original)?.prefixes)
    let b = try #require(DemandStatistics(made)?.prefixes)
    // Three blocks of 6.5 on average are shared: 46 %.
    #expect(abs(a.idealHitRate - 3 / 6.5) < 0.01)
    #expect(abs(b.idealHitRate - a.idealHitRate) < 0.02)
    for point in a.curve {
      let again = try #require(b.curve.last { $0.cacheBlocks <= point.cacheBlocks })
      #expect(abs(again.hitRate - point.hitRate) < 0.05, "\(point)")
    }
    let data = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(WorkloadRecipe.self, from: data).trace(seed: 1) == made)
  }

  @Test("A prompt holds its beginning until a later one shares it, and is found by its rank or by its rest")
  func forest() {
    var forest = PrefixForest()
    #expect(forest.prompt(ofRank: 0, blocks: 1, rest: 0) == nil)
    // abc; ax takes over a; abd takes over ab from the first, a from the second.
    forest.add(length: 3, users: [])
    forest.add(length: 2, users: [0])
    forest.add(length: 3, users: [1, 0])
    // Of one block only the third prompt; of two, ax and abd; of three, abc and abd.
    #expect(forest.rank(of: 2, blocks: 1) == 0)
    #expect(forest.rank(of: 1, blocks: 2) == 1)
    #expect(forest.rank(of: 0, blocks: 3) == 1)
    #expect(forest.prompt(ofRank: 0, blocks: 2, rest: 1) == 2)
    #expect(forest.prompt(ofRank: 1, blocks: 2, rest: 0) == 1)
    #expect(forest.prompt(ofRank: 5, blocks: 3, rest: 0) == 0)
    // No prompt has four blocks: the longest is the best there is.
    #expect(forest.prompt(ofRank: 0, blocks: 4, rest: 0) == 0)
  }

  @Test("Rank correlation is 1, -1 and 0 where it should be")
  func correlation() {
    #expect(rankCorrelation([1, 2, 3], [10, 20, 90]) == 1)
    #expect(rankCorrelation([1, 2, 3], [9, 8, 1]) == -1)
    #expect(rankCorrelation([1, 2, 3], [5, 5, 5]) == 0)
  }
}
