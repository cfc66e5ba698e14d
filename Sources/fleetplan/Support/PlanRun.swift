import FleetData
import Foundation
import Ingest
import Performance
import Planning
import Validation

/// Reads what a study needs beyond its documents, and runs the pipeline.
struct PlanRun {
  let study: Study
  var options = PlanningOptions()
  /// What says how far the run is; `nil` for runs that are one of many.
  let progress: Progress?

  init(
    study: Study, progress: Progress?, explores: Bool = true, efficiency: EfficiencyTable = .builtIn
  ) {
    self.study = study
    self.progress = progress
    options.explores = explores
    options.efficiency = efficiency
    guard let progress else { return }
    let stages = PlanProgress(progress, study.scenario)
    options.onProgress = { stages.enter($0) }
  }

  func plan() throws -> Plan {
    SolverAbort.explain()
    if progress != nil { Output.diagnostics(study.warnings) }
    let paths = ProjectPaths(scenario: study.files[0])
    var traces: [String: TraceReading] = [:]
    var sources = try study.files.map { Plan.SourceFile(path: paths.relative($0), sha256: try Self.hash($0)) }
    for trace in study.traces {
      let path = trace.path
      let reading = try Self.read(trace)
      progress?.line(
        "\(path): \(reading.accepted) requests accepted, \(reading.rejected) rejected (\(reading.format.rawValue))"
      )
      traces[trace.service] = reading
      if !sources.contains(where: { $0.path == paths.relative(path) }) {
        sources.append(Plan.SourceFile(path: paths.relative(path), sha256: reading.sha256 ?? ""))
      }
    }
    let plan = try PlanPipeline(
      study: paths.relative(study), traces: traces, sources: sources, toolVersion: Fleetplan.version,
      evidence: options.explores ? [.kernelEvidence, .measuredEvidence] : [], options: options
    ).run()
    return paths.relative(plan, files: study.files)
  }

  static func read(_ trace: Study.TraceFile) throws -> TraceReading {
    do throws(TraceError) {
      return try TraceInputOptions.reading(trace.path, TraceOptions())
    } catch {
      if case .missing = error { throw ExitError(.inputMissing, [trace.missing]) }
      throw ExitError(.badContent, [error.diagnostic(path: trace.path)])
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

  /// The performance model against published measurements of accelerators, each predicted by constants that were fitted
  /// without its run.
  static var measuredEvidence: Report.Section {
    let records = FitRecord.builtIn.filter { !$0.points.isEmpty }
    let sentences = records.compactMap { record -> String? in
      guard let run = record.line("all", .run), let source = record.line("all", .source) else { return nil }
      return "Of \(record.rows) published \(record.kind) measurements half are predicted within "
        + "\(rounded(100 * run.median, 2)) % and nine in ten within \(rounded(100 * run.p90, 2)) % by constants that "
        + "never saw the run; for a source never seen these are \(rounded(100 * source.median, 2)) % and "
        + "\(rounded(100 * source.p90, 2)) %."
    }
    return Report.Section(
      "How well it predicts published measurements",
      [.paragraph(sentences.joined(separator: " "))] + records.map { .chart($0.chart) })
  }
}
