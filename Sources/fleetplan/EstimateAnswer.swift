import FleetData
import Performance
import Quantities

/// What `estimate` answers: the best choice first, the runners-up after it.
struct EstimateAnswer {
  struct Choice {
    var estimate: StepEstimate
    var slice: SliceTopology
    var slices = 1
    var batch: Int?
    var tokensPerSecond: Double
    var round: SpeculativeRound?
    var training: TrainingSetup?

    init(_ choice: ServingChoice) {
      estimate = choice.estimate
      slice = choice.instance.slice
      batch = choice.batch
      tokensPerSecond = choice.tokensPerSecond
    }

    init(_ choice: ServingChoice, _ round: SpeculativeRound) {
      self.init(choice)
      estimate = round.verify
      self.round = round
      tokensPerSecond = Double(choice.batch) / round.secondsPerToken.value
    }

    init(_ choice: TrainingChoice) {
      estimate = choice.estimate
      slice = choice.setup.slice
      slices = choice.setup.slices
      training = choice.setup
      tokensPerSecond = Double(choice.setup.tokensPerStep) / choice.estimate.time.value
    }

    var chips: Int { slice.chips * slices }

    /// Model FLOPs over peak by every convention of counting; recompute makes it an HFU.
    var utilisations: [(convention: FLOPConvention, share: Double)] {
      guard let training, let peak = training.chip.peak[training.precision]?.value else { return [] }
      let tokens = Double(training.tokensPerStep)
      let possible = Double(chips) * peak.value * estimate.time.value
      return FLOPConvention.allCases.filter { $0 != .fullRecompute || training.recompute == .full }.map {
        let flops = trainingFLOPsPerToken(training.model, sequence: training.sequence, convention: $0)
        return ($0, flops.value * tokens / possible)
      }
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
    let several = best.slices > 1 ? "\(best.slices) × " : ""
    var lines = [
      "\(model.name), \(phase) on \(best.chips) \(chip.id) (\(several)\(best.slice)), \(axes(e.sharding))",
      "  time          \(seconds(e.time))" + band(e.errorBand) + ", bound by \(e.bound.rawValue)",
      "  lower bound   \(seconds(e.lowerBound))",
      "  compute \(seconds(e.breakdown.compute)), HBM \(seconds(e.breakdown.hbm)), interconnect "
        + "\(seconds(e.breakdown.interconnect)), overhead \(seconds(e.breakdown.overhead))",
    ]
    lines += speculationLines(best) + [rateLine(best)] + trainingLines(best)
    lines += [
      "  memory        \(gigabytes(e.memory.total)) of \(gigabytes(e.memory.capacity)): weights "
        + "\(gigabytes(e.memory.weights)), KV \(gigabytes(e.memory.kvCache)), other \(gigabytes(e.memory.other))",
      "  grade         \(e.grade.rawValue)",
    ]
    if choices.count > 1 { lines.append("  runners-up") }
    for other in choices.dropFirst() {
      let part = other.slice == best.slice ? "" : " on \(other.slice)"
      lines.append(
        "    \(axes(other.estimate.sharding))\(part): \(seconds(other.round?.time ?? other.estimate.time)), "
          + "\(rounded(other.tokensPerSecond, 4)) tokens/s")
    }
    return lines.joined(separator: "\n")
  }

  private func rateLine(_ choice: Choice) -> String {
    let sequences = choice.batch.map { $0 > 1 ? ", \($0) sequences at once" : "" } ?? ""
    let mfu = "MFU \(rounded(100 * choice.estimate.mfu, 3)) %"
    return "  rate          \(rounded(choice.tokensPerSecond, 4)) tokens/s\(sequences), \(mfu)"
  }

  private func speculationLines(_ choice: Choice) -> [String] {
    guard let round = choice.round else { return [] }
    let drafts = round.speculation.draftTokens
    return [
      "  drafts        \(drafts) by \(round.draftID) at \(seconds(round.draftStep)) each; the time above checks them",
      "  round         \(seconds(round.time)) gives \(rounded(round.speculation.tokensPerRound, 3)) tokens: "
        + "\(seconds(round.secondsPerToken)) a token, \(rounded(round.speedup, 3)) × as fast as "
        + "\(seconds(round.plain)) without",
    ]
  }

  private func trainingLines(_ choice: Choice) -> [String] {
    guard let setup = choice.training else { return [] }
    let shares = choice.utilisations.map {
      "\($0.convention.rawValue)\($0.convention == .fullRecompute ? " (HFU)" : "") \(rounded(100 * $0.share, 3)) %"
    }
    return [
      "  utilisation   " + shares.joined(separator: ", "),
      "  policy        recompute \(setup.recompute.rawValue), overlap \(setup.overlap.rawValue)",
    ]
  }

  private func band(_ band: Double?) -> String { band.map { " ± \(rounded(100 * $0, 2)) %" } ?? "" }
  /// Terabytes from ten thousand gigabytes on.
  private func gigabytes(_ size: Bytes) -> String {
    size.value >= 1e13 ? "\(rounded(size.value / 1e12, 4)) TB" : "\(rounded(size.value / 1e9, 4)) GB"
  }

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
  // Scales below 1 are no exact numbers; their inverses are.
  let cut = scale < 1 ? (value * scale).rounded() * (1 / scale).rounded() : (value * scale).rounded() / scale
  return cut == cut.rounded() && abs(cut) < 1e15 ? "\(Int64(cut))" : "\(cut)"
}
