import Economics
import FleetData
import Foundation
import Performance
import Quantities

/// One way to keep the sites' weights in step.
struct SyncMethod: Sendable {
  var name: String
  /// Steps between synchronisations.
  var localSteps: Double
  /// Bits per parameter sent, as a share of bf16.
  var bitShare: Double
  /// Part of the traffic that hides under the next steps.
  var overlapped: Bool
  /// Loss over that of synchronous training, as planned with.
  var lossRatio: Double
  /// The same as the law says it, a predicted gain included.
  var lawRatio: Double
}

/// How one method runs on the question's links.
struct SyncOutcome: Sendable {
  var method: SyncMethod
  var utilization: Double
  /// Bits per second that keep the chips busy 95 % of the time.
  var bitsFor95: Double
  var days: Double
  var usd: Double
  /// Compute that makes up for the loss penalty.
  var computeForLoss: Double
  var usdAtEqualLoss: Double { usd * computeForLoss }
}

/// A run over sites: what a step takes alone, and each method on the links.
struct SitesPlan: Sendable {
  var question: SitesQuestion
  /// Parameters that work on each token, which decide the FLOPs and the loss.
  var parameters: Double
  /// All of them, which synchronisations and weight pushes carry: experts that sleep through a token too.
  var allParameters: Double
  var flops: Double
  var peak: FLOPsPerSecond
  /// What is known of the MFU inside a site.
  var known: TrainingMFU
  var mfu: Double { question.mfu?.base ?? known.used.base }
  var penalty: DiLoCoLaw.Penalty
  var methods: [SyncMethod]
  var outcomes: [SyncOutcome]
  /// The cheapest at equal loss.
  var best: SyncOutcome { outcomes.min { $0.usdAtEqualLoss < $1.usdAtEqualLoss }! }
  var sites: Double { question.sites.base.rounded() }
  var chips: Double { sites * question.chipsPerSite.base.rounded() }
  /// Seconds of compute of one global step on all sites.
  var stepSeconds: Double {
    6 * parameters * question.tokensPerStep.base / (chips * peak.value * mfu)
  }

  init(_ asked: SitesQuestion) throws(StudyError) {
    try asked.validate()
    let known = try TrainingMFU(
      given: asked.mfu, model: asked.model, chip: asked.chip, chips: asked.chipsPerSite.count
    ) { () throws(StudyError) in try predictedMFU(asked) }
    var question = asked
    question.mfu = known.used
    try self.init(question, known: known)
    self.question.addedLoss = addedLoss(best.method)
  }

  /// The plan of a drawn or changed question with the MFU that is known.
  init(_ asked: SitesQuestion, known: TrainingMFU, only method: SyncMethod? = nil) throws(StudyError) {
    let question = asked.settled
    self.question = question
    self.known = known
    let counts = ModelCounts(question.model)
    let n = counts.activeParameters
    (parameters, allParameters) = (n, counts.totalParameters)
    guard let peak = question.chip.peak[.bf16]?.value else {
      throw .invalid(what: "chip", found: question.chip.id, expected: "one with a bf16 peak")
    }
    self.peak = peak
    (flops, penalty) = try economics { () throws(EconomicsError) in
      (
        try TrainingCompute.flops(parameters: n, tokens: question.tokens.base).value,
        try DiLoCoLaw.penalty(parameters: n, workers: question.sites.base.rounded())
      )
    }
    methods = Self.methods(question, penalty)
    outcomes = []
    let wanted = method.map { asked in
      methods.filter { $0.name == asked.name && $0.localSteps == asked.localSteps }
    }
    for method in wanted ?? methods { outcomes.append(try outcome(method)) }
  }

  private static func methods(_ question: SitesQuestion, _ penalty: DiLoCoLaw.Penalty) -> [SyncMethod] {
    let one = question.sites.count == 1
    func method(_ name: String, _ steps: Double, bits: Double, overlapped: Bool, extra: Double) -> SyncMethod
    {
      SyncMethod(
        name: name, localSteps: steps, bitShare: bits, overlapped: overlapped,
        lossRatio: one ? 1 : penalty.ratio * extra + question.addedLoss.base,
        lawRatio: one ? 1 : penalty.lawRatio * extra)
    }
    let synchronous = SyncMethod(
      name: "synchronous", localSteps: 1, bitShare: 1, overlapped: true, lossRatio: 1, lawRatio: 1)
    return [synchronous]
      + question.localSteps.map { method("DiLoCo", $0, bits: 1, overlapped: false, extra: 1) } + [
        // Overlap costs under 0.2 % of loss up to ten steps of it.
        method(
          "streaming DiLoCo, 4-bit", question.localSteps.last ?? 100, bits: 0.25, overlapped: true,
          extra: 1.002)
      ]
  }

  /// Utilisation of chips and cost of the run under one method.
  ///
  /// Synchronous and DiLoCo traffic follow the fitted closed form of `TrainingLinks`, scaled from its two replicas to a
  /// ring of R sites; the ring's latency 2(R−1)·RTT/2 is added to each synchronisation that is not overlapped.
  private func outcome(_ method: SyncMethod) throws(StudyError) -> SyncOutcome {
    try economics { () throws(EconomicsError) in
      guard sites > 1 else { return try settle(method, utilization: 1, bitsFor95: 0) }
      let step = stepSeconds
      // The fit is for two replicas, whose ring moves N values each; R sites move 2(R−1)/R.
      let traffic = max(1, 2 * (sites - 1) / sites * method.bitShare * allParameters)
      let hops = method.overlapped ? 0 : (sites - 1) * question.roundTripSeconds.base
      let transfer = try TrainingLinks.utilization(
        bitsPerSecond: question.linkBitsPerSecond.base, parameters: traffic, stepSeconds: step,
        stepsBetweenSyncs: method.localSteps)
      let inner = method.localSteps * step
      let utilization = try TrainingLinks.utilization(
        innerSeconds: inner, syncSeconds: inner * (1 / transfer - 1) + hops)
      let needed = try TrainingLinks.bitsPerSecond(
        utilization: 0.95, parameters: traffic, stepSeconds: step, stepsBetweenSyncs: method.localSteps)
      return try settle(method, utilization: utilization, bitsFor95: needed)
    }
  }

  private func settle(
    _ method: SyncMethod, utilization: Double, bitsFor95: Double
  ) throws(EconomicsError) -> SyncOutcome {
    let chipTime = try TrainingCompute.chipSeconds(FLOPs(flops), peak: peak, mfu: mfu * utilization)
    return SyncOutcome(
      method: method, utilization: utilization, bitsFor95: bitsFor95, days: chipTime / .day / chips,
      usd: try TrainingCompute.cost(chipTime: chipTime, usdPerChipHour: question.usdPerChipHour.base).value,
      computeForLoss: penalty.compute(ratio: method.lossRatio))
  }

  /// How far the loss of a method may turn out from what is planned with: down to what the law predicts, up by the
  /// excess that was measured over it at 10B with four workers.
  private func addedLoss(_ method: SyncMethod) -> InputRange {
    guard sites > 1, method.localSteps > 1 else { return InputRange(0) }
    return InputRange(0, from: method.lawRatio - method.lossRatio, to: DiLoCoLaw.measuredExcess)
  }

  /// The plan's best method under a drawn question.
  func asked(_ drawn: SitesQuestion) throws(StudyError) -> SitesPlan {
    try SitesPlan(drawn, known: known, only: best.method)
  }
}

/// MFU of one site's chips under the best sharding.
private func predictedMFU(_ question: SitesQuestion) throws(StudyError) -> Double {
  let chips = question.chipsPerSite.count
  let sliceChips = question.chip.largestSlice(upTo: chips)
  guard chips % sliceChips == 0 else {
    throw .invalid(
      what: "chips per site", found: StudyText.number(Double(chips)), expected: "whole pods of \(sliceChips)")
  }
  do {
    return try question.siteMFU(sliceChips: sliceChips)
  } catch {
    throw .invalid(
      what:
        "training of \(question.model.id) on \(StudyText.number(Double(chips))) \(question.chip.id) per site",
      found: "\(error)", expected: "more chips, or an MFU")
  }
}

extension SitesQuestion {
  /// Predicted MFU of one site cut into slices that train together over its data-centre network.
  func siteMFU(sliceChips: Int) throws(EstimateError) -> Double {
    let setup = TrainingSetup(
      model: model, chip: chip, slice: .standard(chips: sliceChips, on: chip),
      slices: chipsPerSite.count / sliceChips, sharding: Sharding(),
      tokensPerStep: max(1, Int(tokensPerStep.base) / sites.count), sequence: 8192)
    return min(1, try bestTrainingShardings(setup, limit: 1)[0].estimate.mfu)
  }
}

extension ChipSpec {
  /// Chips of the largest slice this chip comes in, no more than there are.
  func largestSlice(upTo chips: Int) -> Int {
    if case .torus(let links) = interconnect { return min(chips, links.maxPodChips) }
    return chips
  }
}
