import Economics
import Quantities

/// Published cases of failures, checkpoints, spares and queues.
enum ReliabilityFormulas {
  static let solvers: [FormulaVerification.Solver] = [
    ("rsc1", failures), ("checkpoint", checkpoint), ("spares-tpu", atLeast), ("spares-n", spares),
    ("erlang-c", erlang), ("mgc", general), ("halfin-whitt", staffing),
  ]

  static func failures(_ c: FormulaCase) throws -> [String: [Double]] {
    let time = try Failures.meanTimeToFailure(
      failuresPer1000NodeDays: c("failures_per_1000_node_days"), chips: c("gpus"),
      chipsPerNode: c("gpus_per_node"))
    return ["mttf_hours": [time / .hour]]
  }

  static func checkpoint(_ c: FormulaCase) throws -> [String: [Double]] {
    let job = try Checkpointing(
      checkpoint: Seconds(c("delta_s")), meanTimeBetweenFailures: Seconds(c("mtbf_s")),
      restart: Seconds(c("restart_s")))
    return [
      "young_s": [job.youngInterval.value], "daly_s": [job.dalyInterval.value],
      "exact_s": [job.exactInterval.value],
      "slowdown_at_exact": [try job.slowdown(interval: job.exactInterval)],
      "goodput_at_exact": [try job.bestGoodput()],
    ]
  }

  static func atLeast(_ c: FormulaCase) throws -> [String: [Double]] {
    let probability = try Failures.probability(
      atLeast: Int(c("k_required")), of: Int(c("n_cubes")), availability: c("p_cube"))
    return ["prob": [probability]]
  }

  static func spares(_ c: FormulaCase) throws -> [String: [Double]] {
    let n = try Int(c("n"))
    let k = try Failures.spares(for: n, availability: c("availability"), target: c("target"))
    let probability = try Failures.probability(atLeast: n, of: n + k, availability: c("availability"))
    return ["k": [Double(k)], "prob": [probability]]
  }

  static func erlang(_ c: FormulaCase) throws -> [String: [Double]] {
    let queue = try ErlangQueue(servers: Int(c("servers")), offeredErlangs: c("offered_erlang"))
    return [
      "erlang_b": [queue.blockingProbability], "erlang_c": [try queue.waitProbability()],
      "wq_over_service": [try queue.meanWait()],
      "p_wait_gt_1_service": [try queue.probabilityOfWaiting(longerThan: 1)],
    ]
  }

  static func general(_ c: FormulaCase) throws -> [String: [Double]] {
    let queue = try ErlangQueue(servers: Int(c("servers")), offeredErlangs: c("offered_erlang"))
    return [
      "wq_mmc": [try queue.meanWait()], "wq_mdc_cosmetatos": [try queue.cosmetatosWait()],
      "wq_lee_longton": [try queue.leeLongtonWait(serviceVariation: c("cs2"))],
      "wq_kimura": [try queue.kimuraWait(serviceVariation: c("cs2"))],
    ]
  }

  static func staffing(_ c: FormulaCase) throws -> [String: [Double]] {
    let alpha = try c("delay_probability")
    let offered = try c("offered_erlang")
    let servers = try Staffing.squareRootServers(offeredErlangs: offered, delayProbability: alpha)
    let exact = try ErlangQueue(servers: servers, offeredErlangs: offered).waitProbability()
    return [
      "beta": [try Staffing.spare(delayProbability: alpha)], "servers": [Double(servers)],
      "erlang_c_at_servers": [exact],
    ]
  }
}
