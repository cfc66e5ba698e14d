import FleetData
import Foundation
import Performance
import Quantities

/// The largest request rate one replica serves within its SLO, and what it looks like there.
public struct ReplicaCapacity: Sendable, Hashable {
  /// What stops the next request.
  public enum Limit: String, Sendable, Hashable, Codable {
    /// Steps grow faster than they finish work.
    case throughput
    /// Sequences that the KV cache or the scheduler admits.
    case slots
    case ttft
    case tpot
    case endToEnd = "e2e"
  }

  public var requestsPerSecond: Double
  /// Mean sequences decoding at once.
  public var batch: Double
  /// Mean seconds per step.
  public var stepTime: Seconds
  /// Predicted at the SLO's percentile, before the network.
  public var timeToFirstToken: Seconds
  public var timePerOutputToken: Seconds
  public var limit: Limit
  /// Sequences that fit at once.
  public var slots: Int

  /// The capacity of a replica for requests of these lengths within an SLO.
  ///
  ///     capacity = max λ such that the steady state exists and its TTFT, TPOT and end-to-end at the percentile keep
  ///     their targets
  ///
  /// - Parameters:
  ///   - network: round-trip time that the TTFT target must leave room for.
  ///   - chunk: prompt tokens a step may carry.
  ///   - arrivalVariability: squared coefficient of variation of interarrival times; 1 = Poisson.
  /// - Throws: `CapacityError` when not even a lone request keeps the SLO.
  public static func atSLO(
    _ profile: ReplicaProfile, lengths: RequestLengths, slo: ServiceLevelObjective, network: Seconds = 0,
    chunk: Int = 512, arrivalVariability: Double = 1
  ) throws(CapacityError) -> ReplicaCapacity {
    let perSequence = max(lengths.meanContext, 1)
    let bySpace = Int(Double(profile.kvCapacityTokens) / perSequence)
    let largest = Int(lengths.highInput + lengths.highOutput)
    guard bySpace >= 1, profile.kvCapacityTokens >= largest else {
      throw .noRoom(tokens: profile.kvCapacityTokens, needed: largest)
    }
    let search = CapacitySearch(
      engine: BusyEngine(
        step: profile.step, lengths: lengths, slots: min(bySpace, profile.maxSequences), chunk: Double(chunk),
        arrivalVariability: arrivalVariability),
      slo: slo, network: network.value)
    return try search.largest()
  }
}

/// Why one replica cannot serve within an SLO at any rate. The cases carry seconds or tokens.
public enum CapacityError: Error, Sendable, Hashable {
  /// A lone request already misses a target.
  case tooSlow(ReplicaCapacity.Limit, best: Double, target: Double)
  /// One long request does not fit the KV cache.
  case noRoom(tokens: Int, needed: Int)
}

/// Bisection over the request rate.
struct CapacitySearch: Sendable {
  let engine: BusyEngine
  let slo: ServiceLevelObjective
  let network: Double

  private enum Verdict {
    case kept(BusyEngine.State, ttft: Double, tpot: Double)
    case missed(ReplicaCapacity.Limit, best: Double, target: Double)
  }

  func largest() throws(CapacityError) -> ReplicaCapacity {
    let slowest = engine.stepTime(1, 0) * max(engine.lengths.meanOutput, 1)
    var low = 1e-6 / slowest
    if case .missed(let limit, let best, let target) = verdict(at: low) {
      throw .tooSlow(limit, best: best, target: target)
    }
    var high = 1 / slowest
    var limit = ReplicaCapacity.Limit.throughput
    while case .kept = verdict(at: high) { high *= 2 }
    for _ in 0..<50 {
      let middle = (low + high) / 2
      switch verdict(at: middle) {
      case .kept: low = middle
      case .missed(let missed, _, _):
        high = middle
        limit = missed
      }
    }
    guard case .kept(let state, let ttft, let tpot) = verdict(at: low) else {
      preconditionFailure("the lower end of the bisection keeps the SLO")
    }
    return ReplicaCapacity(
      requestsPerSecond: low, batch: state.batch, stepTime: Seconds(state.stepTime),
      timeToFirstToken: Seconds(ttft), timePerOutputToken: Seconds(tpot), limit: limit, slots: engine.slots)
  }

  private func verdict(at rate: Double) -> Verdict {
    guard let state = engine.state(at: rate) else {
      let step = engine.stepTime(Double(engine.slots), 0)
      let full = rate * engine.lengths.meanOutput * step >= Double(engine.slots)
      return .missed(full ? .slots : .throughput, best: .infinity, target: 0)
    }
    let z = Self.normalQuantile(slo.percentile)
    let tpot = engine.timePerOutputToken(state, rate: rate, quantile: z)
    if let target = slo.tpot?.value, tpot > target { return .missed(.tpot, best: tpot, target: target) }
    let ttft = engine.timeToFirstToken(state, rate: rate, share: slo.percentile)
    if let target = slo.ttft?.value, ttft + network > target {
      return .missed(.ttft, best: ttft + network, target: target)
    }
    if let target = slo.endToEnd?.value {
      let whole = ttft + network + engine.lengths.highOutput * state.stepTime
      if whole > target { return .missed(.endToEnd, best: whole, target: target) }
    }
    guard ttft.isFinite else { return .missed(.throughput, best: ttft, target: 0) }
    return .kept(state, ttft: ttft, tpot: tpot)
  }

  /// z with Φ(z) = p, by bisection.
  static func normalQuantile(_ p: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if normalCDF(middle) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  private static func normalCDF(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
}
