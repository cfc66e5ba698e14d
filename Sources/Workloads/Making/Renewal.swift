import Foundation
import Quantities

/// The times between arrivals of one client, scaled so that their mean is 1: how bursty the client is.
public enum Renewal: Hashable, Sendable, Codable {
  /// Independent arrivals: coefficient of variation 1.
  case poisson
  case gamma(cv: Double)
  case weibull(cv: Double)
  /// Equally spaced quantiles of the gaps, of any mean.
  case empirical(quantiles: [Double])
  /// Such quantiles, and runs of consecutive gaps of a trace, each named by its size class (`GapOrder`): batches, and
  /// spells of work and silence, come back with them.
  case ordered(quantiles: [Double], runs: [[Int]])
}

/// Draws gaps of mean 1.
struct GapSampler {
  private enum Law {
    case gamma(shape: Double)
    case weibull(shape: Double, scale: Double)
    case empirical(LengthDistribution, mean: Double)
    case ordered(quantiles: [Double], runs: [[Int]], count: Int)
  }
  private let law: Law
  private var strata: StratifiedUniforms
  /// Gaps laid out and not yet drawn, the next one last.
  private var laidOut: [Double] = []

  /// - Parameter expected: how many gaps will be drawn; empirical gaps then repeat their distribution closely.
  init(_ renewal: Renewal, expected: Int, stream: RandomStream) {
    strata = StratifiedUniforms(count: expected, stream: stream)
    switch renewal {
    case .poisson: law = .gamma(shape: 1)
    // A gamma law of shape k has a coefficient of variation of 1/√k.
    case .gamma(let cv): law = .gamma(shape: 1 / (cv * cv))
    case .weibull(let cv):
      let shape = Self.weibullShape(cv: cv)
      law = .weibull(shape: shape, scale: 1 / tgamma(1 + 1 / shape))
    case .empirical(let quantiles):
      let ends = (quantiles.first ?? 1) + (quantiles.last ?? 1)
      let mean = (quantiles.reduce(0, +) - ends / 2) / Double(max(1, quantiles.count - 1))
      law = .empirical(.empirical(quantiles: quantiles), mean: mean > 0 ? mean : 1)
    case .ordered(let quantiles, let runs):
      law = .ordered(quantiles: quantiles, runs: runs, count: min(max(1, expected - 1), 1 << 20))
    }
  }

  /// From the start to the first arrival: half a gap, as an observer who comes at any moment finds it on average.
  mutating func first() -> Double {
    // Gaps in order are laid out whole between the first arrival and the last: none of them is spent on the start.
    if case .ordered = law { return 0.5 }
    return 0.5 * next()
  }

  mutating func next() -> Double {
    switch law {
    case .gamma(let shape): return strata.stream.gamma(shape: shape) / shape
    case .weibull(let shape, let scale): return scale * pow(-log(1 - strata.stream.uniform()), 1 / shape)
    case .empirical(let gaps, let mean): return gaps.quantile(strata.next()) / mean
    case .ordered(let quantiles, let runs, let count):
      if laidOut.isEmpty {
        laidOut = GapOrder.gaps(count, quantiles: quantiles, runs: runs, stream: &strata.stream).reversed()
      }
      return laidOut.popLast() ?? 1
    }
  }

  /// Solves CV² = Γ(1 + 2/k) / Γ(1 + 1/k)² − 1 for the shape k by bisection; CV falls as k rises.
  static func weibullShape(cv: Double) -> Double {
    var low = 0.05
    var high = 50.0
    for _ in 0..<100 {
      let k = (low + high) / 2
      let variation = (exp(lgamma(1 + 2 / k) - 2 * lgamma(1 + 1 / k)) - 1).squareRoot()
      if variation > cv { low = k } else { high = k }
    }
    return (low + high) / 2
  }
}

extension RandomStream {
  /// A standard normal number.
  mutating func normal() -> Double {
    NormalDistribution.quantile(max(uniform(), 0x1p-54))
  }

  /// A gamma number of the given shape and scale 1.
  ///
  /// - Source: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000.
  mutating func gamma(shape: Double) -> Double {
    if shape < 1 { return gamma(shape: shape + 1) * pow(max(uniform(), 0x1p-54), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      guard v > 0 else { continue }
      if log(max(uniform(), 0x1p-54)) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }

  /// A whole number from 1 on with the given mean and geometric tail.
  mutating func geometric(mean: Double) -> Int {
    guard mean > 1 else { return 1 }
    return 1 + Int(log(max(uniform(), 0x1p-54)) / log(1 - 1 / mean))
  }
}

/// Uniform numbers that fill 0 ..< 1 evenly: one from each of `count` equal strata, in random order, then anew.
///
/// A sample drawn through it repeats the percentiles of its distribution much more closely than independent draws.
/// - Source: Latin hypercube sampling in one dimension; McKay, Beckman and Conover, Technometrics 21(2), 1979.
struct StratifiedUniforms {
  var stream: RandomStream
  private var order: [UInt32]
  private var position: Int

  init(count: Int, stream: RandomStream) {
    self.stream = stream
    order = Array(0..<UInt32(min(max(count, 1), 1 << 20)))
    position = order.count
  }

  mutating func next() -> Double {
    if position == order.count {
      order.shuffle(using: &stream)
      position = 0
    }
    defer { position += 1 }
    return (Double(order[position]) + stream.uniform()) / Double(order.count)
  }
}
