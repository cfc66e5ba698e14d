import FleetData
import Foundation
import Performance

/// Requests of one size: I prompt tokens, O generated ones.
public struct RequestShape: Sendable, Hashable {
  public var input: Double
  public var output: Double
  public init(input: Double, output: Double) {
    self.input = input
    self.output = output
  }
  /// Tokens a decoding request has in cache on average.
  var meanContext: Double { input + output / 2 }
  /// Tokens it has in cache when it ends.
  var fullContext: Double { input + output }
}

/// One instance in steady state with b requests in flight.
///
///     prefill = time of one prompt;  step(b) = time of one decode step over b mean contexts
///     t = step(b) + b·prefill/O      (each request's prompt delays the others once)
///     tokens/s = b/t;  tokens/s/user = 1/t
public struct ServingPoint: Sendable, Hashable {
  public var profile: ReplicaProfile
  public var batch: Int
  public var prefillSeconds: Double
  public var stepSeconds: Double
  public var secondsPerToken: Double
  public var chips: Int { profile.chips }
  public var tokensPerSecondPerUser: Double { 1 / secondsPerToken }
  public var tokensPerSecond: Double { Double(batch) / secondsPerToken }
  public var tokensPerSecondPerChip: Double { tokensPerSecond / Double(chips) }
  /// Requests per second it completes.
  public func requestsPerSecond(_ shape: RequestShape) -> Double { tokensPerSecond / shape.output }
  /// A request's time in its slot.
  public func residence(_ shape: RequestShape) -> Double { prefillSeconds + shape.output * secondsPerToken }

  /// Dollars per million generated tokens, prompts included, when busy for `utilization` of the hours paid.
  public func usdPerMillionOutput(usdPerChipHour: Double, utilization: Double) -> Double {
    usdPerChipHour / 3600 * 1e6 / (tokensPerSecondPerChip * utilization)
  }

  /// - Parameters:
  ///   - decodeFactor: scales every decode step, for what-ifs and error bands.
  ///   - prefillFactor: the same for prefill.
  init(
    _ profile: ReplicaProfile, batch: Int, shape: RequestShape, decodeFactor: Double = 1,
    prefillFactor: Double = 1
  ) {
    self.profile = profile
    self.batch = batch
    let tokens = Int(shape.input.rounded())
    let pairs = shape.input * (shape.input + 1) / 2
    prefillSeconds =
      tokens < 1
      ? 0 : prefillFactor * profile.step.seconds(prefilling: tokens, attentionPairs: pairs)
    let cached = Int((Double(batch) * max(1, shape.meanContext)).rounded())
    stepSeconds = decodeFactor * profile.step.seconds(decoding: batch, cachedTokens: cached)
    secondsPerToken = stepSeconds + Double(batch) * prefillSeconds / max(1, shape.output)
  }

  /// Requests whose caches fit together, each at its full length.
  static func largestBatch(_ profile: ReplicaProfile, _ shape: RequestShape) -> Int {
    min(profile.maxSequences, Int(Double(profile.kvCapacityTokens) / max(1, shape.fullContext)))
  }

  /// Batches worth trying: 1, 2, 3, 4, 6, 8, 12, … and the largest.
  static func batches(upTo largest: Int) -> [Int] {
    guard largest >= 1 else { return [] }
    var batches: [Int] = []
    var power = 1
    while power <= largest {
      batches.append(power)
      if power > 1, power * 3 / 2 <= largest { batches.append(power * 3 / 2) }
      power *= 2
    }
    return Set(batches + [largest]).sorted()
  }

  /// The largest batch that is fast enough, which is also the cheapest: throughput only rises with the batch, and so
  /// does the time of a token, so that bisection finds it. `nil` when not even one sequence is.
  static func best(_ profile: ReplicaProfile, _ shape: RequestShape, within limit: Double) -> ServingPoint? {
    var best: ServingPoint?
    var low = 1
    var high = largestBatch(profile, shape)
    while low <= high {
      let middle = (low + high) / 2
      let point = ServingPoint(profile, batch: middle, shape: shape)
      if point.secondsPerToken <= limit {
        best = point
        low = middle + 1
      } else {
        high = middle - 1
      }
    }
    return best
  }

  /// The cheapest of all profiles that is fast enough; ties go to the smaller slice.
  static func cheapest(
    _ profiles: [ReplicaProfile], _ shape: RequestShape, within limit: Double
  ) -> ServingPoint? {
    profiles.compactMap { best($0, shape, within: limit) }
      .max { ($0.tokensPerSecondPerChip, -$0.chips) < ($1.tokensPerSecondPerChip, -$1.chips) }
  }

  /// The same instance asked a drawn question. The batch shrinks where longer requests no longer fit.
  func asked(_ question: ScaleQuestion) -> ServingPoint {
    let fitting = max(1, min(batch, Self.largestBatch(profile, question.shape)))
    return ServingPoint(
      profile, batch: fitting, shape: question.shape, decodeFactor: question.decodeFactor.base,
      prefillFactor: question.prefillFactor.base)
  }

  /// Dollars per million generated tokens at the question's price and utilisation.
  func usdPerMillionOutput(_ question: ScaleQuestion) -> Double {
    usdPerMillionOutput(
      usdPerChipHour: question.usdPerChipHour.base, utilization: question.utilization.base)
  }

  /// Every batch of every profile.
  static func all(_ profiles: [ReplicaProfile], _ shape: RequestShape) -> [ServingPoint] {
    profiles.flatMap { profile in
      batches(upTo: largestBatch(profile, shape)).map { ServingPoint(profile, batch: $0, shape: shape) }
    }
  }
}

extension Sharding {
  /// `TP8`, `TP4·PP2`, `TP2·EP8`.
  var shortText: String {
    let axes = [
      ("DP", data), ("FSDP", fsdp), ("TP", tensor), ("PP", pipeline), ("EP", expert), ("SP", sequence),
    ]
    let parts = axes.filter { $0.1 > 1 }.map { "\($0.0)\($0.1)" }
    return parts.isEmpty ? "1" : parts.joined(separator: "·")
  }
}
