import FleetData
import Foundation
import Performance
import Testing

@testable import Validation

@Suite("Measured inference rows")
struct MeasuredCaseTests {
  func row(_ phase: String, metric: String, value: Double, batch: String, chip: String = "H100-80GB-SXM")
    throws
    -> MeasuredCase
  {
    let json = """
      [{"id": "row", "source": {"title": "a test bench"},
        "model": {"name": "8B", "params": 8030000000, "layers": 32, "d_model": 4096, "heads": 32, "kv_heads": 8,
                  "head_dim": 128, "d_ff": 14336, "vocab": 128256, "gated_ffn": true, "moe": null,
                  "tied_embeddings": false},
        "hardware": {"chip": "\(chip)", "n_chips": 1, "topology": null},
        "precision": {"weights": "fp16", "activations": "fp16", "kv": "fp16"},
        "parallelism": {"tp": 1, "ep": "unstated"},
        "workload": {"phase": "\(phase)", "batch": \(batch), "input_tokens": 512, "output_tokens": 128,
                     "context": 576},
        "measured": {"metric": "\(metric)", "value": \(value), "unit": "ms"}}]
      """
    return try MeasuredCase.read(Data(json.utf8))[0]
  }

  @Test("A decode row is predicted in its own unit and never beats the physical bound")
  func decode() throws {
    let setup = try CaseSetup(
      row("decode", metric: "step_latency", value: 10, batch: "8"), catalog: .builtIn, table: .builtIn)
    let prediction = try setup.predict(.builtIn)
    let limit = try #require(prediction.limit)
    // 8.03 GB × 2 bytes less the looked-up table, over 3.35 TB/s: at least 4.4 ms.
    #expect(limit > 4.4 && prediction.predicted > limit && prediction.predicted < 30)
    #expect(!prediction.beatsLimit)
  }

  @Test("A time shorter than physics allows is reported as such")
  func tooFast() throws {
    let setup = try CaseSetup(
      row("decode", metric: "step_latency", value: 2, batch: "8"), catalog: .builtIn, table: .builtIn)
    #expect(try setup.predict(.builtIn).beatsLimit)
  }

  @Test("A row that states too little is skipped with its reason")
  func skipped() throws {
    let found = try verify(
      Data(
        """
        [{"id": "row", "source": {"title": "t"}, "model": {"name": "m", "params": 1e9},
          "hardware": {"chip": "H100", "n_chips": 1}, "precision": {"weights": "bf16"},
          "workload": {"phase": "decode"}, "measured": {"metric": "step_latency", "value": 1, "unit": "ms"}}]
        """.utf8))
    #expect(found.rows.count == 1 && found.predicted.isEmpty)
    #expect(found.rows[0].reason?.contains("batch") == true)
  }

  @Test("A file that holds no measurements is refused")
  func refused() {
    #expect(throws: Diagnostic.self) { try verify(Data("{}".utf8)) }
  }
}

@Suite("Fitting")
struct InferenceFitTests {
  @Test("The damped solver solves a small symmetric system")
  func solver() throws {
    // [[4, 2], [2, 3]] · [1, 2] = [8, 8].
    let solved = try #require(choleskySolve([4, 2, 2, 3], [8, 8], damping: 0))
    #expect(abs(solved[0] - 1) < 1e-12 && abs(solved[1] - 2) < 1e-12)
    #expect(choleskySolve([1, 2, 2, 1], [1, 1], damping: 0) == nil)
  }

  @Test("Constants start at their family's, and a departure moves one owner only")
  func parameters() throws {
    let parameters = EfficiencyParameters(families: ["gpu"], chips: ["h100-sxm", "l40s"], software: ["vllm"])
    var x = parameters.start
    let place = try #require(parameters.position(.chip, "matmul", "l40s"))
    x[place] += 1
    let table = parameters.table(x, family: { _ in "gpu" })
    let h100 = try #require(table.entries.first { $0.id == "h100-sxm" })
    let l40s = try #require(table.entries.first { $0.id == "l40s" })
    #expect(l40s.constants.matmul > h100.constants.matmul)
    #expect(l40s.constants.bandwidth == h100.constants.bandwidth)
  }

  @Test("Errors are summarised by median and 90th percentile")
  func summary() {
    let errors = ErrorSummary([1.1, 0.9, 1.5, 1.0, 1.2])
    #expect(errors.count == 5 && abs(errors.median - 0.1) < 1e-12 && abs(errors.p90 - 0.38) < 1e-12)
  }
}
