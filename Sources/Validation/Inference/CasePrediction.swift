import FleetData
import Performance
import Quantities

/// What the model says of one measured row, in the row's own unit.
public struct CasePrediction: Sendable, Hashable {
  public var predicted: Double
  public var measured: Double
  public var unit: String
  /// The physical limit in that unit: a least time or a greatest rate; `nil` where the row lacks a shape.
  public var limit: Double?
  /// Times are better short, rates high.
  public var isRate: Bool
  /// What was assumed where the row is silent.
  public var assumed: [String]

  public var ratio: Double { predicted / measured }
  /// Was the measurement better than physics allows? A percent is left for rounding in the source.
  public var beatsLimit: Bool {
    guard let limit else { return false }
    return isRate ? measured > 1.01 * limit : measured < 0.99 * limit
  }
}

extension CaseSetup {
  /// - Throws: a `Diagnostic` that says what the row leaves unsaid.
  func predict(_ table: EfficiencyTable) throws(Diagnostic) -> CasePrediction {
    let value = try raw(batching(table)) * scale
    let limit = hasShape ? try? raw(physics) : nil
    return CasePrediction(
      predicted: value, measured: row.measured.value, unit: row.measured.unit,
      limit: limit.map { $0 * scale },
      isRate: isRate, assumed: assumed)
  }

  /// Predicted over measured alone, which a fit asks many thousand times.
  func ratio(_ table: EfficiencyTable) throws(Diagnostic) -> Double {
    try raw(batching(table)) * scale / row.measured.value
  }

  private var isRate: Bool {
    row.measured.metric.contains("throughput") || row.measured.metric.contains("_per_")
  }

  /// Of the row's unit in a second, for times.
  private var scale: Double { row.measured.unit == "ms" && !isRate ? 1e3 : 1 }

  /// The same workload on a machine that loses nothing.
  private var physics: ContinuousBatching {
    let ideal = EfficiencyTable.Entry(id: chip.id, constants: .ideal, rows: 0)
    let software = SoftwareEfficiency(
      id: "physics", cacheShare: 1.1, interleave: row.workload.phase == "prefill" ? 1 : 0, tail: 1,
      openLoop: 1)
    return ContinuousBatching(
      instance: instance.priced(with: ideal).unconnected, software: software, beams: row.beams)
  }

  /// Seconds or a rate, in SI units.
  private func raw(_ engine: ContinuousBatching) throws(Diagnostic) -> Double {
    switch row.workload.phase {
    case "decode": return try decode(engine)
    case "prefill": return try prefill(engine)
    case "e2e": return try endToEnd(engine)
    case "offline_throughput": return try offline(engine)
    default: throw Diagnostic("the phase '\(row.workload.phase)' is not one we model")
    }
  }

  private func decode(_ engine: ContinuousBatching) throws(Diagnostic) -> Double {
    guard let batch else { throw Diagnostic("the row does not state the batch") }
    if row.serving == true, let input, let output {
      let running = min(batch, engine.capacity(input: input, output: output))
      return engine.steady(concurrency: running, input: input, output: output).tpot.value
    }
    guard let context = row.workload.context ?? input.map({ $0 + (output ?? 0) / 2 }) else {
      throw Diagnostic("the row does not state the context")
    }
    let step = engine.decodeSeconds(sequences: batch, context: context)
    switch row.measured.metric {
    case "latency": return step * Double(output ?? 1)
    case "step_latency": return step
    case "decode_steps_per_s": return 1 / step
    case "output_throughput": return Double(replicas) * batch / step
    default: throw Diagnostic("the metric '\(row.measured.metric)' is not one we model for decode")
    }
  }

  private func prefill(_ engine: ContinuousBatching) throws(Diagnostic) -> Double {
    guard let input else { throw Diagnostic("the row does not state the prompt length") }
    let size = max(1, Int((batch ?? 8).rounded()))
    guard let step = try? engine.instance.prefillTime(batch: size, inputTokens: input) else {
      throw Diagnostic("the row's prompt cannot be prefilled")
    }
    switch row.measured.metric {
    // A burst of prompts: what is not interleaved with decoding is waited for, on average half of it.
    case "mean_ttft": return step.time.value * (1 - 0.5 * engine.software.interleave)
    case "input_throughput": return Double(replicas * size * input) / step.time.value
    case "latency", "first_token_latency": return step.time.value
    default: throw Diagnostic("the metric '\(row.measured.metric)' is not one we model for prefill")
    }
  }

  private func endToEnd(_ engine: ContinuousBatching) throws(Diagnostic) -> Double {
    guard let batch, let input, let output else {
      throw Diagnostic("the row does not state batch, prompt and output lengths")
    }
    let cached = max(0, (row.workload.context ?? input) - input)
    guard
      let first = try? engine.instance.prefillTime(
        batch: max(1, Int(batch)), inputTokens: input, cached: cached)
    else { throw Diagnostic("the row's prompt cannot be prefilled") }
    let step = engine.decodeSeconds(sequences: batch, context: cached + input + output / 2)
    let time = first.time.value + Double(output - 1) * step
    let tokens = Double(replicas) * batch * Double(output)
    switch row.measured.metric {
    case "latency": return time
    case "output_throughput": return tokens / time
    case "output_throughput_per_gpu": return tokens / time / Double(row.hardware.nChips)
    default: throw Diagnostic("the metric '\(row.measured.metric)' is not one we model end to end")
    }
  }

  private func offline(_ engine: ContinuousBatching) throws(Diagnostic) -> Double {
    guard let input, let output else {
      throw Diagnostic("the row states neither its lengths nor a data set whose lengths are published")
    }
    var running = engine.capacity(input: input, output: output)
    if let limit { running = min(running, limit) }
    if let batch { running = min(running, batch) } else if limit == nil { running = min(running, 2048) }
    var share = 1.0
    if let limit = row.tokenLimit {
      running = engine.concurrency(keeping: Seconds(limit), cap: running, input: input, output: output)
    }
    if row.scenario == .server || row.scenario == .interactive { share = engine.software.openLoop }
    let rate = engine.steady(concurrency: max(1, running), input: input, output: output).outputRate
    let total = rate * share * Double(replicas)
    switch row.measured.metric {
    case "output_throughput": return total
    case "output_throughput_per_gpu": return total / Double(row.hardware.nChips)
    case "samples_per_s", "requests_per_s": return total / Double(output)
    default: throw Diagnostic("the metric '\(row.measured.metric)' is not one we model for throughput")
    }
  }
}
