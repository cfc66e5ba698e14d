import Economics
import FleetData
import Foundation
import Performance
import Quantities

/// What training a model of N parameters on r·N tokens costs on given chips.
///
///     C = 6·N·D + attention;   dollars = C / (peak · MFU · goodput) · price
///
/// Quadratic in N at fixed tokens per parameter; attention adds a share that depends on the context only.
struct TrainingBill: Sendable {
  var parameters: Double
  var tokens: Double
  var flops: FLOPs
  /// Attention over 6·N·D.
  var attentionShare: Double
  var chipTime: Seconds
  var usd: Double
  var days: Double

  /// What the bill depends on beside the model's size.
  struct Terms: Sendable {
    var peak: FLOPsPerSecond
    var chips: Double
    var chipsPerNode: Double
    var mfu: Double
    var failuresPer1000NodeDays: Double
    var checkpointSeconds: Double
    var restartSeconds: Double
    var usdPerChipHour: Double
    /// Attention FLOPs per token over 6·N.
    var attentionShare: Double

    /// The share of time that is not lost to failures and checkpoints, at the best interval between them.
    func goodput() throws(EconomicsError) -> Double { try checkpointing().bestGoodput() }

    func checkpointing() throws(EconomicsError) -> Checkpointing {
      let mttf = try Failures.meanTimeToFailure(
        failuresPer1000NodeDays: failuresPer1000NodeDays, chips: chips, chipsPerNode: chipsPerNode)
      return try Checkpointing(
        checkpoint: Seconds(checkpointSeconds), meanTimeBetweenFailures: mttf,
        restart: Seconds(restartSeconds))
    }
  }

  init(parameters n: Double, tokens d: Double, terms: Terms) throws(EconomicsError) {
    let dense = try TrainingCompute.flops(parameters: n, tokens: d)
    parameters = n
    tokens = d
    attentionShare = terms.attentionShare
    flops = dense * (1 + terms.attentionShare)
    chipTime = try TrainingCompute.chipSeconds(
      flops, peak: terms.peak, mfu: terms.mfu, goodput: terms.goodput())
    usd = try TrainingCompute.cost(chipTime: chipTime, usdPerChipHour: terms.usdPerChipHour).value
    days = chipTime / .day / terms.chips
  }
}

extension SpendQuestion {
  /// The terms at the base of every range; the MFU is known by then.
  func trainingTerms(counts: ModelCounts) throws(StudyError) -> TrainingBill.Terms {
    guard let peak = trainingChip.peak[.bf16]?.value else {
      throw .invalid(what: "training chip", found: trainingChip.id, expected: "one with a bf16 peak")
    }
    let width = counts.attentionGroups.reduce(0.0) { sum, group in
      let reach = min(1, 2 * Double(group.span ?? trainingContext) / Double(trainingContext))
      return sum + group.pairFLOPs / 4 * reach
    }
    let attention = try economics { () throws(EconomicsError) in
      try TrainingCompute.attentionFLOPsPerToken(
        layers: 1, attentionWidth: width, context: Double(trainingContext), causalHalf: true)
    }
    return TrainingBill.Terms(
      peak: peak, chips: trainingChips.base, chipsPerNode: Double(trainingChip.chipsPerHost ?? 8),
      mfu: mfu?.base ?? 0, failuresPer1000NodeDays: failuresPer1000NodeDays.base,
      checkpointSeconds: checkpointSeconds.base, restartSeconds: restartSeconds.base,
      usdPerChipHour: trainingUSDPerChipHour.base,
      attentionShare: attention.value / (6 * counts.activeParameters))
  }

  /// The MFU predicted for the best sharding of the training chips.
  func predictedMFU() throws(StudyError) -> Double {
    let chips = trainingChips.count
    let sliceChips = trainingChip.largestSlice(upTo: chips)
    guard sliceChips > 0, chips % sliceChips == 0 else {
      throw .invalid(
        what: "training chips", found: StudyText.number(Double(chips)),
        expected: "whole pods of \(sliceChips) \(trainingChip.id)")
    }
    let setup = TrainingSetup(
      model: serving.model, chip: trainingChip, slice: .standard(chips: sliceChips, on: trainingChip),
      slices: chips / sliceChips, sharding: Sharding(), tokensPerStep: max(1 << 22, chips * 4096),
      sequence: trainingContext)
    do {
      guard let best = try bestTrainingShardings(setup, limit: 1).first else {
        throw StudyError.fitsNowhere(model: serving.model.id, chip: trainingChip.id, largest: chips)
      }
      return min(1, best.estimate.mfu)
    } catch let error as StudyError {
      throw error
    } catch {
      throw .invalid(
        what: "training of \(serving.model.id) on \(StudyText.number(Double(chips))) \(trainingChip.id)",
        found: "\(error)", expected: "more chips, or an MFU")
    }
  }
}
