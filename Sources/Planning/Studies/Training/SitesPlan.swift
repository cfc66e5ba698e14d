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
  /// What may differ from the question's base in a what-if.
  struct Terms: Sendable {
    var bits: Double
    var price: Double
    var mfu: Double
    var roundTrip: Double
  }

  var question: SitesQuestion
  var parameters: Double
  var flops: Double
  var peak: FLOPsPerSecond
  var mfu: Double
  var penalty: DiLoCoLaw.Penalty
  var outcomes: [SyncOutcome]
  /// The cheapest at equal loss.
  var best: SyncOutcome { outcomes.min { $0.usdAtEqualLoss < $1.usdAtEqualLoss }! }
  var chips: Double { Double(question.sites * question.chipsPerSite) }
  /// Seconds of compute of one global step on all sites.
  var stepSeconds: Double { stepSeconds(mfu: mfu) }
  var baseTerms: Terms {
    Terms(
      bits: question.linkBitsPerSecond.base, price: question.usdPerChipHour.base, mfu: mfu,
      roundTrip: question.roundTripSeconds.base)
  }

  init(_ question: SitesQuestion, knownMFU: Double? = nil) throws(StudyError) {
    try question.validate()
    self.question = question
    parameters = ModelCounts(question.model).activeParameters
    let n = parameters
    flops = try economics { () throws(EconomicsError) in
      try TrainingCompute.flops(parameters: n, tokens: question.tokens).value
    }
    guard let peak = question.chip.peak[.bf16]?.value else {
      throw .invalid(what: "chip", found: question.chip.id, expected: "one with a bf16 peak")
    }
    self.peak = peak
    if let given = knownMFU ?? question.mfu?.base { mfu = given } else { mfu = try predictedMFU(question) }
    penalty = try economics { () throws(EconomicsError) in
      try DiLoCoLaw.penalty(parameters: n, workers: Double(question.sites))
    }
    outcomes = []
    for method in methods { outcomes.append(try outcome(method, baseTerms)) }
  }

  func stepSeconds(mfu: Double) -> Double {
    6 * parameters * question.tokensPerStep / (chips * peak.value * mfu)
  }

  private var methods: [SyncMethod] {
    let one = question.sites == 1
    func method(_ name: String, _ steps: Double, bits: Double, overlapped: Bool, extra: Double) -> SyncMethod
    {
      SyncMethod(
        name: name, localSteps: steps, bitShare: bits, overlapped: overlapped,
        lossRatio: one ? 1 : penalty.ratio * extra, lawRatio: one ? 1 : penalty.lawRatio * extra)
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
  func outcome(_ method: SyncMethod, _ terms: Terms) throws(StudyError) -> SyncOutcome {
    try economics { () throws(EconomicsError) in
      guard question.sites > 1 else {
        return try settle(method, terms, utilization: 1, bitsFor95: 0)
      }
      let r = Double(question.sites)
      let step = stepSeconds(mfu: terms.mfu)
      // The fit is for two replicas, whose ring moves N values each; R sites move 2(R−1)/R.
      let traffic = max(1, 2 * (r - 1) / r * method.bitShare * parameters)
      let hops = method.overlapped ? 0 : (r - 1) * terms.roundTrip
      let transfer = try TrainingLinks.utilization(
        bitsPerSecond: terms.bits, parameters: traffic, stepSeconds: step,
        stepsBetweenSyncs: method.localSteps)
      let inner = method.localSteps * step
      let utilization = try TrainingLinks.utilization(
        innerSeconds: inner, syncSeconds: inner * (1 / transfer - 1) + hops)
      let needed = try TrainingLinks.bitsPerSecond(
        utilization: 0.95, parameters: traffic, stepSeconds: step, stepsBetweenSyncs: method.localSteps)
      return try settle(method, terms, utilization: utilization, bitsFor95: needed)
    }
  }

  private func settle(
    _ method: SyncMethod, _ terms: Terms, utilization: Double, bitsFor95: Double
  ) throws(EconomicsError) -> SyncOutcome {
    let chipTime = try TrainingCompute.chipSeconds(
      FLOPs(flops), peak: peak, mfu: terms.mfu * utilization)
    return SyncOutcome(
      method: method, utilization: utilization, bitsFor95: bitsFor95, days: chipTime / .day / chips,
      usd: try TrainingCompute.cost(chipTime: chipTime, usdPerChipHour: terms.price).value,
      computeForLoss: penalty.compute(ratio: method.lossRatio))
  }

  /// The losses that a method's may turn out to be: down to what the law predicts, up by the excess that was measured
  /// over it at 10B with four workers.
  func lossRange(_ method: SyncMethod) -> InputRange {
    var range = InputRange(method.lossRatio)
    guard question.sites > 1, method.localSteps > 1 else { return range }
    range.low = min(method.lossRatio, method.lawRatio)
    range.high = method.lossRatio + DiLoCoLaw.measuredExcess
    return range
  }

  /// Cost at equal loss, or another figure, of a method with link, delay, price, MFU and loss as ranges.
  func uncertainty(
    _ method: SyncMethod, _ name: String, of figure: (SyncOutcome) -> Double = { $0.usdAtEqualLoss }
  ) throws(StudyError) -> Uncertainty {
    let inputs = [
      UncertainInput("link", unit: "bit/s", question.linkBitsPerSecond),
      UncertainInput("price", unit: "$/chip.h", question.usdPerChipHour),
      UncertainInput("MFU", question.mfu ?? InputRange(mfu, plusOrMinus: 0.2).capped(at: 1)),
      UncertainInput("loss", unit: "×", lossRange(method)),
      UncertainInput("round trip", unit: "s", question.roundTripSeconds),
    ]
    return try sampled(inputs, seed: question.seed, stream: "training/\(name)") { x throws(StudyError) in
      var varied = method
      varied.lossRatio = x[3]
      return figure(
        try self.outcome(varied, Terms(bits: x[0], price: x[1], mfu: x[2], roundTrip: x[4])))
    }
  }
}

/// MFU of one site's chips under the best sharding.
private func predictedMFU(_ question: SitesQuestion) throws(StudyError) -> Double {
  let sliceChips = question.chip.largestSlice(upTo: question.chipsPerSite)
  guard question.chipsPerSite % sliceChips == 0 else {
    throw .invalid(
      what: "chips per site", found: "\(question.chipsPerSite)", expected: "whole pods of \(sliceChips)")
  }
  do {
    return try question.siteMFU(sliceChips: sliceChips)
  } catch {
    throw .invalid(
      what: "training of \(question.model.id) on \(question.chipsPerSite) \(question.chip.id) per site",
      found: "\(error)", expected: "more chips, or an MFU")
  }
}

extension SitesQuestion {
  /// Predicted MFU of one site cut into slices that train together over its data-centre network.
  func siteMFU(sliceChips: Int) throws(EstimateError) -> Double {
    let setup = TrainingSetup(
      model: model, chip: chip, slice: .standard(chips: sliceChips, on: chip),
      slices: chipsPerSite / sliceChips, sharding: Sharding(),
      tokensPerStep: max(1, Int(tokensPerStep) / sites), sequence: 8192)
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
