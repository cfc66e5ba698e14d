import FleetData
import Foundation

/// What requests ask of a replica, per request or per second: every term of `OfferedWork` but the costs.
struct RequestWork {
  /// n: decode steps of sequences, before speculation.
  var tokens = 0.0
  /// p and a: prompt tokens and their attention pairs.
  var prompt = 0.0
  var pairs = 0.0
  /// c: cached tokens read, summed over steps.
  var cached = 0.0

  mutating func add(_ other: RequestWork, times factor: Double) {
    tokens += factor * other.tokens
    prompt += factor * other.prompt
    pairs += factor * other.pairs
    cached += factor * other.cached
  }

  /// Prompts that a cache knew in part cost less; how much less is not known per pair, so that none count.
  mutating func spare(reused: Int) {
    guard reused > 0 else { return }
    prompt = 0
    pairs = 0
  }

  mutating func keepPrefill() { (tokens, cached) = (0, 0) }
  mutating func keepDecode() { (prompt, pairs) = (0, 0) }

  /// The one of several sums that is greatest for this.
  func greatest(_ costs: [LeastCost]) -> LeastCost {
    costs.max { $0.seconds(self) < $1.seconds(self) }!
  }

  /// The mean request of a stream and how many come per second; nil for an empty stream or one without a span.
  ///
  /// Of a trace what comes before `end`, of drawn requests what their distributions say.
  static func mean(of stream: ServiceStream, until end: Double) -> (request: RequestWork, rate: Double)? {
    switch stream.arrivals {
    case .trace(let trace, let rateScale, _): mean(of: trace, end, rateScale, stream.thinkingMultiplier)
    case .synthetic(let arrivals): mean(of: arrivals, stream.thinkingMultiplier)
    }
  }

  private static func mean(
    of trace: WorkloadTrace, _ end: Double, _ rateScale: Double, _ thinking: Double
  ) -> (RequestWork, Double)? {
    let rows = trace.arrivals.prefix { $0.seconds <= end * rateScale }.count
    guard rows > 1, trace.arrivals[rows - 1].seconds > 0 else { return nil }
    var work = RequestWork()
    for i in 0..<rows {
      let input = Double(trace.inputTokens[i])
      let output = max(1, (Double(trace.outputTokens[i]) * thinking).rounded())
      work.tokens += output - 1
      work.prompt += input
      work.pairs += input * (input + 1) / 2
      work.cached += (output - 1) * (input + (output - 1) / 2)
    }
    var request = RequestWork()
    request.add(work, times: 1 / Double(rows))
    return (request, Double(rows - 1) * rateScale / trace.arrivals[rows - 1].seconds)
  }

  private static func mean(
    of arrivals: SyntheticArrivals, _ thinking: Double
  ) -> (RequestWork, Double)? {
    guard arrivals.count > 0 else { return nil }
    let input = LengthSampler(arrivals.input).moments
    var output = LengthSampler(arrivals.output).moments
    if thinking != 1 {
      // Rounding takes half a token at most.
      output.mean = max(1, thinking * output.mean - 0.5)
      output.square = output.mean * output.mean
    }
    let tokens = output.mean - 1
    let square = output.square - 2 * output.mean + 1
    return (
      RequestWork(
        tokens: tokens, prompt: input.mean, pairs: (input.square + input.mean) / 2,
        cached: tokens * input.mean + square / 2), arrivals.requestsPerSecond
    )
  }
}

/// Seconds of one replica per unit of each part of a request: one of the sums whose maximum bounds its time from below.
struct LeastCost {
  var token, prompt, pair, cached: Double

  func seconds(_ work: RequestWork) -> Double {
    token * work.tokens + prompt * work.prompt + pair * work.pairs + cached * work.cached
  }

  func scaled(by factor: Double) -> LeastCost {
    LeastCost(
      token: token * factor, prompt: prompt * factor, pair: pair * factor, cached: cached * factor)
  }

  /// The smaller of both, part by part.
  func least(_ other: LeastCost) -> LeastCost {
    LeastCost(
      token: min(token, other.token), prompt: min(prompt, other.prompt), pair: min(pair, other.pair),
      cached: min(cached, other.cached))
  }
}

extension StepModel {
  /// The sums of `OfferedWork`: compute or weights may bound a step, and seats, cache or chunk how many there are.
  var leastCosts: [LeastCost] {
    let perToken = 1 / tokensPerStep
    let steps: [(token: Double, prompt: Double, cached: Double)] = [
      (perToken / Double(maxBatch), 0, 0), (0, 0, perToken / max(capacity, 1)),
      (perToken / Double(chunk), 1 / Double(chunk), 0),
    ]
    let fullest = Double(chunk) + Double(maxBatch) * candidates
    let expert = e > 0 ? e * (1 - pow(s, fullest)) / fullest : 0
    return steps.flatMap { step in
      [
        LeastCost(
          token: (d + v + y) * perToken + step.token * o, prompt: q + z + step.prompt * o, pair: u,
          cached: r * perToken + step.cached * o),
        LeastCost(
          token: (expert * candidates + v + y) * perToken + step.token * (o + w),
          prompt: expert + z + step.prompt * (o + w), pair: u, cached: r * perToken + step.cached * (o + w)),
      ]
    }
  }
}

extension LengthSampler {
  /// Mean and mean square of what is drawn.
  var moments: (mean: Double, square: Double) {
    switch kind {
    case .fixed:
      let tokens = Double(Int32(clamping: Int(mean)))
      return (tokens, tokens * tokens)
    case .exponential: return Self.geometric(mean)
    case .hyperexponential:
      let (fast, slow) = (Self.geometric(mean), Self.geometric(slowMean))
      let rest = 1 - fastShare
      return (fastShare * fast.mean + rest * slow.mean, fastShare * fast.square + rest * slow.square)
    case .table:
      let count = Double(quantiles.count)
      let sums = quantiles.reduce(into: (0.0, 0.0)) {
        $0.0 += Double($1)
        $0.1 += Double($1) * Double($1)
      }
      return (sums.0 / count, sums.1 / count)
    }
  }

  /// An exponential length rounded up is geometric with P(more) = e^(−1/m): 1/p and (2 − p)/p².
  private static func geometric(_ mean: Double) -> (mean: Double, square: Double) {
    let p = -expm1(-1 / mean)
    return (1 / p, (2 - p) / (p * p))
  }
}
