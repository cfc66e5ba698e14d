import Foundation
import Ingest
import Workloads

/// Times reading, validating and measuring a trace in CPU seconds of this process.
enum TraceTimer {
  /// Reads, validates and measures: what `trace inspect` does.
  static func measure(_ path: String, repeats: Int) throws {
    try report(path, repeats) {
      var accumulator = DemandAccumulator()
      let scan = try TraceReader.scan(path: path, options: $0) { accumulator.add($0) }
      precondition(
        scan.accepted == accumulator.statistics()?.requests, "every accepted request is measured")
      return scan.accepted
    }
  }

  /// Reads and validates, and adds up the columns as the queries of `trace-bench.py` do.
  static func read(_ path: String, repeats: Int) throws {
    try report(path, repeats) {
      var (input, output, blocks) = (0, 0, 0)
      let scan = try TraceReader.scan(path: path, options: $0) { batch in
        input += batch.inputTokens.reduce(0) { $0 + Int($1) }
        output += batch.outputTokens.reduce(0) { $0 + Int($1) }
        blocks += batch.blockHashes.count
      }
      precondition(input >= scan.accepted && output >= scan.accepted && blocks >= 0, "lengths are positive")
      return scan.accepted
    }
  }

  private static func report(
    _ path: String, _ repeats: Int, _ run: (TraceOptions) throws -> Int
  ) throws {
    var options = TraceOptions()
    options.hashing = false
    var best = Double.infinity
    var requests = 0
    for _ in 0..<max(1, repeats) {
      let start = cpuSeconds()
      requests = try run(options)
      best = min(best, cpuSeconds() - start)
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let bytes = (attributes[.size] as? NSNumber)?.doubleValue ?? 0
    print(
      "{\"file\": \"\(path)\", \"bytes\": \(Int(bytes)), \"requests\": \(requests), \"cpu_s\": \(best), "
        + "\"gb_per_cpu_s\": \(bytes / best / 1e9), \"peak_rss_mb\": \(peakMegabytes())}")
  }

  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) / 1024
  }
}
