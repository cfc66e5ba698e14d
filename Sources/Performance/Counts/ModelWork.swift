import FleetData
import Foundation
import Quantities

/// FLOPs and bytes of one forward pass, and the memory a model takes.
extension ModelCounts {
  /// Share of routed experts that T tokens touch when each picks k of E independently: 1 − (1 − k/E)^T.
  public static func touchedShare(count: Int, topK: Int, tokens: Double) -> Double {
    1 - pow(1 - Double(topK) / Double(count), tokens)
  }

  /// Parameters that a step over `tokens` tokens must read: all but the looked-up table and the untouched experts.
  public func touchedParameters(tokens: Double) -> Double {
    expertGroups.reduce(alwaysRead) {
      $0 + $1.parameters * Self.touchedShare(count: $1.count, topK: $1.topK, tokens: tokens)
    }
  }

  /// Parameters read by every step, whatever it routes.
  public var alwaysRead: Double { totalParameters - lookupParameters - expertParameters }

  public var expertParameters: Double { expertGroups.reduce(0) { $0 + $1.parameters } }

  /// Bytes of weights as stored.
  public func weightBytes(_ precision: Precision) -> Bytes {
    Bytes(totalParameters * precision.bytesPerElement)
  }

  /// Bytes of KV cache that one sequence of `context` tokens holds; windows hold no more than their span.
  public func kvBytes(context: Int, _ precision: Precision) -> Bytes {
    let elements = attentionGroups.reduce(0) {
      $0 + $1.kvElements * Double(min(context, $1.span ?? context))
    }
    return Bytes(elements * precision.bytesPerElement)
  }

  /// Bytes of KV cache that one more token adds to a long sequence: full-attention layers only.
  public func kvBytesPerToken(_ precision: Precision) -> Bytes {
    Bytes(
      attentionGroups.reduce(0) { $0 + ($1.span == nil ? $1.kvElements : 0) } * precision.bytesPerElement)
  }

  /// Bytes of recurrent state of one sequence, kept in 16 bits whatever the KV precision.
  public var stateBytes: Bytes { Bytes(stateElements * 2) }

  /// FLOPs to decode one token that sees `context` keys: 2·active + attention + recurrence.
  public func decodeFLOPs(context: Int) -> FLOPs {
    FLOPs(2 * activeParameters + attentionDecodeFLOPs(context: context) + stateFLOPsPerToken)
  }

  /// FLOPs of the attention of one decoded token that sees `context` keys.
  public func attentionDecodeFLOPs(context: Int) -> Double {
    attentionGroups.reduce(0) { $0 + $1.decodePairFLOPs * Double(min(context, $1.span ?? context)) }
  }

  /// FLOPs to prefill one prompt of `tokens` tokens after `cached` tokens already in the cache; logits of the last only.
  public func prefillFLOPs(tokens: Int, cached: Int = 0) -> FLOPs {
    let perToken = 2 * (activeParameters - logitParameters) + stateFLOPsPerToken
    return FLOPs(
      perToken * Double(tokens) + 2 * logitParameters
        + attentionFLOPs(tokens: tokens, cached: cached))
  }

  /// FLOPs of the causal attention of one prompt.
  public func attentionFLOPs(tokens: Int, cached: Int) -> Double {
    attentionGroups.reduce(0) {
      $0 + $1.pairFLOPs * Self.pairs(tokens: tokens, cached: cached, span: $1.span)
    }
  }

  /// (query, key) pairs of `tokens` new tokens after `cached` ones: Σ min(position, span).
  public static func pairs(tokens: Int, cached: Int, span: Int?) -> Double {
    let (new, old) = (Double(tokens), Double(cached))
    let full = new * old + new * (new + 1) / 2
    guard let span, Double(span) < old + new else { return full }
    let limit = Double(span)
    guard limit > old else { return new * limit }
    // Positions old+1 ... span see their own number of keys, the rest see the span.
    let growing = limit - old
    return growing * old + growing * (growing + 1) / 2 + (new - growing) * limit
  }
}
