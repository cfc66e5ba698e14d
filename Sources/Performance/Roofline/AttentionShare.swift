import FleetData
import Quantities

/// Attention's work beside the matmuls', from a model's shape.
public struct AttentionShare: Sendable, Hashable {
  private let matmul: Double
  private let perKey: Double

  public init(_ model: TransformerSpec) {
    let work = TrainingWork(model, sequence: 1)
    matmul = work.layerFLOPs
    perKey = work.attentionFLOPs
  }

  /// Sequence length at which attention over all keys costs what the layers' matmuls do.
  public var paritySequence: Double { matmul / perKey }

  /// Attention over all keys as a share of the matmuls.
  public func ratio(sequence: Double) -> Double { sequence / paritySequence }

  /// FLOPs per token that attention alone costs in one forward pass over T keys: what selective recompute repeats.
  public func forwardFLOPs(sequence: Double) -> FLOPs { FLOPs(perKey * sequence) }
}
