/// Why a row is not taken.
struct RowProblem {
  let kind: String
  let detail: String?
  /// The end of the file may be the cause, when this is its last line and has no line end.
  let mayBeTruncation: Bool

  init(_ kind: String, _ detail: String? = nil, mayBeTruncation: Bool = false) {
    self.kind = kind
    self.detail = detail
    self.mayBeTruncation = mayBeTruncation
  }

  /// A request has at least one token each way: servers log zero for requests that failed.
  static func ofTokens(_ row: RequestRow, limit: UInt32) -> RowProblem? {
    if row.output == 0 { return RowProblem("no output tokens (a failed request)") }
    if row.input == 0 { return RowProblem("no input tokens") }
    return nil
  }

  static func ofName(_ what: String, _ text: UnsafeRawBufferPointer) -> RowProblem {
    if String(validating: text, as: UTF8.self) == nil {
      return RowProblem("invalid UTF-8 in the \(what)", excerpt(text))
    }
    return RowProblem("too many different \(what) names", excerpt(text))
  }
}
