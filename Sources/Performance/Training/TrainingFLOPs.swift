import FleetData
import Quantities

/// The conventions by which published runs count the FLOPs of a trained token. Name one beside every MFU.
public enum FLOPConvention: String, Sendable, Hashable, Codable, CaseIterable {
  /// 3 × (2 × matmul parameters with the unembedding + attention over all T keys): Megatron-LM, MaxText before 2025.
  case fullAttention = "full-attention"
  /// The same with attention halved, as a causal mask allows: MaxText since 2025.
  case causalAttention = "causal-attention"
  /// 6 × all parameters that a token visits + 12·L·D·T: llm-foundry.
  case allParameters = "all-parameters"
  /// 6 × the parameters that a token visits, attention ignored: the rule of thumb.
  case sixN = "six-n"
  /// What the chip really multiplies when every layer runs forward twice (an HFU): Megatron-LM 2021.
  case fullRecompute = "full-recompute"
}

/// Model FLOPs of one trained token at sequence length T.
///
///     full      3·(2·P_matmul + Σ 4·N·H·min(T, span))
///     causal    3·(2·P_matmul + Σ 2·N·H·min(T, span))
///     all       6·P + 12·L·D·T
///     recompute 4·(2·P_layers + Σ 4·N·H·T) + 6·V·D
///
/// - Parameter parameters: P for the two conventions that need it; the model's own count when `nil`, experts that a
///   token passes by left out.
/// - Source: each convention's own code; checked against the published rates in fixtures/published.
public func trainingFLOPsPerToken(
  _ model: TransformerSpec, sequence: Int, convention: FLOPConvention, parameters: Double? = nil
) -> FLOPs {
  let work = TrainingWork(model, sequence: sequence)
  let counts = ModelCounts(model)
  let visited = parameters ?? counts.activeParameters + counts.lookupParameters
  return switch convention {
  case .fullAttention: FLOPs(3 * (work.layerFLOPs + work.logitFLOPs + work.attentionFLOPs))
  case .causalAttention: FLOPs(3 * (work.layerFLOPs + work.logitFLOPs + work.attentionFLOPs / 2))
  case .allParameters:
    FLOPs(6 * visited + 12 * Double(model.layers.count * model.modelWidth) * Double(sequence))
  case .sixN: FLOPs(6 * visited)
  case .fullRecompute: FLOPs(4 * (work.layerFLOPs + work.attentionFLOPs) + 3 * work.logitFLOPs)
  }
}
