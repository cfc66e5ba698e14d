import CCbc
import CPUKernel
import CXLSXWriter
import CZlib
import CZstd
import FleetData
import Foundation
import Ingest

/// What `doctor` looks at, in the order it is shown.
enum DoctorChecks {
  static func all() -> [DoctorCheck] {
    libraries + [locale, instructionSet] + machine + [writing] + traces + [catalog]
  }

  private static var libraries: [DoctorCheck] {
    let found = [
      ("libxlsxwriter", String(cString: lxw_version()), "1.1.4", "libxlsxwriter-dev"),
      ("COIN-OR CBC", String(cString: Cbc_getVersion()), "2.10", "coinor-libcbc-dev"),
      ("zlib", String(cString: zlibVersion()), "1.2", "zlib1g-dev"),
      ("libzstd", String(cString: ZSTD_versionString()), "1.4", "libzstd-dev"),
    ]
    return found.map { name, version, least, package in
      DoctorCheck(
        name, version, passed: isAtLeast(version, least),
        help: "version \(least) or later is needed: install \(package)")
    }
  }

  /// Compares dotted versions number by number.
  static func isAtLeast(_ version: String, _ least: String) -> Bool {
    func numbers(_ text: String) -> [Int] {
      text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
    }
    return !numbers(version).lexicographicallyPrecedes(numbers(least))
  }

  private static var locale: DoctorCheck {
    let point = String(cString: localeconv().pointee.decimal_point)
    return DoctorCheck(
      "numeric locale", "decimal point '\(point)'", passed: point == ".", help: "run with LC_NUMERIC=C")
  }

  private static var instructionSet: DoctorCheck {
    DoctorCheck("CPU kernels", InstructionSet.best.name)
  }

  private static var machine: [DoctorCheck] {
    let info = ProcessInfo.processInfo
    let memory = Double(info.physicalMemory) / 1e9
    let here = FileManager.default.currentDirectoryPath
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: here)
    let free = (attributes?[.systemFreeSize] as? NSNumber).map { $0.doubleValue / 1e9 }
    return [
      DoctorCheck("system", info.operatingSystemVersionString),
      DoctorCheck("cores", "\(info.activeProcessorCount)"),
      DoctorCheck(
        "memory", gigabytes(memory), passed: memory >= 1, help: "plans of large fleets need about 1 GB"),
      DoctorCheck(
        "free disk", free.map(gigabytes) ?? "unknown", passed: (free ?? 1) >= 0.1,
        help: "reports and workbooks need room in \(here)"),
    ]
  }

  private static func gigabytes(_ value: Double) -> String { String(format: "%.1f GB", value) }

  private static var writing: DoctorCheck {
    let path = FileManager.default.currentDirectoryPath + "/.fleetplan-doctor-\(getpid())"
    defer { unlink(path) }
    do {
      try AtomicFile.write(Array("ok\n".utf8), to: path)
      return DoctorCheck("writing", "the working directory takes files")
    } catch {
      return DoctorCheck(
        "writing", "the working directory takes no files", passed: false,
        help: "run in a directory you may write to, or give --out")
    }
  }

  /// A row of each published format is recognised for what it is.
  private static var traces: [DoctorCheck] {
    let samples: [(TraceFormat, String)] = [
      (.azure, "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n"),
      (
        .burstgpt,
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
          + "5,ChatGPT,472,18,490,Conversation log\n"
      ),
      (.mooncake, #"{"timestamp": 0, "input_length": 600, "output_length": 50, "hash_ids": [1, 2]}"# + "\n"),
    ]
    return samples.map { format, text in
      let read = try? TraceReader.read(bytes: Array(text.utf8))
      let passed = read?.scan.format == format && read?.trace.count == 1
      return DoctorCheck(
        "trace format \(format.rawValue)", passed ? "recognised" : "not recognised", passed: passed,
        help: "this is a bug: report it with this output")
    }
  }

  private static var catalog: DoctorCheck {
    let catalog = Catalog.builtIn
    return DoctorCheck(
      "catalog",
      "\(catalog.chips.count) chips, \(catalog.models.count) models, "
        + "\(SiteCatalog.builtIn.sites.count) sites")
  }
}
