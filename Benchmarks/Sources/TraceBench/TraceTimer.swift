import Foundation
import Ingest
import Workloads

/// Times reading, validating and measuring a trace in CPU seconds of this process.
enum TraceTimer {
  static func measure(_ path: String, repeats: Int) throws {
    var options = TraceOptions()
    options.hashing = false
    var best = Double.infinity
    var requests = 0
    for _ in 0..<max(1, repeats) {
      let start = cpuSeconds()
      var accumulator = DemandAccumulator()
      let scan = try TraceReader.scan(path: path, options: options) { accumulator.add($0) }
      guard let statistics = accumulator.statistics() else { continue }
      precondition(scan.accepted == statistics.requests, "every accepted request is measured")
      requests = scan.accepted
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
