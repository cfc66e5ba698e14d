import FleetData
import Performance
import Quantities

/// What `estimate` answers: the best choice first, the runners-up after it.
struct EstimateAnswer {
  struct Choice {
    var estimate: StepEstimate
    var slice: SliceTopology
    var batch: Int?
    var tokensPerSecond: Double

    init(_ choice: ServingChoice) {
      estimate = choice.estimate
      slice = choice.instance.slice
      batch = choice.batch
      tokensPerSecond = choice.tokensPerSecond
    }

    init(_ choice: TrainingChoice) {
      estimate = choice.estimate
      slice = choice.setup.slice
      batch = nil
      tokensPerSecond = Double(choice.setup.tokensPerStep) / choice.estimate.time.value
    }
  }

  var model: TransformerSpec
  var chip: ChipSpec
  var phase: String
  var choices: [Choice]

  var record: EstimateRecord {
    var record = EstimateRecord(choices[0])
    record.model = model.id
    record.chip = chip.id
    record.phase = phase
    record.alternatives = choices.dropFirst().map {
      .init(
        sharding: $0.estimate.sharding, slice: $0.slice.description, timeS: $0.estimate.time.value,
        tokensPerS: $0.tokensPerSecond)
    }
    return record
  }

  var text: String {
    let best = choices[0]
    let e = best.estimate
    var lines = [
      "\(model.name), \(phase) on \(best.slice.chips) \(chip.id) (\(best.slice)), \(axes(e.sharding))",
      "  time          \(seconds(e.time))" + band(e.errorBand) + ", bound by \(e.bound.rawValue)",
      "  lower bound   \(seconds(e.lowerBound))",
      "  compute \(seconds(e.breakdown.compute)), HBM \(seconds(e.breakdown.hbm)), interconnect "
        + "\(seconds(e.breakdown.interconnect)), overhead \(seconds(e.breakdown.overhead))",
      "  rate          \(rounded(best.tokensPerSecond, 4)) tokens/s, MFU \(rounded(100 * e.mfu, 3)) %",
      "  memory        \(gigabytes(e.memory.total)) of \(gigabytes(e.memory.capacity)): weights "
        + "\(gigabytes(e.memory.weights)), KV \(gigabytes(e.memory.kvCache)), other \(gigabytes(e.memory.other))",
      "  grade         \(e.grade.rawValue)",
    ]
    if choices.count > 1 { lines.append("  runners-up") }
    for other in choices.dropFirst() {
      lines.append(
        "    \(axes(other.estimate.sharding)): \(seconds(other.estimate.time)), "
          + "\(rounded(other.tokensPerSecond, 4)) tokens/s")
    }
    return lines.joined(separator: "\n")
  }

  private func band(_ band: Double?) -> String { band.map { " ± \(rounded(100 * $0, 2)) %" } ?? "" }
  private func gigabytes(_ size: Bytes) -> String { "\(rounded(size.value / 1e9, 4)) GB" }

  private func seconds(_ time: Seconds) -> String {
    let t = time.value
    if t >= 1 || t == 0 { return "\(rounded(t, 4)) s" }
    return t >= 1e-3 ? "\(rounded(t * 1e3, 4)) ms" : "\(rounded(t * 1e6, 4)) µs"
  }

  private func axes(_ s: Sharding) -> String {
    let named = [
      ("data", s.data), ("fsdp", s.fsdp), ("tensor", s.tensor), ("pipeline", s.pipeline),
      ("expert", s.expert),
      ("sequence", s.sequence),
    ].filter { $0.1 > 1 }
    return named.isEmpty ? "one chip" : named.map { "\($0.0) \($0.1)" }.joined(separator: " × ")
  }
}

/// A number with so many significant digits, without a trailing `.0`.
func rounded(_ value: Double, _ digits: Int) -> String {
  guard value != 0, value.isFinite else { return "0" }
  var scale = 1.0
  var magnitude = abs(value)
  while magnitude >= 10 { (magnitude, scale) = (magnitude / 10, scale / 10) }
  while magnitude < 1 { (magnitude, scale) = (magnitude * 10, scale * 10) }
  for _ in 1..<digits { scale *= 10 }
  let cut = (value * scale).rounded() / scale
  return cut == cut.rounded() && abs(cut) < 1e15 ? "\(Int64(cut))" : "\(cut)"
}
