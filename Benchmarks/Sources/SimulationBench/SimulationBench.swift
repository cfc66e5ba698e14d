import FleetData
import Foundation
import Quantities
import Simulation

/// Requests and output tokens per CPU second of the fleet simulator, and its memory.
///
///     SimulationBench [requests] [replicas] [rounds]
///     SimulationBench mooncake FILE [replicas] [tokens of host memory]
///     SimulationBench replications [requests] [replicas] [count]
///     SimulationBench steadiness [seeds]
///
/// 8-billion-parameter replicas at 80 % of their limit, lognormal lengths of 2,000 in and 271 out (Azure-like),
/// least-loaded routing, chunked prefill, KV limits and percentiles on. CPU time, best of the rounds.
@main
enum SimulationBench {
  static func main() async throws {
    if CommandLine.arguments.dropFirst().first == "mooncake" {
      let numbers = CommandLine.arguments.dropFirst(3).compactMap { Int($0) }
      return try PrefixBench.run(
        path: CommandLine.arguments[2], replicas: numbers.first ?? 32,
        hostTokens: numbers.dropFirst().first ?? 0)
    }
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    if CommandLine.arguments.dropFirst().first == "replications" {
      let numbers = Array(arguments)
      return try await ReplicationBench.run(
        requests: numbers.first ?? 2_000_000, replicas: numbers.count > 1 ? numbers[1] : 32,
        count: numbers.count > 2 ? numbers[2] : 4)
    }
    if CommandLine.arguments.dropFirst().first == "steadiness" {
      return try SteadinessBench.run(seeds: arguments.first ?? 100)
    }
    let requests = arguments.first ?? 10_000_000
    let replicas = arguments.count > 1 ? arguments[arguments.startIndex + 1] : 32
    let rounds = arguments.count > 2 ? arguments[arguments.startIndex + 2] : 3
    var best = Double.infinity
    var last: SimulationResult?
    for _ in 0..<rounds {
      let start = cpuSeconds()
      last = try simulation(requests: requests, replicas: replicas).run()
      best = min(best, cpuSeconds() - start)
    }
    report(last!, replicas: replicas, seconds: best)
  }

  static func simulation(requests: Int, replicas: Int) -> FleetSimulation {
    let limits = SchedulerLimits()
    let rate = 0.8 * profile.requestCapacity(inputTokens: 2000, outputTokens: 271, limits: limits)
    let arrivals = SyntheticArrivals(
      requestsPerSecond: rate * Double(replicas), count: requests, input: .lognormal(mean: 2000, sigma: 0.8),
      output: .lognormal(mean: 271, sigma: 0.7))
    let group = ReplicaGroup(
      id: "h100", site: "site", pod: "pod", profile: profile, replicas: replicas, services: ["chat"])
    let stream = ServiceStream(
      service: "chat", arrivals: .synthetic(arrivals), slo: ServiceLevelObjective(ttft: 1, tpot: 0.05))
    return FleetSimulation(groups: [group], streams: [stream], limits: limits)
  }

  /// An 8-billion-parameter model in bf16 on one H100: 16.1 GB read at 3.35 TB/s, 131 kB of KV per token,
  /// 2 × 8.03e9 FLOPs per token at 60 % of 989 TFLOP/s.
  static let profile = ReplicaProfile(
    model: "8B", chip: "h100-sxm", chips: 1, slice: SliceTopology([1]), sharding: Sharding(), weights: .bf16,
    kv: .bf16,
    step: StepCost(
      computePerSequence: 2.7e-5, computePerPrefillToken: 2.7e-5, computePerAttentionPair: 4.4e-10,
      weightRead: 4.8e-3, kvReadPerToken: 4.9e-8, overhead: 1e-3, computeFloorShare: 0.6,
      memoryFloorShare: 0.8), kvCapacityTokens: 400_000, maxSequences: 256, weightBytes: 16.1e9,
    kvBytesPerToken: 131_072, grade: .derived)

  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The process's high-water mark as the kernel states it.
  static func peakMemory() -> String {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }.map { String($0.dropFirst(6)) }
      ?? "unknown"
  }

  static func report(_ result: SimulationResult, replicas: Int, seconds: Double) {
    let levels = result.overall
    print("replicas            \(replicas)")
    print(
      "requests            \(levels.completed)  (utilisation \(result.utilization), steady \(result.steady))")
    print("CPU seconds         \(seconds)")
    print("requests / CPU s    \(Double(levels.completed) / seconds / 1e6) M")
    print("out tokens / CPU s  \(Double(levels.outputTokens) / seconds / 1e9) G")
    print("events / request    \(Double(result.events) / Double(levels.completed))")
    print("mean batch          \(result.groups[0].meanBatch), preemptions \(result.groups[0].preemptions)")
    print("p99 TTFT, TPOT      \(levels.ttft?.p99 ?? 0) s, \(levels.tpot?.p99 ?? 0) s")
    print("peak memory         \(peakMemory())")
    precondition(result.brokenLaws.isEmpty, "\(result.brokenLaws)")
  }
}
