import Quantities

/// A description of demand from which requests can be made: who asks, when, how much, in sessions or as agents.
public struct WorkloadRecipe: Hashable, Sendable, Codable {
  public var schema = "workload/1"
  public var durationSeconds: Double
  /// Seconds since 1970 of the start; hours of the day and days of the week count from it.
  public var start: Double
  public var clients: [ClientRecipe]
  /// Time to serve one output token, for the pace of sessions and agents: their next turn waits for the answer.
  public var servingSecondsPerOutputToken = 0.02

  /// Monday, 5 January 2026, 00:00 UTC.
  public static let defaultStart = 1_767_571_200.0

  public init(durationSeconds: Double, start: Double = WorkloadRecipe.defaultStart, clients: [ClientRecipe]) {
    self.durationSeconds = durationSeconds
    self.start = start
    self.clients = clients
  }

  enum CodingKeys: String, CodingKey {
    case schema, start, clients
    case durationSeconds = "duration_s"
    case servingSecondsPerOutputToken = "serving_s_per_output_token"
  }
}

/// One client, or a group that behaves as one.
public struct ClientRecipe: Hashable, Sendable, Codable {
  public var name: String
  public var service: String?
  public var region: String?
  public var sloClass: String?
  /// Mean rate of requests; with sessions or agents, of requests of all their turns together.
  public var ratePerSecond: Double
  public var shape = RateShape()
  public var renewal = Renewal.poisson
  public var input: LengthDistribution
  public var output: LengthDistribution
  /// Rank correlation (Spearman's rho) of input and output lengths.
  public var correlation = 0.0
  public var session: SessionRecipe?
  public var agent: AgentRecipe?
  public var thinking: ThinkingRecipe?
  /// Which requests belong together, and which prompts begin alike, as learnt from a trace.
  public var conversation: ConversationRecipe?
  public var prefix: PrefixRecipe?

  public init(
    name: String, ratePerSecond: Double, input: LengthDistribution, output: LengthDistribution
  ) {
    self.name = name
    self.ratePerSecond = ratePerSecond
    self.input = input
    self.output = output
  }

  enum CodingKeys: String, CodingKey {
    case name, service, region, shape, renewal, input, output, correlation, session, agent, thinking
    case conversation, prefix
    case sloClass = "class"
    case ratePerSecond = "rate_per_s"
  }
}

/// Conversations: each turn brings new input on top of everything said before.
public struct SessionRecipe: Hashable, Sendable, Codable {
  /// Mean number of turns, geometrically distributed.
  public var turns: Double
  /// Mean time between an answer and the next question.
  public var thinkSeconds: Double
  /// Its coefficient of variation (lognormal).
  public var thinkCV = 1.0
  /// Older context is dropped beyond this many tokens.
  public var maximumContext = 128_000.0

  public init(turns: Double, thinkSeconds: Double) {
    self.turns = turns
    self.thinkSeconds = thinkSeconds
  }

  enum CodingKeys: String, CodingKey {
    case turns
    case thinkSeconds = "think_s"
    case thinkCV = "think_cv"
    case maximumContext = "maximum_context"
  }
}

/// Agents: loops of model calls and tool calls on a growing context, in parallel branches.
public struct AgentRecipe: Hashable, Sendable, Codable {
  /// Mean number of model calls of one branch, geometrically distributed.
  public var steps: Double
  /// Branches that work on one task at the same time.
  public var branches = 1
  /// Mean time a tool takes between two model calls.
  public var toolSeconds: Double
  public var toolCV = 1.0
  /// Tokens a tool's result adds to the context.
  public var toolTokens: LengthDistribution
  /// Cost of the environment a tool runs in, in dollars per second of tool time.
  public var environmentDollarsPerSecond = 0.0
  public var maximumContext = 128_000.0

  public init(steps: Double, toolSeconds: Double, toolTokens: LengthDistribution) {
    self.steps = steps
    self.toolSeconds = toolSeconds
    self.toolTokens = toolTokens
  }

  enum CodingKeys: String, CodingKey {
    case steps, branches
    case toolSeconds = "tool_s"
    case toolCV = "tool_cv"
    case toolTokens = "tool_tokens"
    case environmentDollarsPerSecond = "environment_dollars_per_s"
    case maximumContext = "maximum_context"
  }
}

/// Test-time compute: how much of an answer is thinking, and how often it is sampled.
public struct ThinkingRecipe: Hashable, Sendable, Codable {
  /// Thinking tokens per token of answer.
  public var tokensPerAnswerToken: Double
  /// Samples drawn per request (best of N, majority vote); all but the first find the prompt cached.
  public var samples = 1

  public init(tokensPerAnswerToken: Double, samples: Int = 1) {
    self.tokensPerAnswerToken = tokensPerAnswerToken
    self.samples = samples
  }

  enum CodingKeys: String, CodingKey {
    case samples
    case tokensPerAnswerToken = "tokens_per_answer_token"
  }
}
