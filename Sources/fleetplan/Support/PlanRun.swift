import FleetData
import Foundation
import Ingest
import Planning
import Validation

/// Reads what a study needs beyond its documents, and runs the pipeline.
struct PlanRun {
  let study: Study
  var options = PlanningOptions()
  /// What says how far the run is; `nil` for runs that are one of many.
  let progress: Progress?

  init(study: Study, progress: Progress?, explores: Bool = true) {
    self.study = study
    self.progress = progress
    options.explores = explores
    options.onProgress = { progress?.phase($0) }
  }

  func plan() throws -> Plan {
    if progress != nil { Output.diagnostics(study.warnings) }
    let paths = ProjectPaths(scenario: study.files[0])
    var traces: [String: TraceReading] = [:]
    var sources = try study.files.map { Plan.SourceFile(path: paths.relative($0), sha256: try Self.hash($0)) }
    for service in study.scenario.services {
      guard let name = service.trace else { continue }
      let path = Study.resolve(name, in: study.directory)
      let reading = try Self.read(path)
      progress?.line(
        "\(path): \(reading.accepted) requests accepted, \(reading.rejected) rejected (\(reading.format.rawValue))"
      )
      traces[service.id] = reading
      if !sources.contains(where: { $0.path == paths.relative(path) }) {
        sources.append(Plan.SourceFile(path: paths.relative(path), sha256: reading.sha256 ?? ""))
      }
    }
    let plan = try PlanPipeline(
      study: paths.relative(study), traces: traces, sources: sources, toolVersion: Fleetplan.version,
      evidence: options.explores ? [.kernelEvidence] : [], options: options
    ).run()
    return paths.relative(plan, files: study.files)
  }

  static func read(_ path: String) throws -> TraceReading {
    do throws(TraceError) {
      return try TraceInputOptions.reading(path, TraceOptions())
    } catch {
      if case .missing = error { throw ExitError(.inputMissing, [error.diagnostic(path: path)]) }
      throw ExitError(.badContent, [error.diagnostic(path: path)])
    }
  }

  static func hash(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ExitError(.inputMissing, "no such file: '\(path)'")
    }
    return SHA256.hexDigest(of: Array(data))
  }
}

extension Report.Section {
  /// The performance model against a real transformer on a CPU, from the measurement that ships with the tool.
  static var kernelEvidence: Report.Section {
    let kernel = KernelVerification(.committed)
    return Report.Section(
      "How well the model predicts",
      [
        .paragraph(
          "The functions that price TPUs and GPUs also predict a small real transformer on one core of "
            + "\(KernelMeasurement.committed.host.cpu), measured \(KernelMeasurement.committed.host.asOf). "
            + "\(kernel.sentence) `fleetplan verify kernel` measures the machine at hand."),
        .chart(kernel.chart), .details(summary: "Every step", [.table(kernel.table)]),
      ])
  }
}
