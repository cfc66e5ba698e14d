/// Descriptions are written by hand too: every field that has a default may be left out.
extension WorkloadRecipe {
  public init(from decoder: any Decoder) throws {
    let json = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      durationSeconds: try json.decode(Double.self, forKey: .durationSeconds),
      start: try json.decodeIfPresent(Double.self, forKey: .start) ?? Self.defaultStart,
      clients: try json.decode([ClientRecipe].self, forKey: .clients))
    servingSecondsPerOutputToken =
      try json.decodeIfPresent(Double.self, forKey: .servingSecondsPerOutputToken)
      ?? servingSecondsPerOutputToken
    let schema = try json.decode(String.self, forKey: .schema)
    guard schema == self.schema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: json, debugDescription: "found \(schema), expected \(self.schema)")
    }
  }
}

extension ClientRecipe {
  public init(from decoder: any Decoder) throws {
    let json = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try json.decode(String.self, forKey: .name),
      ratePerSecond: try json.decode(Double.self, forKey: .ratePerSecond),
      input: try json.decode(LengthDistribution.self, forKey: .input),
      output: try json.decode(LengthDistribution.self, forKey: .output))
    service = try json.decodeIfPresent(String.self, forKey: .service)
    region = try json.decodeIfPresent(String.self, forKey: .region)
    sloClass = try json.decodeIfPresent(String.self, forKey: .sloClass)
    shape = try json.decodeIfPresent(RateShape.self, forKey: .shape) ?? shape
    renewal = try json.decodeIfPresent(Renewal.self, forKey: .renewal) ?? renewal
    correlation = try json.decodeIfPresent(Double.self, forKey: .correlation) ?? correlation
    session = try json.decodeIfPresent(SessionRecipe.self, forKey: .session)
    agent = try json.decodeIfPresent(AgentRecipe.self, forKey: .agent)
    thinking = try json.decodeIfPresent(ThinkingRecipe.self, forKey: .thinking)
    conversation = try json.decodeIfPresent(ConversationRecipe.self, forKey: .conversation)
    prefix = try json.decodeIfPresent(PrefixRecipe.self, forKey: .prefix)
  }
}

extension SessionRecipe {
  public init(from decoder: any Decoder) throws {
    let json = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      turns: try json.decode(Double.self, forKey: .turns),
      thinkSeconds: try json.decode(Double.self, forKey: .thinkSeconds))
    thinkCV = try json.decodeIfPresent(Double.self, forKey: .thinkCV) ?? thinkCV
    maximumContext = try json.decodeIfPresent(Double.self, forKey: .maximumContext) ?? maximumContext
  }
}

extension AgentRecipe {
  public init(from decoder: any Decoder) throws {
    let json = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      steps: try json.decode(Double.self, forKey: .steps),
      toolSeconds: try json.decode(Double.self, forKey: .toolSeconds),
      toolTokens: try json.decode(LengthDistribution.self, forKey: .toolTokens))
    branches = try json.decodeIfPresent(Int.self, forKey: .branches) ?? branches
    toolCV = try json.decodeIfPresent(Double.self, forKey: .toolCV) ?? toolCV
    environmentDollarsPerSecond =
      try json.decodeIfPresent(Double.self, forKey: .environmentDollarsPerSecond)
      ?? environmentDollarsPerSecond
    maximumContext = try json.decodeIfPresent(Double.self, forKey: .maximumContext) ?? maximumContext
  }
}

extension ThinkingRecipe {
  public init(from decoder: any Decoder) throws {
    let json = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      tokensPerAnswerToken: try json.decode(Double.self, forKey: .tokensPerAnswerToken),
      samples: try json.decodeIfPresent(Int.self, forKey: .samples) ?? 1)
  }
}

extension RateShape {
  enum CodingKeys: String, CodingKey {
    case hours, weekdays, bins
    case growthPerMonth = "growth_per_month"
    case binSeconds = "bin_s"
  }

  public init(from decoder: any Decoder) throws {
    let json = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    hours = try json.decodeIfPresent([Double].self, forKey: .hours) ?? []
    weekdays = try json.decodeIfPresent([Double].self, forKey: .weekdays) ?? []
    growthPerMonth = try json.decodeIfPresent(Double.self, forKey: .growthPerMonth) ?? 0
    bins = try json.decodeIfPresent([Double].self, forKey: .bins) ?? []
    binSeconds = try json.decodeIfPresent(Double.self, forKey: .binSeconds) ?? 0
  }
}
