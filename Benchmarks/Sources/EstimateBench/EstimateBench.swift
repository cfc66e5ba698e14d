import FleetData
import Foundation
import Performance
import Quantities

/// How many decode estimates one core makes in a second (held to a million), and how long the sharding searches of a
/// 256-chip slice take (held to a second). CPU time, the least and the median of several runs.
@main
enum EstimateBench {
  static func main() throws {
    let catalog = Catalog.builtIn
    let instance = try InferenceModel(
      model: catalog.model("llama-3.1-70b"), chip: catalog.chip("tpu-v5e"), slice: SliceTopology([4, 2]),
      sharding: Sharding(tensor: 8), weights: .int8, kv: .int8)
    let count = 1_000_000
    var total = 0.0
    let estimates = try times(7) {
      for i in 0..<count {
        total += try instance.decodeTime(batch: 1 + i % 64, context: 1024 + i % 4096).time.value
      }
    }
    precondition(total > 0, "a step takes time")
    print(
      "estimates per second of CPU: best \(rate(count, estimates[0])), median \(rate(count, estimates[3]))")

    let model = try catalog.model("deepseek-v3")
    let chip = try catalog.chip("tpu-v5e")
    let steps: [(String, ServingStep)] = [
      ("decode", .decode(batch: 64, context: 8192)),
      ("prefill split by sequence", .prefill(batch: 8, inputTokens: 16_384, cached: 0)),
    ]
    for (name, step) in steps {
      let search = try times(5) {
        _ = try bestServingShardings(
          of: model, on: chip, slice: SliceTopology([16, 16]), step: step, weights: .int8, kv: .int8)
      }
      report("search over 256 chips, \(name)", search)
    }
    let training = try times(5) {
      _ = try bestTrainingShardings(
        TrainingSetup(
          model: catalog.model("llama-3.1-70b"), chip: chip, slice: SliceTopology([16, 16]),
          sharding: Sharding(data: 256), tokensPerStep: 1 << 20, sequence: 8192))
    }
    report("search over 256 chips, training", training)
  }

  private static func rate(_ count: Int, _ seconds: Double) -> Int { Int(Double(count) / seconds) }

  private static func report(_ what: String, _ sorted: [Double]) {
    print(
      "\(what): best \(String(format: "%.4f", sorted[0])) s, median "
        + String(format: "%.4f", sorted[sorted.count / 2]))
  }

  /// CPU seconds of `runs` runs, least first, after one that warms up.
  private static func times(_ runs: Int, _ body: () throws -> Void) throws -> [Double] {
    try body()
    return try (0..<runs).map { _ in
      let start = cpuSeconds()
      try body()
      return cpuSeconds() - start
    }.sorted()
  }

  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
