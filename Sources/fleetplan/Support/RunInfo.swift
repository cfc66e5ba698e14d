import FleetData
import Foundation

/// What a run took, and where: the only place for time, host, duration, memory and command line, so that every other
/// result is the same bytes on any machine.
struct RunInfo: Encodable {
  var schema = "run-info/1"
  var toolVersion = Fleetplan.version
  var command = CommandLine.arguments
  var directory = FileManager.default.currentDirectoryPath
  /// ISO 8601, UTC.
  var started: String
  var wallSeconds: Double
  var cpuSeconds: Double
  var peakMemoryBytes: Int
  var host = ProcessInfo.processInfo.hostName
  var system = ProcessInfo.processInfo.operatingSystemVersionString
  var cores = ProcessInfo.processInfo.activeProcessorCount
  var settings: [Setting]

  struct Setting: Encodable {
    var key: String
    var value: String
    var origin: String
  }

  static let fileName = "run-info.json"

  /// The process until now.
  static var soFar: RunInfo {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let settings = try? Settings.current.get()
    return RunInfo(
      started: ISO8601DateFormatter().string(from: start), wallSeconds: Date().timeIntervalSince(start),
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakMemoryBytes: usage.ru_maxrss * 1024,
      settings: SettingKey.allCases.compactMap { key in
        settings.map { .init(key: key.rawValue, value: $0.text(key), origin: $0.value(key).origin) }
      })
  }

  /// `0.1.0: 6.5 s, 5.9 s of CPU, 230 MB at most`.
  var sentence: String {
    String(
      format: "%.1f s, %.1f s of CPU, %d MB at most (version %@)", wallSeconds, cpuSeconds,
      peakMemoryBytes / 1_000_000, toolVersion)
  }

  /// Beside the results of a run.
  static func write(to directory: String) throws {
    try AtomicFile.write(Output.jsonBytes(soFar), to: "\(directory)/\(fileName)")
  }

  /// When the process began.
  private static let start: Date = {
    guard let facts = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
      let ticks = facts.split(separator: ")").last?.split(separator: " ").dropFirst(19).first.flatMap({
        Double($0)
      }),
      let now = uptime.split(separator: " ").first.flatMap({ Double($0) })
    else { return Date() }
    return Date().addingTimeInterval(ticks / Double(sysconf(Int32(_SC_CLK_TCK))) - now)
  }()
}
