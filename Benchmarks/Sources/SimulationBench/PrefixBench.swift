import FleetData
import Foundation
import Quantities
import Simulation

/// The prefix cache under load: a trace in Mooncake's format, repeated 100 times.
///
///     SimulationBench mooncake FILE [replicas] [tokens of host memory]
enum PrefixBench {
  static func run(path: String, replicas: Int, hostTokens: Int) throws {
    var group = ReplicaGroup(
      id: "h100", site: "site", pod: "pod", profile: SimulationBench.profile, replicas: replicas,
      services: ["chat"])
    group.prefixCache = PrefixCache(deviceShare: 0.3, hostTokens: hostTokens)
    let stream = ServiceStream(service: "chat", arrivals: .trace(try trace(path: path), repeats: 100))
    let simulation = FleetSimulation(groups: [group], streams: [stream], routing: .prefixAffine)
    let start = SimulationBench.cpuSeconds()
    let result = try simulation.run()
    let seconds = SimulationBench.cpuSeconds() - start
    SimulationBench.report(result, replicas: replicas, seconds: seconds)
    print(
      "reused              \(result.groups[0].reusedTokens) of \(result.overall.inputTokens) prompt tokens")
  }

  /// Reads `timestamp` (ms), `input_length`, `output_length` and `hash_ids`, one object per line.
  static func trace(path: String) throws -> WorkloadTrace {
    var trace = WorkloadTrace(blockOffsets: [0])
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      guard let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let time = row["timestamp"] as? Int, let input = row["input_length"] as? Int,
        let output = row["output_length"] as? Int, let blocks = row["hash_ids"] as? [Int]
      else { continue }
      trace.arrivals.append(SimTime(nanoseconds: Int64(time) * 1_000_000))
      trace.inputTokens.append(UInt32(input))
      trace.outputTokens.append(UInt32(output))
      trace.blockHashes += blocks.map { UInt64($0) &* 0x9e37_79b9_7f4a_7c15 }
      trace.blockOffsets.append(trace.blockHashes.count)
    }
    return trace
  }
}
