import Economics
import FleetData
import Foundation
import Performance

/// Scale up or scale out: one instance over 1…N chips, and N chips as many instances.
///
/// For every slice the best sharding is found twice: the one that is fastest for a lone user, and the one whose tokens
/// are cheapest at the speed users accept. Closed forms of the latency floor and published measurements stand beside.
/// - Throws: when the model fits no slice, nothing is fast enough, or a number makes no sense.
public func scaleStudy(_ question: ScaleQuestion) throws(StudyError) -> StudyResult {
  let sweep = try ScaleSweep(question)
  let out = try scaleOut(sweep)
  let uncertainty = try costUncertainty(
    sweep.cheapest.point, question, stream: "scale/usd-per-million-output")
  return StudyResult(
    id: "scale", title: "Scale up or scale out",
    sentences: scaleSentences(sweep, out, uncertainty),
    tables: [
      scaleUpTable(sweep), scaleOutTable(sweep, out), try latencyFloorTable(), try publishedSpeedTable(),
      StudyCharts.tornadoTable(
        id: "scale-drivers", title: "What the price of a token depends on", unit: "$/M output", uncertainty),
    ],
    charts: [
      speedChart(sweep), frontierChart(sweep),
      StudyCharts.tornado(
        id: "scale-tornado", title: "Cost of a million output tokens", unit: "$", uncertainty),
    ],
    findings: scaleFindings(sweep, out, uncertainty), assumptions: scaleAssumptions(question),
    live: StudyLive.scale(sweep.cheapest.point, question))
}

/// One instance of every size.
struct ScaleSweep: Sendable {
  struct Size: Sendable {
    var chips: Int
    /// Fastest at batch 1.
    var alone: ServingPoint
    var aloneBound: StepEstimate.Bound
    /// Cheapest per token among those fast enough; `nil` when none is.
    var value: ServingPoint?
    /// The closed-form floor of seconds per token at this size.
    var floorSeconds: Double
  }

  var question: ScaleQuestion
  var sizes: [Size]
  /// Every point looked at.
  var points: [ServingPoint]
  var fastest: Size
  var cheapest: (size: Size, point: ServingPoint)
  var floor: LatencyFloor

  init(_ question: ScaleQuestion) throws(StudyError) {
    self.question = question
    let candidates = try question.candidates()
    let counts = ModelCounts(question.model)
    let floor = try economics { () throws(EconomicsError) in
      try LatencyFloor(
        parameters: counts.activeParameters, bytesPerParameter: question.weights.bytesPerElement,
        hbmBytesPerSecond: question.chip.hbmBandwidth.value.value, layers: counts.layers,
        hopSeconds: question.chip.hopSeconds)
    }
    points = ServingPoint.all(candidates, question.shape)
    sizes = []
    for chips in Set(points.map(\.chips)).sorted() {
      sizes.append(try Self.size(chips, candidates.filter { $0.chips == chips }, question, floor))
    }
    self.floor = floor
    guard let fastest = sizes.min(by: { $0.alone.stepSeconds < $1.alone.stepSeconds }) else {
      throw .fitsNowhere(model: question.model.id, chip: question.chip.id, largest: question.maxChips)
    }
    self.fastest = fastest
    let served = sizes.compactMap { size in size.value.map { (size: size, point: $0) } }
    guard
      let best = served.max(by: { $0.point.tokensPerSecondPerChip < $1.point.tokensPerSecondPerChip })
    else {
      throw .tooSlow(
        model: question.model.id, chip: question.chip.id, bestSeconds: fastest.alone.secondsPerToken,
        wantedSeconds: question.secondsPerToken ?? 0)
    }
    cheapest = best
  }

  private static func size(
    _ chips: Int, _ profiles: [ReplicaProfile], _ question: ScaleQuestion, _ floor: LatencyFloor
  ) throws(StudyError) -> Size {
    let alone = profiles.map { ServingPoint($0, batch: 1, shape: question.shape) }
      .min { $0.stepSeconds < $1.stepSeconds }!
    let value = ServingPoint.cheapest(profiles, question.shape, within: question.secondsPerToken ?? .infinity)
    return Size(
      chips: chips, alone: alone, aloneBound: bound(alone, question), value: value,
      floorSeconds: try economics { () throws(EconomicsError) in try floor.seconds(chips: Double(chips)) })
  }

  /// What binds a lone user's token.
  static func bound(_ point: ServingPoint, _ question: ScaleQuestion) -> StepEstimate.Bound {
    let model = try? InferenceModel(
      model: question.model, chip: question.chip, slice: point.profile.slice,
      sharding: point.profile.sharding, weights: question.weights, kv: question.kv,
      efficiency: question.efficiency)
    let estimate = try? model?.decode(
      batch: point.batch, context: max(1, Int(question.shape.meanContext)))
    return estimate?.bound ?? .overhead
  }
}

extension ChipSpec {
  /// Seconds per hop between neighbours; 1 µs where the datasheet is silent, the value the closed form was published with.
  var hopSeconds: Double {
    if case .torus(let links) = interconnect { return links.hopLatency.value.value }
    return 1e-6
  }
}

/// Dollars per million output tokens when price, utilisation and step times are ranges.
///
/// Step times move within the band that holds 80 % of the measured rows the chip's constants were fitted to (±30 % for
/// chips without measurements).
func costUncertainty(
  _ point: ServingPoint, _ question: ScaleQuestion, stream: String
) throws(StudyError) -> Uncertainty {
  let entry = question.efficiency.entry(for: question.chip)
  let inputs = [
    UncertainInput("price", unit: "$/chip.h", question.usdPerChipHour),
    UncertainInput("utilisation", question.utilization),
    UncertainInput("decode step", unit: "× predicted", InputRange(1, plusOrMinus: entry.decodeBand ?? 0.3)),
    UncertainInput("prefill", unit: "× predicted", InputRange(1, plusOrMinus: entry.prefillBand ?? 0.3)),
  ]
  return try economics { () throws(EconomicsError) in
    try Uncertainty(of: inputs, seed: question.seed, stream: stream) { x in
      ServingPoint(
        point.profile, batch: point.batch, shape: question.shape, decodeFactor: x[2], prefillFactor: x[3]
      ).usdPerMillionOutput(usdPerChipHour: x[0], utilization: x[1])
    }
  }
}
