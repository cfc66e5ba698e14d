/// The 27 columns of BLIS TraceV2 in order, and which of ours each can hold.
///
/// - Source: inference-sim/inference-sim, trace format version 2.
enum TraceV2Columns {
  static let names = [
    "request_id", "client_id", "tenant_id", "slo_class", "session_id", "round_index", "prefix_group",
    "prefix_length",
    "streaming", "input_tokens", "output_tokens", "text_tokens", "image_tokens", "audio_tokens",
    "video_tokens",
    "reason_ratio", "model", "deadline_us", "server_input_tokens", "arrival_time_us", "send_time_us",
    "first_chunk_time_us", "last_chunk_time_us", "num_chunks", "status", "error_message", "finish_reason",
  ]

  static let all: [TraceField?] = names.map { name in
    switch name {
    case "tenant_id": .tenant
    case "slo_class": .sloClass
    case "session_id": .session
    case "round_index": .turn
    case "prefix_length": .cached
    case "input_tokens": .input
    case "output_tokens": .output
    case "reason_ratio": .reasoningRatio
    case "model": .service
    case "deadline_us": .deadline
    case "arrival_time_us": .timestamp
    default: nil
    }
  }

  /// What stands in a column we do not hold.
  static func filler(_ column: Int, row: Int) -> String {
    switch names[column] {
    case "request_id": String(row)
    case "streaming": "false"
    case "status": "ok"
    case "client_id", "prefix_group", "error_message", "finish_reason": ""
    default: "0"
    }
  }
}
