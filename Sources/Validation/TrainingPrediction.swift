import FleetData
import Performance

/// What the model says of one published run, in the unit the run was published in.
public struct TrainingPrediction: Sendable, Hashable {
  public var predicted: Double
  public var measured: Double
  /// `s`, `tokens/s/chip`, `TFLOP/s/chip` or `MFU`.
  public var unit: String
  /// The physical limit in that unit: a least time, or a greatest rate.
  public var limit: Double
  /// Predicted over measured step time, whatever the unit.
  public var timeRatio: Double
  public var fits: Bool
  public var setup: TrainingSetup
  public var estimate: StepEstimate

  /// Was the measurement faster than physics allows?
  public var beatsLimit: Bool { unit == "s" ? measured < limit : measured > limit }
}

/// Predicts one published run with the same code that prices training steps.
///
/// - Throws: a `Diagnostic` that says why the row cannot be predicted: an unknown chip, an unstated shape, a
///   prediction of another tool, an `EstimateError`.
public func predictTraining(
  _ row: TrainingCase, catalog: Catalog = .builtIn, efficiency: TrainingEfficiencyTable = .builtIn
) throws(Diagnostic) -> TrainingPrediction {
  if let kind = row.kind, kind != "measured" {
    throw Diagnostic("the row is a \(kind), not a measurement")
  }
  let chip = try catalog.chip(row.hardware)
  let spec = try row.model.spec(id: row.id, source: row.source)
  guard let sequence = row.model.seq else { throw Diagnostic("the row does not state the sequence length") }
  do {
    let setup = try row.setup(spec, chip: chip, sequence: sequence, efficiency: efficiency)
    let estimate = try trainingStepUnchecked(setup, efficiency: efficiency)
    return try compare(row, setup: setup, estimate: estimate)
  } catch let error as Diagnostic {
    throw error
  } catch {
    throw Diagnostic("\(error)")
  }
}

/// Puts the estimate beside the published figure: step time first, then token rate, then FLOP rate, then MFU.
private func compare(
  _ row: TrainingCase, setup: TrainingSetup, estimate: StepEstimate
) throws(Diagnostic) -> TrainingPrediction {
  let tokensPerChip = Double(setup.tokensPerStep) / Double(setup.chips)
  let flops = row.flopsPerToken(setup.model, sequence: setup.sequence)
  let peak = row.peakBf16FlopsUsed ?? setup.chip.peak[.bf16]?.value.value ?? 0
  // Published value, and what one step of t seconds is in its unit.
  let published: (value: Double, unit: String, ofTime: (Double) -> Double)
  if let step = row.measured.stepTimeS, row.tokensPerStep != nil {
    published = (step, "s", { $0 })
  } else if let rate = row.measured.tokensPerSPerChip ?? row.lifetimeTokenRate {
    published = (rate, "tokens/s/chip", { tokensPerChip / $0 })
  } else if let rate = row.measured.tflopsPerChip {
    published = (rate, "TFLOP/s/chip", { tokensPerChip / $0 * flops / 1e12 })
  } else if let mfu = row.measured.mfu, peak > 0 {
    published = (mfu, "MFU", { tokensPerChip / $0 * flops / peak })
  } else {
    throw Diagnostic(
      "the row states no step time, token rate, FLOP rate or MFU",
      found: "a run that \(estimate.memory.fits ? "fits" : "does not fit") by our count of memory")
  }
  let predicted = published.ofTime(estimate.time.value)
  let ratio = published.unit == "s" ? predicted / published.value : published.value / predicted
  return TrainingPrediction(
    predicted: predicted, measured: published.value, unit: published.unit,
    limit: published.ofTime(estimate.lowerBound.value), timeRatio: ratio, fits: estimate.memory.fits,
    setup: setup, estimate: estimate)
}

extension TrainingCase {
  /// Tokens per second and chip of a whole run: tokens trained over chip-hours.
  var lifetimeTokenRate: Double? {
    guard let hours = measured.gpuHoursTotal, let tokens = measured.tokensTotal else { return nil }
    return tokens / (hours * 3600)
  }

  /// The row's published FLOP rate against the one its token rate and our count give.
  public struct FLOPCheck: Sendable, Hashable {
    public var perToken: Double
    public var publishedPerToken: Double?
    public var rate: Double?
    public var publishedRate: Double?
    /// The larger relative distance of the two.
    public var error: Double
  }

  /// - Returns: `nil` when the row carries no check.
  public func flopCheck() throws(Diagnostic) -> FLOPCheck? {
    guard let check else { return nil }
    guard let sequence = model.seq else { throw Diagnostic("the row does not state the sequence length") }
    let ours = flopsPerToken(try model.spec(id: id, source: source), sequence: sequence)
    let tokenRate =
      measured.tokensPerSPerChip
      ?? measured.stepTimeS.flatMap { time in tokensPerStep.map { Double($0) / Double(nChips) / time } }
    let rate = tokenRate.map { $0 * ours / 1e12 }
    var errors: [Double] = []
    if let published = check.modelFlopsPerToken { errors.append(abs(ours / published - 1)) }
    if let published = check.recomputedTflopsPerChip, let rate { errors.append(abs(rate / published - 1)) }
    return FLOPCheck(
      perToken: ours, publishedPerToken: check.modelFlopsPerToken, rate: rate,
      publishedRate: check.recomputedTflopsPerChip, error: errors.max() ?? 0)
  }
}
