import FleetData
import Quantities
import Testing

@testable import Workloads

@Suite("Made demand")
struct WorkloadRecipeTests {
  private func client(_ name: String = "a", rate: Double = 2) -> ClientRecipe {
    ClientRecipe(
      name: name, ratePerSecond: rate, input: .lognormal(mean: 1000, sigma: 1),
      output: .lognormal(mean: 250, sigma: 0.8))
  }

  @Test("The same seed makes the same requests, another seed makes others")
  func seeds() {
    let recipe = WorkloadRecipe(durationSeconds: 600, clients: [client()])
    #expect(recipe.trace(seed: 1) == recipe.trace(seed: 1))
    #expect(recipe.trace(seed: 1) != recipe.trace(seed: 2))
  }

  @Test("Rate and mean lengths come out as described, in order of arrival")
  func means() {
    let trace = WorkloadRecipe(durationSeconds: 3600, clients: [client()]).trace(seed: 3)
    // 7,200 Poisson arrivals have a standard deviation of 85: five of them are 6 %.
    #expect(abs(Double(trace.count) / 7200 - 1) < 0.06)
    let mean = trace.inputTokens.reduce(0.0) { $0 + Double($1) } / Double(trace.count)
    #expect(abs(mean / 1000 - 1) < 0.02)
    #expect(zip(trace.arrivals, trace.arrivals.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test("A client's requests do not depend on the other clients")
  func independence() {
    let one = WorkloadRecipe(durationSeconds: 300, clients: [client("a")]).trace(seed: 5)
    let two = WorkloadRecipe(durationSeconds: 300, clients: [client("a"), client("b")]).trace(seed: 5)
    let ofA = two.arrivals.indices.filter { two.tenants[$0] == 0 }
    #expect(ofA.map { two.arrivals[$0] } == one.arrivals)
    #expect(ofA.map { two.inputTokens[$0] } == one.inputTokens)
  }

  @Test("Context grows from turn to turn of a session, and what was said before counts as cached")
  func sessions() {
    var chat = client(rate: 1)
    chat.session = SessionRecipe(turns: 4, thinkSeconds: 20)
    let trace = WorkloadRecipe(durationSeconds: 1800, clients: [chat]).trace(seed: 9)
    var context: [Int32: UInt32] = [:]
    for i in trace.arrivals.indices {
      let session = trace.sessions[i]
      #expect(trace.cachedTokens[i] == context[session] ?? 0)
      #expect(trace.inputTokens[i] > trace.cachedTokens[i])
      context[session] = trace.inputTokens[i] + trace.outputTokens[i]
    }
  }

  @Test("An agent's tools take their time between calls, in every branch, and their environment its price")
  func agents() throws {
    var agent = client(rate: 1)
    agent.agent = AgentRecipe(steps: 4, toolSeconds: 3, toolTokens: .constant(tokens: 100))
    agent.agent?.branches = 2
    agent.agent?.environmentDollarsPerSecond = 0.01
    let made = WorkloadRecipe(durationSeconds: 36_000, clients: [agent]).made(seed: 2)
    #expect(made.environmentDollars == made.toolSeconds * 0.01)
    // Of four calls of a branch three wait for a tool of 3 s: 36,000 calls, less what is cut off at the end.
    #expect(abs(made.toolSeconds / (36_000.0 * 3 / 4 * 3) - 1) < 0.06)
    let sessions = try #require(DemandStatistics(made.trace)?.sessions)
    #expect(abs(sessions.meanTurns - 8) < 0.5)
  }

  @Test("Thinking multiplies the output and is counted apart")
  func thinking() {
    var thinker = client()
    thinker.thinking = ThinkingRecipe(tokensPerAnswerToken: 3)
    let plain = WorkloadRecipe(durationSeconds: 300, clients: [client()]).trace(seed: 5)
    let trace = WorkloadRecipe(durationSeconds: 300, clients: [thinker]).trace(seed: 5)
    #expect(zip(trace.outputTokens, plain.outputTokens).allSatisfy { $0 == 4 * $1 })
    #expect(zip(trace.reasoningTokens, plain.outputTokens).allSatisfy { $0 == 3 * $1 })
  }

  @Test(
    "The quantiles of the normal distribution invert it",
    arguments: [1e-9, 0.001, 0.02, 0.3, 0.5, 0.9, 0.999])
  func normal(p: Double) {
    #expect(abs(NormalDistribution.cumulative(NormalDistribution.quantile(p)) / p - 1) < 1e-9)
  }

  @Test("Gaps of every renewal law have mean 1 and the coefficient of variation asked for")
  func renewals() {
    for (law, cv) in [
      (Renewal.poisson, 1.0), (.gamma(cv: 2), 2.0), (.weibull(cv: 1.5), 1.5), (.gamma(cv: 0.5), 0.5),
    ] {
      var gaps = GapSampler(law, expected: 40_000, stream: RandomStream(1, "gaps"))
      let sample = (0..<40_000).map { _ in gaps.next() }
      let mean = sample.reduce(0, +) / 40_000
      let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
      // Five standard errors of a mean with CV 2 over 40,000 draws are 5 %.
      #expect(abs(mean - 1) < 0.05)
      #expect(abs(variance.squareRoot() / mean / cv - 1) < 0.08)
    }
  }
}
