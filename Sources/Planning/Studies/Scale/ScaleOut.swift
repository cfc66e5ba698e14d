import Economics
import FleetData
import Foundation

/// The same chips cut into equal instances, under the same demand and the same promise.
struct ScaleOutSplit: Sendable {
  /// Waits for a slot, in seconds.
  struct Wait: Sendable {
    var mean: Double
    var p99: Double
  }

  var replicas: Int
  var point: ServingPoint
  /// Requests per second all replicas complete with every slot taken.
  var capacity: Double
  var load: Double
  /// One queue before all slots; `nil` when demand exceeds capacity.
  var pooled: Wait?
  /// Requests sent to replicas at random, each with its own queue.
  var random: Wait?
  /// Requests per second at which the promise still holds, one queue and at random; 0 when none.
  var promised: Double
  var promisedAtRandom: Double
  var utilization: Double { load / capacity }
  var slots: Int { replicas * point.batch }

  /// The same replicas under a drawn question: requests per second with every slot taken, and within the promise.
  func capacity(_ drawn: ScaleQuestion) -> Double {
    Double(replicas) * point.asked(drawn).requestsPerSecond(drawn.shape)
  }
  func promised(_ drawn: ScaleQuestion) throws(StudyError) -> Double {
    try SlotQueue(point.asked(drawn), capacity(drawn), drawn).promised(queues: 1)
  }
}

/// Every split of `maxChips` chips that meets the speed users accept.
struct ScaleOut: Sendable {
  var splits: [ScaleOutSplit]
  var load: Double
  /// The one that keeps the promise to most.
  var best: ScaleOutSplit
  var single: ScaleOutSplit?
}

/// Queues the demand before c = replicas × batch slots.
///
/// A request holds a slot for its prefill and its tokens at the full batch's speed, which is the slowest it can be. One
/// queue before all slots is the best routing can do, requests sent at random the least: the truth lies between.
func scaleOut(_ sweep: ScaleSweep) throws(StudyError) -> ScaleOut {
  let question = sweep.question
  let served = sweep.sizes.compactMap(\.value)
  let capacities = served.map { point in
    let replicas = question.maxChips / point.chips
    return Double(replicas) * point.requestsPerSecond(question.shape)
  }
  let load = question.requestsPerSecond?.base ?? 0.7 * (capacities.max() ?? 0)
  var splits: [ScaleOutSplit] = []
  for (point, capacity) in zip(served, capacities) {
    splits.append(try SlotQueue(point, capacity, question).split(load: load))
  }
  let best = splits.max { ($0.promised, $0.capacity) < ($1.promised, $1.capacity) }!
  return ScaleOut(
    splits: splits, load: load, best: best, single: splits.first { $0.replicas == 1 })
}

/// The slots of one split as queues.
private struct SlotQueue {
  let point: ServingPoint
  let capacity: Double
  let replicas: Int
  let variation: Double
  /// What is left of the promise for waiting; infinite without one.
  let patience: Double

  init(_ point: ServingPoint, _ capacity: Double, _ question: ScaleQuestion) {
    self.point = point
    self.capacity = capacity
    replicas = question.maxChips / point.chips
    variation = question.serviceVariation.base
    patience = question.secondsToFirstToken.map { $0.base - point.prefillSeconds } ?? .infinity
  }

  func split(load: Double) throws(StudyError) -> ScaleOutSplit {
    ScaleOutSplit(
      replicas: replicas, point: point, capacity: capacity, load: load,
      pooled: try wait(load: load, queues: 1), random: try wait(load: load, queues: replicas),
      promised: try promised(queues: 1), promisedAtRandom: try promised(queues: replicas))
  }

  /// Waits when the load is shared evenly by so many queues; `nil` when they grow without end.
  ///
  /// The tail of M/M/c is stretched by Kimura's mean over M/M/c's, which is exact for one exponential server.
  func wait(load: Double, queues: Int) throws(StudyError) -> ScaleOutSplit.Wait? {
    let slots = replicas * point.batch / queues
    let service = Double(replicas * point.batch) / capacity
    let offered = load / Double(queues) * service
    guard offered < Double(slots) * (1 - 1e-9) else { return nil }
    guard offered > 0 else { return .init(mean: 0, p99: 0) }
    return try economics { () throws(EconomicsError) in
      let queue = try ErlangQueue(servers: slots, offeredErlangs: offered)
      let exponential = try queue.meanWait()
      guard exponential > 1e-300 else { return .init(mean: 0, p99: 0) }
      let mean = try queue.kimuraWait(serviceVariation: variation)
      let p99 = try queue.waitPercentile(0.99) * service * mean / exponential
      // Nobody feels a tenth of a millisecond.
      return .init(mean: mean * service < 1e-4 ? 0 : mean * service, p99: p99 < 1e-4 ? 0 : p99)
    }
  }

  /// The largest load whose p99 wait leaves room for the prefill, by bisection to 0.1 %.
  func promised(queues: Int) throws(StudyError) -> Double {
    guard patience > 0 else { return 0 }
    guard patience.isFinite else { return capacity }
    var (low, high) = (0.0, capacity)
    while high - low > 1e-3 * capacity {
      let middle = (low + high) / 2
      let holds = try wait(load: middle, queues: queues).map { $0.p99 <= patience } ?? false
      if holds { low = middle } else { high = middle }
    }
    return low
  }
}
