/// What the pipeline is about to do, for those who wait for it.
public enum PlanningStage: Sendable, Hashable {
  case measuring(service: String, pod: String)
  /// Of `total` periods `open` are placed and simulated again.
  case settling(round: Int, open: Int, total: Int)
  case lookingAhead, alternatives, studies

  public var sentence: String {
    switch self {
    case .measuring(let service, let pod): "measuring what \(service) needs on \(pod)"
    case .settling(let round, let open, let total):
      "round \(round): placing and simulating \(open) of \(total) periods"
    case .lookingAhead: "looking ahead for the first shortfall"
    case .alternatives: "planning the alternatives, the trade-offs and the sensitivities"
    case .studies: "comparing up with out, and training with inference"
    }
  }
}
