import Economics
import FleetData
import Foundation
import Performance

/// A published measurement that the scale study holds its predictions against.
struct PublishedSpeed: Sendable {
  enum Measure: Sendable {
    /// One decode step of this batch over this context, in milliseconds.
    case step(batch: Int, context: Int, milliseconds: Double)
    /// Output tokens per second of the whole slice, saturated with requests of this size.
    case throughput(RequestShape, tokensPerSecond: Double)
  }

  var name: String
  var model: String
  var chip: String
  var chips: Int
  var weights: Precision
  var kv: Precision
  var measure: Measure
  var source: String

  /// The serving stack that was measured, as the performance model's constants name it.
  var software: String {
    switch source {
    case Self.pope: "paxml"
    case Self.jax: "jax-llm-examples"
    default: "tensorrt-llm"
    }
  }

  private static let pope = "Pope et al. 2022, arXiv:2211.05102"
  private static let jax = "jax-ml/jax-llm-examples, Llama 3 README"
  private static let tensorRT = "TensorRT-LLM v1.0 performance overview"

  static let all: [PublishedSpeed] = [
    .init(
      name: "PaLM 8B, bf16", model: "palm-8b", chip: "tpu-v4", chips: 8, weights: .bf16, kv: .bf16,
      measure: .step(batch: 64, context: 2048, milliseconds: 5.81), source: pope),
    .init(
      name: "PaLM 62B, int8", model: "palm-62b", chip: "tpu-v4", chips: 8, weights: .int8, kv: .bf16,
      measure: .step(batch: 1024, context: 2048, milliseconds: 148.72), source: pope),
    .init(
      name: "PaLM 540B, int8", model: "palm-540b", chip: "tpu-v4", chips: 64, weights: .int8, kv: .bf16,
      measure: .step(batch: 64, context: 2048, milliseconds: 27.83), source: pope),
    .init(
      name: "PaLM 540B, bf16", model: "palm-540b", chip: "tpu-v4", chips: 64, weights: .bf16, kv: .bf16,
      measure: .step(batch: 64, context: 2048, milliseconds: 36.16), source: pope),
    .init(
      name: "PaLM 540B, bf16, 128 chips", model: "palm-540b", chip: "tpu-v4", chips: 128, weights: .bf16,
      kv: .bf16, measure: .step(batch: 64, context: 2048, milliseconds: 32.91), source: pope),
    .init(
      name: "Llama-3-70B, int8", model: "llama-3.1-70b", chip: "tpu-v5e", chips: 16, weights: .int8,
      kv: .int8,
      measure: .step(batch: 8, context: 2048, milliseconds: 1000 / 159.0), source: jax),
    .init(
      name: "Llama-3-70B, int8", model: "llama-3.1-70b", chip: "tpu-v5e", chips: 16, weights: .int8,
      kv: .int8,
      measure: .step(batch: 32, context: 8192, milliseconds: 1000 / 93.8), source: jax),
    .init(
      name: "Llama-3.1-405B, fp8", model: "llama-3.1-405b", chip: "h100-sxm", chips: 8, weights: .fp8,
      kv: .fp8,
      measure: .throughput(RequestShape(input: 128, output: 2048), tokensPerSecond: 4340), source: tensorRT),
    .init(
      name: "Llama-3.1-405B, fp8", model: "llama-3.1-405b", chip: "h200-sxm", chips: 8, weights: .fp8,
      kv: .fp8,
      measure: .throughput(RequestShape(input: 2048, output: 2048), tokensPerSecond: 2948), source: tensorRT),
  ]

  /// The instance that was measured, priced with the constants of its software.
  func instance() throws -> InferenceModel {
    let chip = try Catalog.builtIn.chip(chip)
    return try InferenceModel(
      model: Catalog.builtIn.model(model), chip: chip, slice: .standard(chips: chips, on: chip),
      sharding: Sharding(tensor: chips), weights: weights, kv: kv,
      efficiency: EfficiencyTable(entries: [EfficiencyTable.builtIn.entry(for: chip, software: software)]),
      checked: false)
  }
}

/// The published closed form for three sizes of Llama on H100, and the same paper's full model beside it.
func latencyFloorTable() throws(StudyError) -> Table {
  let sizes: [(name: String, id: String, parameters: Double, layers: Int, chips: Double, speed: Double)] = [
    ("8B", "llama-3.1-8b", 8e9, 32, 11.3, 967), ("70B", "llama-3.1-70b", 70e9, 80, 26.0, 235),
    ("405B", "llama-3.1-405b", 405e9, 126, 61.9, 91.8),
  ]
  var rows: [[Cell]] = []
  for size in sizes {
    let (chips, seconds, ratio) = try economics { () throws(EconomicsError) in
      let floor = try LatencyFloor(
        parameters: size.parameters, bytesPerParameter: 2, hbmBytesPerSecond: 3.3e12, layers: size.layers)
      return (floor.bestChips, try floor.leastSeconds(), try floor.costRatio(chips: floor.bestChips))
    }
    rows.append([
      .text(size.name), .number(chips, grade: .derived), .number(size.chips, grade: .quoted),
      .number(seconds * 1000, grade: .derived), .number(1 / seconds, grade: .derived),
      .number(size.speed, grade: .quoted), .number(ratio), try fullModelSpeed(size.id),
    ])
  }
  return Table(
    id: "scale-floor", title: "The ceiling in closed form: fp16 on H100 with 3.3 TB/s, 1 µs hops",
    columns: [
      Table.Column("Model"), Table.Column("n*", unit: "chips", format: .significant3),
      Table.Column("Published n*", unit: "chips", format: .significant3),
      Table.Column("t_min", unit: "ms", format: .decimal3),
      Table.Column("Speed", unit: "tok/s", format: .significant3),
      Table.Column("Published speed", unit: "tok/s", format: .significant3),
      Table.Column("Chip time per token over one chip's", unit: "×", format: .decimal2),
      Table.Column("With protocol and launches", unit: "tok/s", format: .significant3),
    ], rows: rows,
    note:
      "t_min = 3(L·r·h)^(2/3)(pN/B)^(1/3) − 2L·r·h; the last column adds NCCL's protocol latency, kernel launches and "
      + "sustained shares on nodes of 8, at 1,000 tokens of context (arXiv:2506.04645).")
}

private func fullModelSpeed(_ id: String) throws(StudyError) -> Cell {
  guard let model = try? Catalog.builtIn.model(id), let cluster = SwitchedClusterModel(model) else {
    return .absent(reason: "the catalog has no such dense model")
  }
  return .number(
    try economics { () throws(EconomicsError) in try cluster.fastest(context: 1000).tokensPerSecond },
    grade: .derived)
}
