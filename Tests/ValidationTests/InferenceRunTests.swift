import FleetData
import Foundation
import Performance
import Testing

@testable import Validation

/// Published inference measurements, each with its source, in `fixtures/published`.
@Suite struct InferenceRunTests {
  static let data = try! published("inference-runs.json")
  static let runs = try! MeasuredCase.read(data)
  static let found = try! verify(data)

  @Test("Published inference runs are predicted with a median error of 12 % and nine in ten within 35 %")
  func errors() throws {
    for name in ["all", "tpu"] {
      let group = try #require(Self.found.summary.first { $0.name == name })
      #expect(group.errors.median <= 0.12 && group.errors.p90 <= 0.35, "\(name)")
    }
    #expect(Self.found.predicted.count >= 287)
  }

  @Test(
    "Rows of runs that a fit never saw are predicted with a median error of 12 % and nine in ten within 35 %")
  func heldOut() throws {
    let record = try #require(FitRecord.builtIn.first { $0.kind == "inference" })
    let line = try #require(record.line("all", .run))
    #expect(line.rows == record.rows && line.median <= 0.12 && line.p90 <= 0.35)
    #expect(record.line("all", .source) != nil && record.line("all", .chip) != nil)
  }

  @Test("The constants that ship were fitted to these very rows, inference and training")
  func digests() throws {
    let inference = try #require(FitRecord.builtIn.first { $0.kind == "inference" })
    let training = try #require(FitRecord.builtIn.first { $0.kind == "training" })
    #expect(Self.found.fit?.digest == inference.digest)
    #expect(try verify(published("training-runs.json")).fit?.digest == training.digest)
    #expect(inference.rows == Self.found.predicted.count)
    // A row measured otherwise is another file.
    var other = Self.found.rows
    other[0].measured *= 1.01
    #expect(MeasuredVerification(rows: other, records: FitRecord.builtIn).fit == nil)
  }

  @Test("What the file says of its own errors is what verifying its rows finds")
  func recorded() throws {
    let record = try #require(Self.found.fit)
    let line = try #require(record.line("all", .nothing))
    let now = ErrorSummary(Self.found.predicted.compactMap(\.ratio))
    // The constants are written with four digits, the errors with four decimals.
    #expect(abs(line.median - now.median) < 1e-3 && abs(line.p90 - now.p90) < 2e-3)
  }

  @Test("No published run is faster than its physical lower bound")
  func bounds() {
    for row in Self.found.rows { #expect(!row.beatsBound, "\(row.id)") }
  }

  @Test("The same rows give the same constants, and rows of one stack inform nothing of another")
  func repeatable() throws {
    let few = Self.runs.filter { $0.hardware.chip == "TPU v4" }
    let fit = InferenceFit(few)
    let rows = Array(fit.rows.indices)
    let x = fit.solve(rows, iterations: 2)
    #expect(x == fit.solve(rows, iterations: 2))
    #expect(fit.parameters.software == ["paxml"] && fit.parameters.chips == ["tpu-v4"])
    let informed = fit.informed(x, rows)
    // Neither experts, caches that fill up, 4-bit multiplies nor latency limits are in these rows.
    #expect(informed > 5 && informed < fit.parameters.slots.count - 6)
  }
}

@Suite("Serving stacks are read from a row's own words")
struct CaseSoftwareTests {
  func row(
    title: String = "a blog", notes: String = "", chip: String = "H100-80GB-SXM", fields: String = ""
  ) throws -> MeasuredCase {
    let json = """
      [{"id": "row", "source": {"title": "\(title)"}, "model": {"name": "GPT-J-6B", "params": 6e9},
        "hardware": {"chip": "\(chip)", "n_chips": 1}, "precision": {"weights": "bf16"},
        "workload": {"phase": "offline_throughput"},
        "measured": {"metric": "output_throughput", "value": 1, "unit": "tok/s"}, "notes": "\(notes)"\(fields)}]
      """
    return try MeasuredCase.read(Data(json.utf8))[0]
  }

  @Test("A source never seen is known by the engine it names")
  func unseen() throws {
    #expect(try row(title: "vLLM nightly").software.id == "vllm")
    #expect(try row(notes: "vllm bench serve", chip: "TPU v6e").software.id == "vllm-tpu")
    #expect(try row(notes: "LMDeploy 0.6").software.id == "lmdeploy")
    #expect(try row(fields: #", "framework": "JetStream""#).software.id == "jetstream")
    #expect(
      try row(title: "MLPerf Inference v9.9", notes: "gptj Server, X, vLLM 2").software.id == "vllm-mlperf")
    #expect(try row(notes: "vllm, 2023 software").software.id == "engines-2023")
  }

  @Test("A row that names no engine is driven by its family's typical stack, and says so")
  func unnamed() throws {
    let software = try row().software
    #expect(software.id == "family:gpu" && software.assumption?.contains("GPUs") == true)
  }

  @Test("Lengths left open are a public data set's or half the nominal ones, and every assumption is told")
  func lengths() throws {
    let mlperf = try row(title: "MLPerf Inference v4.1", notes: "gptj-99 Offline, X; beam width 4")
    #expect(mlperf.assumedLengths?.input == 778 && mlperf.beams == 4)
    #expect(try row(notes: "nominal 1024/512, random").assumedLengths?.output == 256)
    #expect(try row(notes: "ShareGPT, 2000 prompts").assumedLengths?.input == 220)
    #expect(try row().assumedLengths == nil)
    let setup = try CaseSetup(mlperf, catalog: .builtIn, table: .builtIn)
    #expect(setup.assumed.contains { $0.contains("778 tokens in") })
  }

  @Test("A v7x chip is two devices: fewer tensor ways than devices leave chips idle")
  func idle() throws {
    let half = try row(chip: "TPU v7x", fields: #", "parallelism": {"tp": 4}"#)
    var four = half
    four.hardware.nChips = 4
    let setup = try CaseSetup(four, catalog: .builtIn, table: .builtIn)
    #expect(setup.instance.sharding.tensor == 2 && setup.assumed.contains { $0.contains("2 of 4 chips") })
  }
}
