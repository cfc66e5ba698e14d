/// What a column or key of a trace can hold.
public enum TraceField: String, CaseIterable, Sendable, Hashable, Codable {
  case timestamp, input, output
  case service, region, tenant, session, turn
  case cached, reasoning
  /// Thinking as a share of the output tokens.
  case reasoningRatio = "reasoning-ratio"
  case sloClass = "class"
  /// Time allowed from arrival to completion.
  case deadline
  /// The number or name of the request itself: not kept, but one met twice is said.
  case number
  /// Present in the file and not kept.
  case ignored

  /// Header names under which a field is recognised without `--columns`; compared in lower case, letters and digits only.
  var aliases: [String] {
    switch self {
    case .timestamp:
      [
        "timestamp", "time", "arrivaltimeus", "arrival", "arrivaltime", "arrivaltimestamp", "arrivedat", "ts",
        "starttime",
        "createdat",
        "datetime", "date", "arrivals", "requesttime",
      ]
    case .input:
      [
        "input", "inputtokens", "prompttokens", "inputlength", "contexttokens", "requesttokens",
        "numprefilltokens",
        "promptsize", "inputtoks", "promptlen", "inputlen", "prompt", "tokensin",
      ]
    case .output:
      [
        "output", "outputtokens", "completiontokens", "outputlength", "generatedtokens", "responsetokens",
        "numdecodetokens", "tokensize", "outputtoks", "outputlen", "completion", "tokensout",
      ]
    case .service: ["service", "model", "modelname", "modelid", "selectedmodel", "deployment"]
    case .region: ["region", "site", "location", "geo"]
    case .tenant: ["tenant", "tenantid", "user", "userid", "client", "clientid", "customer", "applicationid"]
    case .session: ["session", "sessionid", "conversation", "conversationid", "chatid", "threadid"]
    case .turn: ["turn", "turnindex", "roundindex", "round"]
    case .cached: ["cached", "cachedtokens", "cachedinputtokens", "prefixlength", "cachereadtokens"]
    case .reasoning: ["reasoning", "reasoningtokens", "thinkingtokens"]
    case .reasoningRatio: ["reasonratio", "reasoningratio"]
    case .sloClass: ["class", "sloclass", "priorityclass", "logtype", "tier"]
    case .deadline: ["deadline", "deadlineus", "deadlinems", "deadlines"]
    case .number: ["requestid", "requestnumber", "requestuuid"]
    case .ignored: []
    }
  }
}

/// A header name without case, blanks and punctuation.
func normalized(_ name: String) -> String {
  String(
    decoding: name.utf8.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
      default: nil
      }
    }, as: UTF8.self)
}
