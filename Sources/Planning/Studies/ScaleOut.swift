import Economics
import FleetData
import Foundation

/// The same chips cut into equal instances, under the same demand.
struct ScaleOutSplit: Sendable {
  var replicas: Int
  var point: ServingPoint
  /// Requests per second all replicas complete with every slot taken.
  var capacity: Double
  var load: Double
  var utilization: Double { load / capacity }
  /// Mean and p99 wait for a slot in seconds; `nil` when demand exceeds capacity.
  var meanWait: Double?
  var p99Wait: Double?
}

/// Every split of `maxChips` chips that meets the speed users accept.
struct ScaleOut: Sendable {
  var splits: [ScaleOutSplit]
  var load: Double
  var best: ScaleOutSplit
  var single: ScaleOutSplit?
}

/// Queues the demand before c = replicas × batch slots.
///
/// A request holds a slot for its prefill and its tokens at the full batch's speed, so service times hardly vary around
/// their mean once lengths are given; real lengths do, and an exponential service time (squared variation 1) is taken.
/// One queue before all slots is the best routing can do.
func scaleOut(_ sweep: ScaleSweep) throws(StudyError) -> ScaleOut {
  let question = sweep.question
  let served = sweep.sizes.compactMap(\.value)
  let capacities = served.map { point in
    let replicas = question.maxChips / point.chips
    return Double(replicas) * point.requestsPerSecond(question.shape)
  }
  let load = question.requestsPerSecond ?? 0.7 * (capacities.max() ?? 0)
  var splits: [ScaleOutSplit] = []
  for (point, capacity) in zip(served, capacities) {
    splits.append(try split(point, capacity, load, question))
  }
  let best = splits.max { $0.capacity < $1.capacity }!
  return ScaleOut(
    splits: splits, load: load, best: best, single: splits.first { $0.replicas == 1 })
}

private func split(
  _ point: ServingPoint, _ capacity: Double, _ load: Double, _ question: ScaleQuestion
) throws(StudyError) -> ScaleOutSplit {
  let replicas = question.maxChips / point.chips
  var split = ScaleOutSplit(replicas: replicas, point: point, capacity: capacity, load: load)
  let slots = replicas * point.batch
  let service = Double(slots) / capacity
  let offered = load * service
  guard offered < Double(slots) else { return split }
  let waits = try economics { () throws(EconomicsError) in
    let queue = try ErlangQueue(servers: slots, offeredErlangs: offered)
    return (try queue.meanWait() * service, try queue.waitPercentile(0.99) * service)
  }
  split.meanWait = waits.0
  split.p99Wait = waits.1
  return split
}
