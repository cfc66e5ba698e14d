/// An agent's task: turns of a model with tool calls between them, on a context that grows by every answer and result.
///
/// Before turn i the context holds `c(i) = first + i·(output + tool)` tokens; in turn i the model generates `output`
/// tokens and the tool then adds `tool` tokens after `toolSeconds`.
public struct AgentTask: Sendable, Hashable, Codable {
  public let turns: Int
  public let firstTokens: Double
  public let outputTokens: Double
  public let toolTokens: Double
  public let toolSeconds: Double

  public init(
    turns: Int, firstTokens: Double, outputTokens: Double, toolTokens: Double, toolSeconds: Double
  ) throws(EconomicsError) {
    try require(Double(turns), .atLeastOne, "turns of an agent")
    try require(firstTokens, .nonNegative, "prompt tokens of an agent")
    try require(outputTokens, .atLeastOne, "output tokens per turn")
    try require(toolTokens, .nonNegative, "tokens per tool result")
    try require(toolSeconds, .nonNegative, "seconds per tool call")
    self.turns = turns
    self.firstTokens = firstTokens
    self.outputTokens = outputTokens
    self.toolTokens = toolTokens
    self.toolSeconds = toolSeconds
  }

  /// Tokens in context when turn i (from 0) begins.
  public func context(turn i: Int) -> Double { firstTokens + Double(i) * (outputTokens + toolTokens) }

  /// Tokens prefilled over the task: once each when the cache is kept, all of them every turn when it is not.
  public func prefilledTokens(keepingCache: Bool) -> Double {
    keepingCache
      ? firstTokens + Double(turns - 1) * toolTokens
      : (0..<turns).reduce(0) { $0 + context(turn: $1) }
  }

  public var generatedTokens: Double { Double(turns) * outputTokens }

  /// Token-seconds of cache held while tools run: `Σ (c(i) + output)·toolSeconds` over all turns but the last.
  public var heldTokenSeconds: Double {
    (0..<(turns - 1)).reduce(0) { $0 + (context(turn: $1) + outputTokens) * toolSeconds }
  }

  /// Mean tokens in cache while generating.
  public var meanDecodeContext: Double {
    (0..<turns).reduce(0) { $0 + context(turn: $1) } / Double(turns) + outputTokens / 2
  }
}
