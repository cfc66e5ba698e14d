import FleetData

/// The serving stack behind a row: the first engine whose name its own words contain.
///
/// The row's `framework`, `engine` or `software` field speaks first, then its source's title and address and its notes.
/// A row that names no engine we fitted is driven by the typical stack of its chip's family.
extension MeasuredCase {
  var software: (id: String, assumption: String?) {
    if let id = named(stackField ?? "") { return (id, nil) }
    if let id = named(words) {
      let isNamed = ["vllm", "tensorrt", "saxml"].contains { words.contains($0) }
      return (id, scenario != nil && !isNamed ? "stack \(id), from the kind of submission" : nil)
    }
    let family = onTPU ? "family:tpu" : "family:gpu"
    return (family, "the typical stack of \(family.dropFirst(7).uppercased())s, as none is named")
  }

  private func named(_ text: String) -> String? {
    func has(_ name: String) -> Bool { text.contains(name) }
    if text.isEmpty { return nil }
    if scenario != nil {
      if has("saxml") { return "saxml" }
      return has("vllm") || has("submitter amd") || hardware.chip.hasPrefix("MI")
        ? "vllm-mlperf" : onTPU ? "vllm-tpu" : "tensorrt-llm-mlperf"
    }
    // Engines of the years before graphs and paged kernels were tuned share one set.
    if let notes = notes?.lowercased(), notes.contains("2023"), notes.contains("software") {
      return "engines-2023"
    }
    for (name, id) in [
      ("sglang-jax", "sglang-jax"), ("jetstream", "jetstream"), ("saxml", "saxml"),
      ("jax-llm-examples", "jax-llm-examples"), ("paxml", "paxml"),
      ("efficiently scaling transformer inference", "paxml"), ("fastertransformer", "fastertransformer"),
      ("lmdeploy", "lmdeploy"), ("deepseek-v3/r1 inference system", "large-scale-ep"),
      ("large-scale ep", "large-scale-ep"),
    ] where has(name) { return id }
    let underLoad = serving == true && has("aggregated serving")
    if has("trtllm ") && underLoad { return "trtllm-serving" }
    if has("tensorrt-llm") || has("trtllm") { return has("v0.") ? "tensorrt-llm-0" : "tensorrt-llm" }
    if has("sglang") { return onTPU ? "sglang-jax" : "sglang-serving" }
    if has("vllm") || has("tpu-inference") { return onTPU ? "vllm-tpu" : underLoad ? "vllm-serving" : "vllm" }
    return nil
  }

  private var onTPU: Bool { hardware.chip.lowercased().contains("tpu") }

  private var stackField: String? { (framework ?? engine ?? stack)?.lowercased() }

  /// All that a row says of itself, lower case.
  private var words: String {
    [notes ?? "", source.title, source.urlOrRepoPath ?? ""].joined(separator: " ").lowercased()
  }

  /// The MLPerf scenario: offline runs have no latency limit.
  enum Scenario: String, CaseIterable { case interactive, server, offline }

  var scenario: Scenario? {
    guard source.title.lowercased().contains("mlperf") else { return nil }
    let first = (notes ?? "").lowercased().split(separator: ",").first.map(String.init) ?? ""
    return Scenario.allCases.first { first.contains(" " + $0.rawValue) } ?? (first.isEmpty ? nil : .offline)
  }

  /// MLPerf's limit on the 99th percentile of time per output token, in seconds.
  ///
  /// - Source: recalled from MLCommons' inference rules v4.1 and v5.1, not read again: grade assumed.
  var tokenLimit: Double? {
    let limits: [(String, Double, Double?)] = [
      ("Llama-2-70B", 0.2, 0.04), ("Llama-3/3.1-8B", 0.1, 0.03), ("Llama-3.1-405B", 0.175, 0.08),
      ("DeepSeek-V3/R1-671B", 0.08, nil), ("Mixtral-8x7B", 0.2, nil), ("GPT-J-6B", 0.1, nil),
    ]
    guard let row = limits.first(where: { $0.0 == model.name }) else { return nil }
    switch scenario {
    case .server: return row.1
    case .interactive: return row.2
    default: return nil
    }
  }

  /// Candidates of a beam search, as the notes state its width; 1 for sampling.
  var beams: Int { number(after: ["beam width ", "beam search width "]) ?? 1 }

  /// JetStream's engines read their whole cache at every step: the slots' length as noted, 2,048 tokens by default.
  var staticCache: Int? {
    software.id == "jetstream" ? number(after: ["cache length "]) ?? 2048 : nil
  }

  /// Mean prompt and output lengths of what a row was run on, where the row does not state them, and where they are from.
  ///
  /// - Source: recalled, not read again, so of grade assumed: MLCommons' benchmark descriptions (CNN/DailyMail 778 in,
  ///   69 to 73 out; 405B 9,428 in; R1 800 in, 3,880 out; Mixtral's even mix of OpenOrca, few-shot GSM8K and MBXP about
  ///   500 in, 145 out); OpenOrca 221 in, 293 out (JetStream PR 213); ShareGPT as benchmarked by serving tools about 220
  ///   in, 200 out; random lengths below a nominal maximum average half of it.
  var assumedLengths: (input: Int, output: Int, basis: String)? {
    if scenario != nil {
      let sets: [(String, Int, Int)] = [
        ("GPT-J-6B", 778, 69), ("Mixtral-8x7B", 500, 145), ("Llama-3.1-405B", 9428, 640),
        ("DeepSeek-V3/R1-671B", 800, 3880), ("Llama-3/3.1-8B", 778, 73), ("Llama-2-70B", 221, 293),
      ]
      return sets.first { $0.0 == model.name }.map { ($0.1, $0.2, "mean lengths of the MLPerf data set") }
    }
    if words.contains("sharegpt") { return (220, 200, "mean lengths of ShareGPT") }
    if words.contains("openorca") { return (221, 293, "mean lengths of OpenOrca") }
    if let nominal = nominalLengths {
      return (nominal.0 / 2, nominal.1 / 2, "half of the nominal lengths \(nominal.0)/\(nominal.1)")
    }
    return nil
  }

  /// `nominal 1024/1024` in the notes.
  private var nominalLengths: (Int, Int)? {
    guard let first = number(after: ["nominal "]), let second = number(after: ["nominal \(first)/"]) else {
      return nil
    }
    return (first, second)
  }

  /// The whole number that follows one of `phrases` in the notes.
  private func number(after phrases: [String]) -> Int? {
    guard let text = notes?.lowercased() else { return nil }
    for phrase in phrases {
      guard let place = text.firstRange(of: phrase) else { continue }
      if let value = Int(text[place.upperBound...].prefix { $0.isNumber }) { return value }
    }
    return nil
  }
}
