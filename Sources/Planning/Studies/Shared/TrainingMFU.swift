import Economics
import FleetData
import Performance

/// The share of the peak that training reaches: as given, as measured on the published run most like it, or as predicted.
///
/// Without a given one the measured stands and the prediction beside it; its range covers the two runs that are next in
/// likeness, and the prediction with the band of its fit. Where no model of its kind was published on the chip the prediction stands, within the band of its fit.
struct TrainingMFU: Sendable {
  var used: InputRange
  var predicted: Double?
  /// Why nothing was predicted.
  var refusal: String?
  /// The published run most alike; `nil` when none of its kind ran on the chip.
  var nearest: PublishedTrainingRun?
  var isGiven: Bool

  /// - Parameter predict: the MFU of the best sharding.
  /// - Throws: what `predict` throws when nothing else is known.
  init(
    given: InputRange?, model: TransformerSpec, chip: ChipSpec, chips: Int,
    predict: () throws(StudyError) -> Double
  ) throws(StudyError) {
    let counts = ModelCounts(model)
    let alike = PublishedTrainingRun.nearest(
      chip: chip.id, parameters: counts.activeParameters, chips: chips, experts: model.hasExperts)
    nearest = alike.first
    isGiven = given != nil
    var predicted: Double?
    do { predicted = try predict() } catch {
      guard given != nil || nearest != nil else { throw error }
      refusal = error.description
    }
    self.predicted = predicted
    let band = min(0.5, TrainingEfficiencyTable.builtIn.entry(for: chip).band ?? 0.25)
    let around = predicted.map { InputRange($0, plusOrMinus: band).capped(at: 1) }
    if let given {
      try given.check("MFU", .positiveShare)
      used = given
    } else if let nearest {
      let others = alike.prefix(3).map(\.mfu) + [around?.low, around?.high].compactMap { $0 }
      used = InputRange(nearest.mfu, from: others.min() ?? nearest.mfu, to: others.max() ?? nearest.mfu)
    } else {
      used = around ?? InputRange(0)
    }
  }

  var grade: Grade { isGiven ? .assumed : nearest == nil ? .derived : .measured }

  /// `measured on Llama3.1-70B, 256 tpu-v6e`.
  var source: String {
    if isGiven { return "the question" }
    guard let nearest else {
      return "predicted for the best sharding: no such model was published on this chip"
    }
    return "measured: \(nearest.words), \(nearest.source)"
  }

  /// What each way of knowing says, the one that is used marked.
  var rows: [[Cell]] {
    func row(_ name: String, _ value: Double?, _ grade: Grade, _ used: Bool, _ source: String) -> [Cell] {
      [
        .text(name), value.map { .number($0 * 100, grade: grade) } ?? .absent(reason: source), .text("%"),
        .text((used ? "used; " : "") + source),
      ]
    }
    var rows: [[Cell]] = isGiven ? [row("MFU as given", used.base, .assumed, true, "the question")] : []
    rows.append(
      row(
        "MFU measured on the run most alike", nearest?.mfu, .measured, !isGiven && nearest != nil,
        nearest.map { "\($0.words), \($0.source)" } ?? "no such model was published on this chip"))
    rows.append(
      row(
        "MFU predicted", predicted, .derived, !isGiven && nearest == nil,
        refusal ?? "the performance model, best sharding"))
    return rows
  }
}

extension PublishedTrainingRun {
  var words: String { "\(model) on \(StudyText.number(Double(chips))) \(chip)" }
}

extension TransformerSpec {
  /// Does any layer route its tokens to experts?
  var hasExperts: Bool {
    layers.contains { layer in
      if case .experts = layer.ffn { return true }
      return false
    }
  }
}
