import FleetData
import Quantities

/// What one more useful unit of a limit saves in a month: a whole slice, a megawatt, a rack, a second link.
public struct Worth: Sendable, Hashable {
  public var constraint: PlacementConstraint
  /// The unit in words, such as `8 more chips in iowa-v5e (one slice 2x4)`.
  public var step: String
  /// Saved in a month: dollars, kilograms of CO2 or seconds of a request's wait, whichever the plan is judged by.
  public var saving: Double
  /// Of what the month costs, emits or waits.
  public var share: Double
  /// Dollars a month that the unit itself costs, where the fleet prices it apart from its use.
  public var price: Double?
  public var sentence: String
}

/// The worth of limits as finite steps: the month is planned again with one unit more, and the two plans compared.
///
/// The relaxation's dual values choose what to try; steps that save less than a stated share are left out.
public enum WorthStudy {
  /// Less than this share of a month's objective is not worth a sentence.
  public static let materiality = 1e-3
  /// Limits that are tried, those of the highest dual value first.
  static let candidates = 5

  /// The most that a step of one of these limits may save in a month, by its dual value: no plan is made for it.
  ///
  /// - Parameters: one month as a problem of its own, and a plan whose slices say how large a step is.
  public static func hope(
    _ bindings: [PlacementPlan.Binding], _ problem: PlacementProblem, _ plan: PlacementPlan
  ) -> Double {
    bindings.compactMap { LimitStep($0, problem, plan)?.hope }.max() ?? 0
  }

  /// - Parameter problem: one month as a problem of its own.
  /// - Returns: what is worth having, the most first; empty when nothing binds.
  public static func find(_ problem: PlacementProblem) throws(PlacementError) -> [Worth] {
    var exact = problem.only(month: 0)
    exact.limits.relativeGap = min(exact.limits.relativeGap, materiality / 10)
    let base = try Placer.plan(exact)
    let doubt = max(0, base.objective - base.bound)
    var tried: [LimitStep] = []
    for binding in base.bindings {
      guard let step = LimitStep(binding, exact, base), !tried.contains(where: { $0.name == step.name })
      else {
        continue
      }
      tried.append(step)
    }
    tried.sort { ($1.hope, $0.name) < ($0.hope, $1.name) }
    let measure = Measure(exact, base)
    let least = max(materiality * base.objective.magnitude, doubt)
    let found = tried.prefix(candidates).compactMap { step -> Worth? in
      guard step.hope >= least, let better = step.objective() else { return nil }
      let saved = base.objective - better
      return saved >= least ? measure.worth(step, saved: saved) : nil
    }
    return found.sorted { ($1.share, $0.step) < ($0.share, $1.step) }
  }
}

/// What a month's objective is counted in, for sentences.
private struct Measure {
  private let weights: PlacementProblem.Weights
  private let base: PlacementPlan
  private let requests: Double

  init(_ problem: PlacementProblem, _ base: PlacementPlan) {
    weights = problem.weights
    self.base = base
    requests = base.routes.reduce(0) { $0 + $1.requestsPerSecond }
  }

  func worth(_ step: LimitStep, saved: Double) -> Worth {
    let share = saved / max(base.objective.magnitude, 1e-12)
    let price = weights.cost >= 1 ? step.price : nil
    var (saving, words, whole) = (saved, Words.dollars(saved), "cost")
    if weights.cost < 1, weights.latencyPerSecond > 0 {
      saving = saved / weights.latencyPerSecond / max(requests, 1e-12)
      (words, whole) = ("\(Words.seconds(saving)) of every request's wait", "waiting")
    } else if weights.cost < 1 {
      (words, whole) = ("\(Words.number(saved)) kg of CO2", "emissions")
    }
    var sentence =
      "\(step.subject) \(step.verb) \(words) in month 0 (\(Words.number(share * 100)) % of its \(whole))"
    if let price {
      let pays = saved > price ? "they pay for themselves" : "they do not pay for themselves"
      sentence += " and cost \(Words.dollars(price)): \(pays)"
    }
    return Worth(
      constraint: step.constraint, step: step.subject, saving: saving, share: share, price: price,
      sentence: sentence)
  }
}
