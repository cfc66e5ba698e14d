import Foundation
import Quantities

/// One cause of outages: what it takes down together, and when.
struct OutageSource {
  /// Replicas that fail or go into maintenance.
  var replicas: [Int32] = []
  /// Links from a region to a site that carry no requests meanwhile.
  var links: [(region: Int, site: Int)] = []
  /// Prefill replicas whose caches wait to be sent.
  var stalledLinks: [Int32] = []
  /// Maintenance: requests on the replicas are served to their end first.
  var isPlanned = false
  /// Scripted: the one outage. Drawn: means of the exponential times to failure and to repair.
  private let start: Double
  private let duration: Double
  private let isDrawn: Bool
  private var random: RandomStream
  private var isSpent = false

  init(start: Double, duration: Double) {
    self.start = start
    self.duration = duration
    isDrawn = false
    random = RandomStream(0, "unused")
  }

  init(meanTimeToFailure: Double, meanTimeToRepair: Double, seed: UInt64, name: String) {
    start = meanTimeToFailure
    duration = meanTimeToRepair
    isDrawn = true
    random = RandomStream(seed, "failures/\(name)")
  }

  /// When the next outage begins, counted from `now`; nil when there is none.
  mutating func nextStart(from now: Double) -> Double? {
    if isDrawn { return now - start * log(1 - random.uniform()) }
    if isSpent { return nil }
    isSpent = true
    return max(start, now)
  }

  mutating func nextDuration() -> Double {
    isDrawn ? -duration * log(1 - random.uniform()) : duration
  }
}

/// The state of one group's autoscaler.
struct Autoscaler {
  let minimum: Int
  let initial: Int
  let target: Double
  let interval: Double
  let startDelay: Double
}
