import Economics
import FleetData
import Foundation
import Performance

/// Scale up or scale out: one instance over 1…N chips, and N chips as many instances.
///
/// For every slice the best sharding is found twice: the one that is fastest for a lone user, and the one whose tokens
/// are cheapest at the speed users accept. Closed forms of the latency floor and published measurements stand beside.
/// - Parameter others: the same question about other models, chips and contexts, for one frontier of all.
/// - Throws: when the model fits no slice, nothing is fast enough, or a number makes no sense.
public func scaleStudy(_ question: ScaleQuestion, against others: [ScaleQuestion] = [])
  throws(StudyError) -> StudyResult
{
  let sweep = try ScaleSweep(question)
  let out = try scaleOut(sweep)
  let agents = try AgentFleet(sweep)
  let cost = try costUncertainty(sweep.cheapest.point, question, stream: "scale/usd-per-million-output")
  let grid = ScaleGrid(sweep, others)
  let published = try PublishedSpeed.comparisons()
  var tables = [scaleUpTable(sweep), scaleOutTable(sweep, out), agents.table]
  if !others.isEmpty { tables.append(grid.table) }
  return StudyResult(
    id: "scale", title: "Scale up or scale out",
    sentences: scaleSentences(sweep, out, agents, grid, cost),
    tables: tables + [
      try latencyFloorTable(), publishedSpeedTable(published),
      StudyCharts.tornadoTable(
        id: "scale-drivers", title: "What the price of a token depends on", unit: "$/M output", cost),
    ],
    charts: [speedChart(sweep), others.isEmpty ? frontierChart(sweep) : grid.chart]
      + [
        publishedFrontierChart(published),
        StudyCharts.tornado(
          id: "scale-tornado", title: "Cost of a million output tokens", unit: "$", cost),
      ],
    findings: scaleFindings(sweep, out, agents, cost) + grid.findings,
    assumptions: scaleAssumptions(question), live: StudyLive.scale(sweep.cheapest.point, question))
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

/// Dollars per million output tokens when price, utilisation, lengths and step times are ranges.
///
/// Step times move within the band that holds 80 % of the measured rows the chip's constants were fitted to (±30 % for
/// chips without measurements).
func costUncertainty(
  _ point: ServingPoint, _ question: ScaleQuestion, stream: String
) throws(StudyError) -> Uncertainty {
  let inputs = question.servingInputs
  return try sampled(inputs, seed: question.seed, stream: stream) { x throws(StudyError) in
    point.varied(question, Array(x[2...])).usdPerMillionOutput(usdPerChipHour: x[0], utilization: x[1])
  }
}

extension ScaleQuestion {
  /// What the cost of serving depends on: price, utilisation, then what `ServingPoint.varied` takes.
  var servingInputs: [UncertainInput] {
    let entry = efficiency.entry(for: chip)
    return [
      UncertainInput("price", unit: "$/chip.h", usdPerChipHour), UncertainInput("utilisation", utilization),
      UncertainInput("decode step", unit: "× predicted", InputRange(1, plusOrMinus: entry.decodeBand ?? 0.3)),
      UncertainInput("prefill", unit: "× predicted", InputRange(1, plusOrMinus: entry.prefillBand ?? 0.3)),
      UncertainInput("prompt", unit: "tokens", inputRange ?? InputRange(shape.input)),
      UncertainInput("answer", unit: "tokens", outputRange ?? InputRange(shape.output)),
    ]
  }
}

extension ServingPoint {
  /// The same instance with step times scaled and lengths changed: decode factor, prefill factor, prompt, answer. The
  /// batch shrinks where longer requests no longer fit.
  func varied(_ question: ScaleQuestion, _ x: [Double]) -> ServingPoint {
    let shape = RequestShape(input: x[2], output: x[3])
    let fitting = max(1, min(batch, Self.largestBatch(profile, shape)))
    return ServingPoint(profile, batch: fitting, shape: shape, decodeFactor: x[0], prefillFactor: x[1])
  }
}
