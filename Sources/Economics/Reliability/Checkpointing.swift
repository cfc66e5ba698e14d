import Foundation
import Quantities

/// Saving the state of a job that fails at random, once per mean time between failures M.
///
/// δ is the time one checkpoint takes, R the time from a failure until work goes on, τ the work between checkpoints.
/// - Source: Young 1974; Daly 2006.
public struct Checkpointing: Sendable, Hashable {
  public let checkpoint: Double
  public let meanTimeBetweenFailures: Double
  public let restart: Double

  /// - Throws: unless δ and M are positive and R is not negative.
  public init(
    checkpoint: Seconds, meanTimeBetweenFailures: Seconds, restart: Seconds
  ) throws(EconomicsError) {
    try require(checkpoint.value, .positive, "checkpoint time in seconds")
    try require(meanTimeBetweenFailures.value, .positive, "mean time between failures in seconds")
    try require(restart.value, .nonNegative, "restart time in seconds")
    self.checkpoint = checkpoint.value
    self.meanTimeBetweenFailures = meanTimeBetweenFailures.value
    self.restart = restart.value
  }

  /// Young's interval `√(2δM)`.
  public var youngInterval: Seconds { Seconds((2 * checkpoint * meanTimeBetweenFailures).squareRoot()) }

  /// Daly's interval `√(2δM)·[1 + √(δ/2M)/3 + δ/18M] − δ`, or M when δ ≥ 2M.
  public var dalyInterval: Seconds {
    let (d, m) = (checkpoint, meanTimeBetweenFailures)
    guard d < 2 * m else { return Seconds(m) }
    return Seconds(youngInterval.value * (1 + (d / (2 * m)).squareRoot() / 3 + d / (18 * m)) - d)
  }

  /// The exact minimiser of `slowdown`: `τ = M·(1 + W₀(−e^{−1−δ/M}))`.
  ///
  /// With s = τ/M it solves `−ln(1−s) − s = δ/M`; Newton's method from the right of the root, where the left side is
  /// convex and rising, falls monotonically to it.
  public var exactInterval: Seconds {
    let u = checkpoint / meanTimeBetweenFailures
    var s = (2 * u).squareRoot()
    if s >= 1 { s = 1 - exp(-1 - u) }
    for _ in 0..<60 {
      let next = s - (-log1p(-s) - s - u) * (1 - s) / s
      if abs(next - s) <= 1e-16 * s { break }
      s = next
    }
    return Seconds(meanTimeBetweenFailures * s)
  }

  /// Wall-clock time over useful time: `M·e^{R/M}·(e^{(τ+δ)/M} − 1)/τ`.
  public func slowdown(interval: Seconds) throws(EconomicsError) -> Double {
    try require(interval.value, .positive, "checkpoint interval in seconds")
    let m = meanTimeBetweenFailures
    return m * exp(restart / m) * expm1((interval.value + checkpoint) / m) / interval.value
  }

  /// The share of time that is useful work, 1 / slowdown.
  public func goodput(interval: Seconds) throws(EconomicsError) -> Double {
    try 1 / slowdown(interval: interval)
  }

  /// The best goodput this job can have.
  public func bestGoodput() throws(EconomicsError) -> Double { try goodput(interval: exactInterval) }
}
