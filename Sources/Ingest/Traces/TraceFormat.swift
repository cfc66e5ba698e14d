/// The trace formats that can be read, named as `--trace-format` takes them.
public enum TraceFormat: String, CaseIterable, Sendable, Hashable, Codable {
  /// Azure LLM inference 2023 and 2024: `TIMESTAMP,ContextTokens,GeneratedTokens`.
  case azure
  /// BurstGPT: `Timestamp,[Session ID,][Elapsed time,]Model,Request tokens,Response tokens,Total tokens,Log Type`.
  case burstgpt
  /// Mooncake JSON lines: `timestamp` (ms), `input_length`, `output_length`, `hash_ids`.
  case mooncake
  /// BLIS TraceV2: a YAML header (optional) and a CSV with `arrival_time_us`, `input_tokens`, `output_tokens`.
  case tracev2
  /// Vidur: `arrived_at,num_prefill_tokens,num_decode_tokens`.
  case vidur
  /// splitwise-sim: `request_id,…,arrival_timestamp,batch_size,prompt_size,token_size`.
  case splitwise
  /// LLMServingSim JSON lines, one request or one agentic session with `sub_requests` per line.
  case llmservingsim
  /// OpenTelemetry GenAI spans in JSON lines, OTLP or flat.
  case otel
  /// Any CSV or TSV whose columns were named by hand or recognised by their names.
  case columns

  /// How its time stamps count when nothing else is known: nanoseconds per unit.
  var nanosecondsPerUnit: Int64 {
    switch self {
    case .mooncake: 1_000_000
    case .tracev2: 1_000
    case .llmservingsim, .otel: 1
    case .azure, .burstgpt, .vidur, .splitwise, .columns: 1_000_000_000
    }
  }
}
