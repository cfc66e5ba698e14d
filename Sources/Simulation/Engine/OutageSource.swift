import Foundation
import Quantities

/// One cause of outages: the replicas it takes down together, and when.
struct OutageSource {
  let replicas: [Int32]
  /// Scripted: the one outage. Drawn: means of the exponential times to failure and to repair.
  private let start: Double
  private let duration: Double
  private let isDrawn: Bool
  private var random: RandomStream
  private var isSpent = false

  init(replicas: [Int32], start: Double, duration: Double) {
    self.replicas = replicas
    self.start = start
    self.duration = duration
    isDrawn = false
    random = RandomStream(0, "unused")
  }

  init(replicas: [Int32], meanTimeToFailure: Double, meanTimeToRepair: Double, seed: UInt64, name: String) {
    self.replicas = replicas
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
