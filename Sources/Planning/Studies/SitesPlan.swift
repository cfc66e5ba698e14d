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
  /// Loss over that of synchronous training.
  var lossRatio: Double
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
  var parameters: Double
  var flops: Double
  var mfu: Double
  /// Seconds of compute of one global step on all sites.
  var stepSeconds: Double
  var outcomes: [SyncOutcome]
  /// The cheapest at equal loss.
  var best: SyncOutcome { outcomes.min { $0.usdAtEqualLoss < $1.usdAtEqualLoss }! }
  var chips: Double { Double(question.sites * question.chipsPerSite) }

  init(_ question: SitesQuestion) throws(StudyError) {
    try question.validate()
    self.question = question
    parameters = ModelCounts(question.model).activeParameters
    let n = parameters
    flops = try economics { () throws(EconomicsError) in
      try TrainingCompute.flops(parameters: n, tokens: question.tokens).value
    }
    guard let peak = question.chip.peak[.bf16]?.value.value else {
      throw .invalid(what: "chip", found: question.chip.id, expected: "one with a bf16 peak")
    }
    let mfu: Double
    if let given = question.mfu?.base { mfu = given } else { mfu = try predictedMFU(question) }
    self.mfu = mfu
    let chips = Double(question.sites * question.chipsPerSite)
    let step = 6 * n * question.tokensPerStep / (chips * peak * mfu)
    stepSeconds = step
    outcomes = []
    for method in try Self.methods(question, parameters: n) {
      outcomes.append(
        try Self.outcome(
          method, question, parameters: n, step: step, mfu: mfu, bits: question.linkBitsPerSecond.base,
          price: question.usdPerChipHour.base))
    }
  }

  static func methods(_ question: SitesQuestion, parameters n: Double) throws(StudyError) -> [SyncMethod] {
    let penalty = try economics { () throws(EconomicsError) in
      max(1, try DiLoCoLaw.lossRatio(parameters: n, workers: Double(question.sites)))
    }
    var methods = [
      SyncMethod(name: "synchronous", localSteps: 1, bitShare: 1, overlapped: true, lossRatio: 1)
    ]
    for steps in question.localSteps {
      methods.append(
        SyncMethod(
          name: "DiLoCo", localSteps: steps, bitShare: 1, overlapped: false, lossRatio: penalty))
    }
    let steps = question.localSteps.last ?? 100
    methods.append(
      SyncMethod(
        name: "streaming DiLoCo, 4-bit", localSteps: steps, bitShare: 0.25, overlapped: true,
        lossRatio: penalty * 1.002))
    return methods
  }

  /// Utilisation of chips and cost of the run under one method.
  ///
  /// Synchronous and DiLoCo traffic follow the fitted closed form of `TrainingLinks`, scaled from its two replicas to a
  /// ring of R sites; the ring's latency 2(R−1)·RTT/2 is added to each synchronisation that is not overlapped.
  static func outcome(
    _ method: SyncMethod, _ question: SitesQuestion, parameters n: Double, step: Double, mfu: Double,
    bits: Double, price: Double
  ) throws(StudyError) -> SyncOutcome {
    let r = Double(question.sites)
    return try economics { () throws(EconomicsError) in
      guard question.sites > 1 else {
        return try settle(method, question, utilization: 1, bitsFor95: 0, mfu: mfu, price: price, n: n)
      }
      // The fit is for two replicas, whose ring moves N values each; R sites move 2(R−1)/R.
      let traffic = 2 * (r - 1) / r * method.bitShare * n
      let hops = method.overlapped ? 0 : (r - 1) * question.roundTripSeconds
      let transfer = try TrainingLinks.utilization(
        bitsPerSecond: bits, parameters: max(1, traffic), stepSeconds: step,
        stepsBetweenSyncs: method.localSteps)
      let inner = method.localSteps * step
      let utilization = try TrainingLinks.utilization(
        innerSeconds: inner, syncSeconds: inner * (1 / transfer - 1) + hops)
      let needed = try TrainingLinks.bitsPerSecond(
        utilization: 0.95, parameters: max(1, traffic), stepSeconds: step,
        stepsBetweenSyncs: method.localSteps)
      return try settle(
        method, question, utilization: utilization, bitsFor95: needed, mfu: mfu, price: price, n: n)
    }
  }

  private static func settle(
    _ method: SyncMethod, _ question: SitesQuestion, utilization: Double, bitsFor95: Double, mfu: Double,
    price: Double, n: Double
  ) throws(EconomicsError) -> SyncOutcome {
    let work = try TrainingCompute.flops(parameters: n, tokens: question.tokens)
    let peak = question.chip.peak[.bf16]?.value ?? 0
    let chipTime = try TrainingCompute.chipSeconds(work, peak: peak, mfu: mfu * utilization)
    let chips = Double(question.sites * question.chipsPerSite)
    let loss = try question.law.loss(parameters: n, tokens: question.tokens)
    // A loss higher by this much is made up by (1 + Δ/(L−E))^(1/g) times the compute.
    let excess = loss * (method.lossRatio - 1) / (loss - question.law.irreducible)
    return SyncOutcome(
      method: method, utilization: utilization, bitsFor95: bitsFor95,
      days: chipTime / .day / chips,
      usd: try TrainingCompute.cost(chipTime: chipTime, usdPerChipHour: price).value,
      computeForLoss: pow(1 + excess, 1 / question.law.computeExponent))
  }

  /// From no penalty to 0.4 % more than the law's, the excess measured at 10B with four workers.
  private static func lossRange(_ method: SyncMethod) -> InputRange {
    var range = InputRange(method.lossRatio)
    guard method.localSteps > 1 else { return range }
    range.low = 1
    range.high += 0.004
    return range
  }

  /// Cost at equal loss of a method with link, price and MFU as ranges.
  func uncertainty(_ method: SyncMethod) throws(StudyError) -> Uncertainty {
    let peak = question.chip.peak[.bf16]?.value.value ?? 1
    let mfuRange = question.mfu ?? InputRange(mfu, plusOrMinus: 0.2).capped(at: 1)
    let inputs = [
      UncertainInput("link", unit: "bit/s", question.linkBitsPerSecond),
      UncertainInput("price", unit: "$/chip.h", question.usdPerChipHour),
      UncertainInput("MFU", mfuRange),
      UncertainInput("loss", unit: "×", Self.lossRange(method)),
    ]
    return try economics { () throws(EconomicsError) in
      try Uncertainty(of: inputs, seed: question.seed, stream: "training/usd") { x throws(EconomicsError) in
        var varied = method
        varied.lossRatio = x[3]
        let step = 6 * parameters * question.tokensPerStep / (chips * peak * x[2])
        do throws(StudyError) {
          return try Self.outcome(
            varied, question, parameters: parameters, step: step, mfu: x[2], bits: x[0], price: x[1]
          ).usdAtEqualLoss
        } catch {
          if case .economics(let error) = error { throw error }
          throw EconomicsError.nothingUsed("\(error)")
        }
      }
    }
  }
}

/// MFU of one site's chips under the best sharding.
private func predictedMFU(_ question: SitesQuestion) throws(StudyError) -> Double {
  var sliceChips = question.chipsPerSite
  if case .torus(let links) = question.chip.interconnect { sliceChips = min(sliceChips, links.maxPodChips) }
  guard question.chipsPerSite % sliceChips == 0 else {
    throw .invalid(
      what: "chips per site", found: "\(question.chipsPerSite)", expected: "whole pods of \(sliceChips)")
  }
  let setup = TrainingSetup(
    model: question.model, chip: question.chip, slice: .standard(chips: sliceChips, on: question.chip),
    slices: question.chipsPerSite / sliceChips, sharding: Sharding(),
    tokensPerStep: max(1, Int(question.tokensPerStep) / question.sites), sequence: 8192)
  do {
    let best = try bestTrainingShardings(setup, limit: 1)
    return min(1, best[0].estimate.mfu)
  } catch {
    throw .invalid(
      what: "training of \(question.model.id) on \(question.chipsPerSite) \(question.chip.id) per site",
      found: "\(error)", expected: "more chips, or an MFU")
  }
}
