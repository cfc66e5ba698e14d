import Economics
import FleetData

/// The cheapest instance and batch that is fast enough, and all it was chosen from.
///
/// What was chosen serves every sample of the question's ranges, but for one: where the speed that users accept is a
/// range, each sample is promised its own speed and is chosen for again.
struct ServingChoice: Sendable {
  var question: ScaleQuestion
  var candidates: [ReplicaProfile]
  var point: ServingPoint

  /// - Throws: when the model fits nowhere or no batch is fast enough.
  init(_ question: ScaleQuestion) throws(StudyError) {
    self.question = question
    candidates = try question.candidates()
    point = try Self.cheapest(candidates, question)
  }

  /// The instance that serves a drawn question.
  func point(for drawn: ScaleQuestion) throws(StudyError) -> ServingPoint {
    guard drawn.secondsPerToken?.base != question.secondsPerToken?.base else { return point.asked(drawn) }
    return try Self.cheapest(candidates, drawn).asked(drawn)
  }

  private static func cheapest(
    _ candidates: [ReplicaProfile], _ question: ScaleQuestion
  ) throws(StudyError) -> ServingPoint {
    let limit = question.secondsPerToken?.base ?? .infinity
    if let best = ServingPoint.cheapest(candidates, question.shape, within: limit) { return best }
    let alone = candidates.map { ServingPoint($0, batch: 1, shape: question.shape).secondsPerToken }
    throw .tooSlow(
      model: question.model.id, chip: question.chip.id, bestSeconds: alone.min() ?? .infinity,
      wantedSeconds: limit)
  }
}

/// The cheapest instance and batch that is fast enough.
func cheapestPoint(_ question: ScaleQuestion) throws(StudyError) -> ServingPoint {
  try ServingChoice(question).point
}
