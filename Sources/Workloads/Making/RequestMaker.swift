import Foundation
import Quantities

/// Makes the requests of one client.
struct RequestMaker {
  private let client: ClientRecipe
  private let index: Int
  private let recipe: WorkloadRecipe
  private let seed: UInt64
  private(set) var nextSession: Int32
  private(set) var nextBlock: UInt64
  /// Time tools ran within the duration.
  private(set) var toolSeconds = 0.0
  private var lengths: [(first: Double, second: Double)] = []
  private var used = 0
  private var made: [MadeRequest] = []
  private var pauses: RandomStream

  init(
    _ client: ClientRecipe, index: Int, recipe: WorkloadRecipe, seed: UInt64, firstSession: Int32,
    firstBlock: UInt64 = 0
  ) {
    self.client = client
    self.index = index
    self.recipe = recipe
    self.seed = seed
    nextSession = firstSession
    nextBlock = firstBlock
    pauses = RandomStream(seed, "pauses/\(client.name)")
  }

  mutating func requests() -> [MadeRequest] {
    let turnsEach = client.session?.turns ?? 1
    let callsEach = client.agent.map { $0.steps * Double($0.branches) } ?? 1
    let starts = arrivals(ratePerSecond: client.ratePerSecond / (turnsEach * callsEach))
    var counts = RandomStream(seed, "turns/\(client.name)")
    let turns = starts.map { _ in client.session == nil ? 1 : counts.geometric(mean: turnsEach) }
    let branches = client.agent?.branches ?? 1
    let steps = turns.map { turn in
      (0..<turn * branches).map { _ in client.agent.map { counts.geometric(mean: $0.steps) } ?? 1 }
    }
    let total = steps.reduce(0) { $0 + $1.reduce(0, +) }
    var stream = RandomStream(seed, "lengths/\(client.name)")
    lengths = CorrelatedUniforms.pairs(count: total, spearman: client.correlation, stream: &stream)
    for (start, steps) in zip(starts, steps) {
      addConversation(start, steps: steps, branches: branches)
    }
    layStructure()
    return made
  }

  /// Conversations and prefixes learnt from a trace, laid over the requests in order of arrival.
  private mutating func layStructure() {
    guard client.conversation != nil || client.prefix != nil else { return }
    made.sort { ($0.arrival, $0.sequence) < ($1.arrival, $1.sequence) }
    if let conversation = client.conversation {
      var stream = RandomStream(seed, "conversations/\(client.name)")
      nextSession = conversation.lay(over: &made, firstSession: nextSession, stream: &stream)
    }
    if let prefix = client.prefix {
      nextBlock = prefix.share(among: &made, firstBlock: nextBlock, seed: seed, name: client.name)
    }
  }

  /// Starts of sessions, tasks or single requests, by stretching a renewal process of rate 1 to the rate over time.
  func arrivals(ratePerSecond: Double) -> [Double] {
    let rate = CumulativeRate(
      ratePerSecond: ratePerSecond, shape: client.shape, duration: recipe.durationSeconds,
      epoch: recipe.start
    )
    let stream = RandomStream(seed, "arrivals/\(client.name)")
    var gaps = GapSampler(client.renewal, expected: Int(rate.total.rounded()), stream: stream)
    var times: [Double] = []
    var cursor = 0
    var count = gaps.first()
    while let time = rate.time(of: count, cursor: &cursor) {
      times.append(time)
      count += gaps.next()
    }
    return times
  }

  /// A conversation of turns, each of which may be an agent's task in branches.
  private mutating func addConversation(_ start: Double, steps: [Int], branches: Int) {
    let isSession = client.session != nil || client.agent != nil
    let session = isSession ? nextSession : -1
    if isSession { nextSession += 1 }
    var time = start
    var context = 0.0
    var turn: UInt32 = 0
    for first in stride(from: 0, to: steps.count, by: branches) {
      if first > 0 {
        time += pause(client.session?.thinkSeconds ?? 0, cv: client.session?.thinkCV ?? 1)
      }
      var ends: [(time: Double, context: Double)] = []
      for branch in first..<first + branches {
        ends.append(addBranch(time, context, steps: steps[branch], session: session, turn: &turn))
      }
      time = ends.map(\.time).max() ?? time
      context = ends.map(\.context).max() ?? context
    }
  }

  /// One loop of model and tool calls. Returns when it ends and the context it leaves.
  private mutating func addBranch(
    _ start: Double, _ contextBefore: Double, steps: Int, session: Int32, turn: inout UInt32
  ) -> (time: Double, context: Double) {
    var time = start
    var context = contextBefore
    let limit = client.agent?.maximumContext ?? client.session?.maximumContext ?? .infinity
    for step in 0..<steps {
      let (u, v) = lengths[used]
      used += 1
      let isToolResult = step > 0
      let law = isToolResult ? client.agent?.toolTokens ?? client.input : client.input
      let fresh = law.tokens(u)
      let answer = client.output.tokens(v)
      let input = UInt32(min(limit, context + Double(fresh)))
      let thinking = UInt32(
        (Double(answer) * (client.thinking?.tokensPerAnswerToken ?? 0)).rounded())
      let request = MadeRequest(
        arrival: time, client: index, sequence: made.count, input: max(1, input),
        output: answer + thinking,
        session: session, turn: turn, cached: UInt32(min(context, Double(input))),
        reasoning: thinking)
      if time < recipe.durationSeconds { add(request) }
      turn += 1
      // Thinking is not kept in the context of the next call.
      context = Double(input) + Double(answer)
      time += Double(answer + thinking) * recipe.servingSecondsPerOutputToken
      if let agent = client.agent, step + 1 < steps {
        let tool = pause(agent.toolSeconds, cv: agent.toolCV)
        toolSeconds += max(0, min(tool, recipe.durationSeconds - time))
        time += tool
      }
    }
    return (time, context)
  }

  private mutating func add(_ request: MadeRequest) {
    made.append(request)
    for _ in 1..<max(1, client.thinking?.samples ?? 1) {
      var sample = request
      sample.sequence = made.count
      sample.cached = request.input
      made.append(sample)
    }
  }

  /// A lognormal pause of the given mean and coefficient of variation.
  private mutating func pause(_ mean: Double, cv: Double) -> Double {
    guard mean > 0 else { return 0 }
    let sigma = log(1 + cv * cv).squareRoot()
    return exp(log(mean) - sigma * sigma / 2 + sigma * pauses.normal())
  }
}
