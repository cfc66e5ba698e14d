import Foundation

/// The keys of a HuggingFace `config.json` that shape a decoder; families spell some of them differently.
struct HuggingFaceConfig {
  var values: [String: Any]

  /// - Throws: a `Diagnostic` when the bytes are not a JSON object. Multimodal files keep the decoder in `text_config`.
  init(_ data: Data) throws(Diagnostic) {
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw Diagnostic("the model file is not a JSON object", expected: "a HuggingFace config.json")
    }
    values = object
    if let text = object["text_config"] as? [String: Any] {
      values.merge(text) { _, inner in inner }
    }
  }

  func integer(_ names: String...) -> Int? {
    for name in names { if let number = values[name] as? NSNumber { return number.intValue } }
    return nil
  }

  func flag(_ name: String) -> Bool? { (values[name] as? NSNumber)?.boolValue }
  func text(_ name: String) -> String? { values[name] as? String }
  func list(_ name: String) -> [String]? { values[name] as? [String] }

  func required(_ names: String...) throws(Diagnostic) -> Int {
    for name in names { if let number = integer(name) { return number } }
    throw Diagnostic("the model's config.json lacks '\(names[0])'", help: "is it a decoder's config.json?")
  }

  var modelType: String { text("model_type") ?? "" }
  /// Families whose FFN has two matrices rather than three.
  var isGated: Bool {
    let plain = [
      "gpt2", "gpt_neox", "gptj", "opt", "falcon", "bloom", "phi", "starcoder2", "nemotron", "nemotron_h",
    ]
    return !plain.contains(modelType)
  }
}

extension TransformerSpec {
  /// Reads any decoder's HuggingFace `config.json`: dense, mixture of experts, latent attention, sliding windows,
  /// Mamba and hybrids.
  ///
  /// - Throws: a `Diagnostic` that names the key that is missing.
  public init(huggingFace data: Data, id: String) throws(Diagnostic) {
    let config = try HuggingFaceConfig(data)
    let width = try config.required("hidden_size", "n_embd", "d_model")
    let count = try config.required("num_hidden_layers", "n_layer", "num_layers")
    let hybrid = config.text("hybrid_override_pattern").map(Array.init)
    let layers = try (0..<count).mapThrowing { (index) throws(Diagnostic) in
      try config.layer(index, of: count, width: width, pattern: hybrid)
    }
    self.init(
      id: config.text("_name_or_path").flatMap { $0.isEmpty ? nil : $0 } ?? id, name: id, modelWidth: width,
      vocabulary: try config.required("vocab_size"),
      tiedEmbeddings: config.flag("tie_word_embeddings") ?? config.modelType.hasPrefix("gemma"),
      layers: layers,
      maxContext: config.integer("max_position_embeddings", "n_positions"), extraParameters: width,
      parallelBlock: config.flag("parallel_attn") ?? (config.modelType == "gptj"),
      mtpLayers: config.integer("num_nextn_predict_layers") ?? 0,
      provenance: Provenance(source: id, asOf: "", grade: .quoted))
  }
}

extension Sequence {
  fileprivate func mapThrowing<T>(_ transform: (Element) throws(Diagnostic) -> T) throws(Diagnostic) -> [T] {
    var result: [T] = []
    for element in self { result.append(try transform(element)) }
    return result
  }
}
