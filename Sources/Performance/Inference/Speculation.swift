import FleetData
import Foundation
import Quantities

/// Speculative decoding: a cheap draft proposes γ tokens, one pass of the model checks them all.
///
///     E = (1 − α^(γ+1)) / (1 − α)                  tokens a round gives, of 1 … γ + 1
///     round = γ · t_draft + t_verify(γ + 1 candidates)
///     TPOT = round / E
///
/// - Shapes: α is the chance that a draft token is accepted, taken as independent of the others.
/// - Source: Leviathan, Kalman and Matias 2023, equation 1; multi-token prediction after the DeepSeek-V3 report 2024.
public struct Speculation: Sendable, Hashable {
  /// γ.
  public var draftTokens: Int
  /// α, in 0 ..< 1.
  public var acceptance: Double
  /// A smaller model of the same vocabulary; `nil` drafts with the model's own multi-token-prediction layer.
  public var draft: TransformerSpec?

  /// - Throws: `invalid` for fewer than one draft token, `acceptanceOutOfRange` for a chance that is none.
  public init(draftTokens: Int, acceptance: Double, draft: TransformerSpec?) throws(EstimateError) {
    guard draftTokens >= 1 else { throw .invalid(what: "draft tokens", value: draftTokens) }
    guard acceptance >= 0, acceptance < 1 else { throw .acceptanceOutOfRange(acceptance) }
    self.draftTokens = draftTokens
    self.acceptance = acceptance
    self.draft = draft
  }

  /// E.
  public var tokensPerRound: Double {
    (1 - pow(acceptance, Double(draftTokens + 1))) / (1 - acceptance)
  }
}

/// One round of speculative decoding on an instance.
public struct SpeculativeRound: Sendable, Hashable {
  public var speculation: Speculation
  public var draftID: String
  /// The pass of the model that checks the drafts.
  public var verify: StepEstimate
  /// One pass of the draft.
  public var draftStep: Seconds
  /// The same step without drafts.
  public var plain: Seconds

  public var time: Seconds { verify.time + draftStep * Double(speculation.draftTokens) }
  public var secondsPerToken: Seconds { time / speculation.tokensPerRound }
  /// Times faster per token than without drafts; below 1 the drafts cost more than they bring.
  public var speedup: Double { plain / secondsPerToken }
}

extension InferenceModel {
  /// A round over `batch` sequences of `context` tokens each.
  ///
  /// The draft runs on the same chips with the same sharding, inside the model's own step: its launches count, the
  /// host's work per step does not. Its weights and caches take memory beside the model's.
  /// - Throws: `exceedsHBM` when both do not fit, `noDraftLayers` when the model has none and no draft is named,
  ///   `vocabulariesDiffer` when drafts could not be checked.
  public func round(
    of speculation: Speculation, batch: Int, context: Int
  ) throws(EstimateError) -> SpeculativeRound {
    let draft = try draftInstance(speculation.draft)
    var verify = try decodeTime(batch: batch, context: context, candidates: speculation.draftTokens + 1)
    let beside = draft.memory(sequences: batch, context: context)
    // A prediction layer shares the model's output table.
    let shared =
      speculation.draft == nil ? draft.counts.logitParameters * division.weightCopies : 0
    verify.memory.weights += beside.weights - Bytes(shared * weights.bytesPerElement)
    verify.memory.kvCache += beside.kvCache
    guard verify.memory.fits else { throw .exceedsHBM(verify.memory) }
    return SpeculativeRound(
      speculation: speculation, draftID: draft.model.id, verify: verify,
      draftStep: try draft.decodeTime(batch: batch, context: context).time,
      plain: try decodeTime(batch: batch, context: context).time)
  }

  private func draftInstance(_ draft: TransformerSpec?) throws(EstimateError) -> InferenceModel {
    let spec: TransformerSpec
    if let draft {
      guard draft.vocabulary == model.vocabulary else {
        throw .vocabulariesDiffer(
          model: model.id, size: model.vocabulary, draft: draft.id, draftSize: draft.vocabulary)
      }
      spec = draft
    } else {
      spec = try model.predictionLayer()
    }
    var entry = efficiency
    entry.constants.stepSeconds = 0
    return try InferenceModel(
      model: spec, counts: ModelCounts(spec), chip: chip, slice: slice, sharding: sharding, weights: weights,
      kv: kv, arithmetic: arithmetic, entry: entry, checked: false)
  }
}

extension TransformerSpec {
  /// The model's multi-token-prediction module on its own: one layer like its last, fed by a 2D → D projection of the
  /// hidden state and the new token, in front of the model's own output table. Further drafts pass it again. Where
  /// layers are of one part each, the module has one of each: attention and an FFN.
  public func predictionLayer() throws(EstimateError) -> TransformerSpec {
    guard mtpLayers > 0, var last = layers.last else { throw .noDraftLayers(model: id) }
    if last.mixer == .none, let attention = layers.last(where: \.attends) {
      last.mixer = attention.mixer
      last.normParameters += attention.normParameters
    }
    return TransformerSpec(
      id: id + "-mtp", name: name + ", prediction layer", modelWidth: modelWidth, vocabulary: vocabulary,
      tiedEmbeddings: true, layers: [last], maxContext: maxContext,
      extraParameters: 2 * modelWidth * modelWidth + 3 * modelWidth, parallelBlock: parallelBlock,
      provenance: provenance)
  }
}

extension TransformerSpec.Layer {
  fileprivate var attends: Bool {
    switch mixer {
    case .attention, .latentAttention: true
    case .ssm, .none: false
    }
  }
}
