import FleetData

/// The shape of a small decoder that this CPU runs: L layers of width D, N query heads on K key-value heads of size H,
/// a gated FFN of width F, and V words.
public struct DecoderShape: Sendable, Hashable, Codable {
  public var layers: Int
  public var width: Int
  public var heads: Int
  public var kvHeads: Int
  public var headSize: Int
  public var ffnWidth: Int
  public var vocabulary: Int

  enum CodingKeys: String, CodingKey {
    case layers, width, heads, vocabulary
    case kvHeads = "kv_heads"
    case headSize = "head_size"
    case ffnWidth = "ffn_width"
  }

  /// Widths and head sizes are multiples of 32, the panel width of the kernels.
  public init(
    layers: Int, width: Int, heads: Int, kvHeads: Int, headSize: Int, ffnWidth: Int, vocabulary: Int
  ) {
    precondition(heads % kvHeads == 0, "query heads are shared evenly among key-value heads")
    precondition(
      [width, headSize, ffnWidth, vocabulary].allSatisfy { $0 % 32 == 0 },
      "widths, head size and vocabulary are multiples of 32")
    self.layers = layers
    self.width = width
    self.heads = heads
    self.kvHeads = kvHeads
    self.headSize = headSize
    self.ffnWidth = ffnWidth
    self.vocabulary = vocabulary
  }

  /// Query heads that share one key-value head.
  public var group: Int { heads / kvHeads }
  var queryWidth: Int { heads * headSize }
  var kvWidth: Int { kvHeads * headSize }

  /// `4x1024-16/4x64-2816-8192`: layers × width, heads / key-value heads × head size, FFN width, vocabulary.
  public var id: String {
    "\(layers)x\(width)-\(heads)/\(kvHeads)x\(headSize)-\(ffnWidth)-\(vocabulary)"
  }

  /// The same shape as the planner's models have it.
  public var transformer: TransformerSpec {
    let layer = TransformerSpec.Layer(
      mixer: .attention(.init(heads: heads, kvHeads: kvHeads, headSize: headSize)),
      ffn: .dense(.init(width: ffnWidth, gated: true)), normParameters: 2 * width)
    return TransformerSpec(
      id: id, name: "CPU decoder \(id)", modelWidth: width, vocabulary: vocabulary, tiedEmbeddings: false,
      layers: Array(repeating: layer, count: layers), extraParameters: width,
      provenance: Provenance(
        source: "the CPU kernel's own shape", asOf: "2026-11", grade: .derived,
        note: "weights are random: only the arithmetic matters"))
  }
}
