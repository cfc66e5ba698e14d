import Foundation

/// The keys of a HuggingFace `config.json` that shape a decoder; families spell some of them differently.
struct HuggingFaceConfig {
  private var values: [String: Any]

  /// - Throws: a `Diagnostic` when the bytes are not a JSON object. Multimodal files keep the decoder in `text_config`,
  ///   others group keys by part of the layer.
  init(_ data: Data) throws(Diagnostic) {
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw Diagnostic("the model file is not a JSON object", expected: "a HuggingFace config.json")
    }
    values = object
    for part in ["text_config", "language_config", "llm_config", "attn_config", "ffn_config", "ssm_cfg"] {
      if let inner = object[part] as? [String: Any] { values.merge(inner) { _, inner in inner } }
    }
  }

  func integer(_ names: String...) -> Int? { integer(names) }
  func flag(_ name: String) -> Bool? { (values[name] as? NSNumber)?.boolValue }
  func text(_ name: String) -> String? { values[name] as? String }
  func list(_ name: String) -> [String]? { values[name] as? [String] }
  func integers(_ name: String) -> [Int]? { (values[name] as? [NSNumber])?.map(\.intValue) }
  func has(_ name: String) -> Bool { values[name] != nil && !(values[name] is NSNull) }

  /// What the family's own code takes for a key that the file leaves out, or an error that names the key.
  func required(_ names: String...) throws(Diagnostic) -> Int {
    if let number = integer(names) { return number }
    for name in names { if let number = family.defaults[name] { return number } }
    throw Diagnostic("the model's config.json lacks '\(names[0])'", help: "is it a decoder's config.json?")
  }

  private func integer(_ names: [String]) -> Int? {
    for name in names { if let number = values[name] as? NSNumber { return number.intValue } }
    return nil
  }

  var modelType: String { text("model_type") ?? (has("ssm_cfg") ? "mamba2" : "") }
  var family: HuggingFaceFamily { HuggingFaceFamily(modelType) }
}

/// What a family of models does that its files do not say.
struct HuggingFaceFamily {
  private let name: String
  init(_ modelType: String) { name = modelType }

  /// Three matrices in the FFN rather than two.
  var isGated: Bool {
    !["gpt2", "gpt_neox", "gptj", "opt", "bloom", "phi", "starcoder2", "nemotron", "nemotron_h", "mpt"]
      .contains(name)
      && !isFalcon
  }

  /// Input and output share one table unless the file says otherwise.
  var tiesEmbeddings: Bool {
    let tied = ["gpt2", "bloom", "opt", "cohere", "cohere2", "starcoder2", "mamba", "falcon_mamba", "mpt"]
    return tied.contains(name) || name.hasPrefix("gemma") || isFalcon
  }

  /// Attention and FFN read the same input.
  var hasParallelBlock: Bool { ["gptj", "phi", "cohere", "cohere2"].contains(name) }

  var isFalcon: Bool { name == "falcon" || name.hasPrefix("RefinedWeb") }
  var isLlama4: Bool { name.hasPrefix("llama4") }
  var isMamba: Bool { name.hasPrefix("mamba") || name == "falcon_mamba" }
  var hasSharedExpert: Bool { isLlama4 }
  /// Biases on query, key and value; on every projection.
  var hasQKVBias: Bool { name.hasPrefix("qwen2") }
  var hasEveryBias: Bool { ["gpt2", "gptj", "opt", "bloom", "phi", "gpt_neox", "gpt_oss"].contains(name) }
  var hasHeadNorm: Bool { name.hasPrefix("qwen3") || name.hasPrefix("gemma3") }
  var hasWideNorm: Bool { name.hasPrefix("olmo2") || name.hasPrefix("olmo3") || name == "olmoe" }
  var hasSinks: Bool { name == "gpt_oss" }
  var hasRouterBias: Bool {
    ["gpt_oss", "nemotron_h"].contains(name) || name.hasPrefix("deepseek_v3") || name.hasPrefix("kimi")
  }
  var hasStateNorm: Bool { name == "jamba" }

  /// Norm weights of one layer in model widths.
  var normsPerLayer: Int {
    if name == "gemma2" || name.hasPrefix("gemma3") { return 4 }
    // A norm with a bias counts twice; these have one norm a layer, or two.
    if ["phi", "gptj"].contains(name) { return 2 }
    if ["cohere", "cohere2"].contains(name) || isMamba { return 1 }
    if hasEveryBias && name != "gpt_oss" { return 4 }
    return 2
  }

  /// Layers from one full attention to the next when the file gives a window but no pattern.
  var windowPeriod: Int? {
    switch name {
    case "gemma2", "gpt_oss": 2
    case "cohere2": 4
    default: name.hasPrefix("gemma3") ? 6 : nil
    }
  }

  /// Values of keys that files of the family leave out.
  var defaults: [String: Int] {
    if name.hasPrefix("gemma3") {
      return [
        "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 262_208,
        "sliding_window": 4096, "max_position_embeddings": 131_072,
      ]
    }
    return [:]
  }
}
