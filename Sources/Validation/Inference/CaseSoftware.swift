import FleetData

/// The serving stack behind a row, as its source names it.
extension MeasuredCase {
  var software: String {
    let title = source.title.lowercased()
    let onTPU = hardware.chip.lowercased().contains("tpu")
    if title.contains("efficiently scaling transformer inference") { return "paxml" }
    if title.contains("jax-llm-examples") { return "jax-llm-examples" }
    if title.contains("sglang-jax") { return "sglang-jax" }
    if title.contains("jetstream") { return "jetstream" }
    if title.contains("mlperf") {
      if onTPU { return "saxml" }
      return hardware.chip.hasPrefix("MI") ? "vllm-mlperf" : "tensorrt-llm-mlperf"
    }
    if title.contains("tpu-recipes") || title.contains("tpu-inference") || onTPU { return "vllm-tpu" }
    if title.contains("perf-overview") { return "tensorrt-llm" }
    if title.contains("tensorrt-llm performance.md") { return "tensorrt-llm-2023" }
    if title.contains("fastertransformer") { return "fastertransformer" }
    if title.contains("splitwise") { return "eager-2023" }
    if title.contains("lmdeploy") { return "lmdeploy" }
    if title.contains("aiconfigurator") { return servingBackend }
    if title.contains("deepseek") || title.contains("lmsys") { return "large-scale-ep" }
    return "vllm"
  }

  /// The aiconfigurator sample states the engine first in each row's notes.
  private var servingBackend: String {
    for name in ["trtllm", "vllm", "sglang"] where notes?.lowercased().hasPrefix(name) ?? false {
      return "\(name)-serving"
    }
    return "vllm-serving"
  }

  /// The MLPerf scenario: offline runs have no latency limit.
  enum Scenario: String, CaseIterable { case interactive, server, offline }

  var scenario: Scenario? {
    guard source.title.lowercased().contains("mlperf") else { return nil }
    let words = (notes ?? "").lowercased().split(separator: ",").first.map(String.init) ?? ""
    return Scenario.allCases.first { words.contains(" " + $0.rawValue) }
  }

  /// MLPerf's limit on the 99th percentile of time per output token.
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

  /// MLPerf's GPT-J searches with four beams.
  var beams: Int { model.name == "GPT-J-6B" && source.title.lowercased().contains("mlperf") ? 4 : 1 }

  /// JetStream's engines read their whole cache at every step: 2,048 tokens a slot.
  var staticCache: Int? { software == "jetstream" ? 2048 : nil }

  /// Mean prompt and output lengths of the data set a row was run on, where the row does not state them.
  ///
  /// - Source: recalled, not read again, so of grade assumed: MLCommons benchmark descriptions (CNN/DailyMail 778 in; 405B 9,428 in; R1 800 in, 3,880 out;
  ///   Mixtral's mix about 250 in, 145 out); ShareGPT as benchmarked by
  ///   serving tools, about 220 in and 200 out.
  var dataSetLengths: (input: Int, output: Int)? {
    switch software {
    case "jetstream": return (220, 200)
    case "sglang-jax": return (512, 512)
    default: break
    }
    switch model.name {
    case "GPT-J-6B": return (778, 69)
    case "Mixtral-8x7B": return (250, 145)
    case "Llama-3.1-405B": return (9428, 640)
    case "DeepSeek-V3/R1-671B": return (800, 3880)
    case "Llama-3/3.1-8B": return (778, 73)
    default: return nil
    }
  }
}
