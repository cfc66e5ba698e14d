import FleetData
import Foundation
import Testing

@testable import Ingest
@testable import Planning

/// Published traces beside the checkout, or nothing where they are not.
private func published(_ name: String) -> String? {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let path = root.appending(path: "../shared/traces/\(name)").standardized.path
  return FileManager.default.fileExists(atPath: path) ? path : nil
}

@Test(
  "A plan on published arrivals keeps its promises and its laws",
  .enabled(if: published("azure-code-2023.csv") != nil),
  arguments: [
    ("azure-code-2023.csv", "peak_rate: 8req/s", "{ttft: 3s, tpot: 80ms, percentile: 95%}")
  ])
func publishedTracesArePlanned(_ name: String, _ rate: String, _ slo: String) throws {
  var study = SmallStudy.threeSites
  study.slo = slo
  study.service = [rate, "kv: fp8", "weights: int8", "regions: {americas: 60%, europe: 40%}"]
  study.scenario = ["survive_site_loss: true"]
  var reading = try TraceReader.read(path: try #require(published(name)))
  reading.trace = reading.trace[Array(0..<300)]
  let plan = try PlanPipeline(
    study: try study.study(), traces: ["chat": reading], sources: [], toolVersion: "test",
    options: study.options
  ).run()
  #expect(plan.verdict.status == .feasible, "\(plan.verdict.sentence)")
  #expect(plan.checks.allSatisfy { $0.passed })
  #expect(plan.serviceLevels.allSatisfy { $0.result.value <= $0.targetSeconds })
  #expect(plan.siteLosses?.isEmpty == false && plan.siteLosses!.allSatisfy { $0.verdict == .pass })
}

@Test(
  "Long prompts survive the loss of a site where every site is fast enough, and where one alone is it is said why",
  .enabled(if: published("mooncake-conversation.jsonl") != nil))
func longPromptsSurviveALoss() throws {
  func plan(_ model: String, _ slo: String) throws -> Plan {
    var study = SmallStudy.threeSites
    study.model = model
    study.slo = slo
    study.service = [
      "peak_rate: 1req/s", "kv: fp8", "weights: int8", "regions: {americas: 60%, europe: 40%}",
    ]
    study.scenario = ["survive_site_loss: true"]
    let sites = model.hasSuffix("70b") ? ["osaka"] : ["iowa", "paris", "osaka"]
    study.pods += sites.map {
      "h100-\($0): {site: \($0), chip: h100-sxm, topology: 8, count: 4, price: {on_demand: $3/chip.h}}"
    }
    var reading = try TraceReader.read(path: try #require(published("mooncake-conversation.jsonl")))
    reading.trace = reading.trace[Array(0..<150)]
    return try PlanPipeline(
      study: try study.study(), traces: ["chat": reading], sources: [], toolVersion: "test",
      options: study.options
    ).run()
  }
  let small = try plan("llama-3.1-8b", "{ttft: 8s, tpot: 80ms, percentile: 95%}")
  #expect(small.verdict.status == .feasible, "\(small.verdict.sentence)")
  #expect(small.siteLosses?.isEmpty == false && small.siteLosses!.allSatisfy { $0.verdict == .pass })
  let large = try plan("llama-3.1-70b", "{ttft: 30s, tpot: 100ms, percentile: 95%}")
  #expect(large.verdict.status == .infeasible, "\(large.verdict.sentence)")
  #expect(large.verdict.sentence.contains("only osaka may serve chat"), "\(large.verdict.sentence)")
  #expect(large.verdict.sentence.contains(": elsewhere "), "\(large.verdict.sentence)")
  #expect(large.verdict.smallestRelaxation != nil)
}
