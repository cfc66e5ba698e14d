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
  "The long prompts of a published conversation trace survive the loss of any one site",
  .enabled(if: published("mooncake-conversation.jsonl") != nil))
func longPromptsSurviveALoss() throws {
  var study = SmallStudy.threeSites
  study.months = 1
  study.model = "llama-3.1-70b"
  study.slo = "{ttft: 30s, tpot: 100ms, percentile: 95%}"
  study.service = ["peak_rate: 1req/s", "kv: fp8", "weights: int8", "regions: {americas: 60%, europe: 40%}"]
  study.scenario = ["survive_site_loss: true"]
  study.pods.append(
    "h100-osaka: {site: osaka, chip: h100-sxm, topology: 8, count: 4, price: {on_demand: $3/chip.h}}")
  var reading = try TraceReader.read(path: try #require(published("mooncake-conversation.jsonl")))
  reading.trace = reading.trace[Array(0..<150)]
  let plan = try PlanPipeline(
    study: try study.study(), traces: ["chat": reading], sources: [], toolVersion: "test",
    options: study.options
  ).run()
  #expect(plan.verdict.status == .feasible, "\(plan.verdict.sentence)")
  #expect(plan.siteLosses?.isEmpty == false && plan.siteLosses!.allSatisfy { $0.verdict == .pass })
  #expect(plan.checks.allSatisfy { $0.passed })
}
