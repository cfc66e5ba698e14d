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
  let figures = try scaleFigures(sweep, out, agents)
  let grid = ScaleGrid(sweep, others)
  let published = try PublishedSpeed.comparisons()
  var tables = [scaleUpTable(sweep), scaleOutTable(sweep, out), agents.table]
  if !others.isEmpty { tables.append(grid.table) }
  return StudyResult(
    id: "scale", title: "Scale up or scale out",
    sentences: scaleSentences(sweep, out, agents, grid, figures[0].uncertainty),
    tables: tables + [
      try latencyFloorTable(), publishedSpeedTable(published),
    ],
    charts: [speedChart(sweep), others.isEmpty ? frontierChart(sweep) : grid.chart]
      + [
        publishedFrontierChart(published),
        StudyCharts.tornado(
          id: "scale-tornado", title: "Cost of a million output tokens", unit: "$", figures[0].uncertainty),
      ],
    findings: figures.findings + scaleFindings(sweep, out, agents) + grid.findings,
    assumptions: scaleAssumptions(question), certainty: figures.certainty("scale"),
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
  var choice: ServingChoice
  var floor: LatencyFloor

  init(_ question: ScaleQuestion) throws(StudyError) {
    self.question = question
    choice = try ServingChoice(question)
    let candidates = choice.candidates
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
    let point = choice.point
    guard let size = sizes.first(where: { $0.chips == point.chips }) else {
      preconditionFailure("the cheapest instance is one of those looked at")
    }
    cheapest = (size, point)
  }

  private static func size(
    _ chips: Int, _ profiles: [ReplicaProfile], _ question: ScaleQuestion, _ floor: LatencyFloor
  ) throws(StudyError) -> Size {
    let alone = profiles.map { ServingPoint($0, batch: 1, shape: question.shape) }
      .min { $0.stepSeconds < $1.stepSeconds }!
    let value = ServingPoint.cheapest(
      profiles, question.shape, within: question.secondsPerToken?.base ?? .infinity)
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
