import FleetData
import Quantities

/// Which requests of a client belong together, learnt from a trace and laid over the client's own arrivals, which stay
/// as they are, and lengths, which change places only.
///
/// `SessionRecipe` lets conversations make the requests; this one finds conversations in requests already made.
public struct ConversationRecipe: Hashable, Sendable, Codable {
  /// Requests per conversation, equally spaced quantiles.
  public var turns: [Double]
  /// Seconds from one request of a conversation to the next, equally spaced quantiles.
  public var gapSeconds: [Double]
  /// Share of the client's requests that belong to a conversation.
  public var share: Double
  /// Of the input of these requests, the share the sender found cached; nil when the trace does not say.
  public var cachedShare: Double?

  enum CodingKeys: String, CodingKey {
    case turns, share
    case gapSeconds = "gap_s"
    case cachedShare = "cached_share"
  }
}

extension ConversationRecipe {
  /// Learns from the requests at `indices`; nil when none of them has a session.
  init?(_ trace: WorkloadTrace, _ indices: [Int]) {
    guard !trace.sessions.isEmpty else { return nil }
    var last: [Int32: Int] = [:]
    var counts: [Int32: Double] = [:]
    var order: [Int32] = []
    var gaps: [Double] = []
    var input = 0.0
    var cached = 0.0
    for i in indices where trace.sessions[i] >= 0 {
      let session = trace.sessions[i]
      if let before = last[session] {
        gaps.append((trace.arrivals[i] - trace.arrivals[before]).seconds)
      } else {
        order.append(session)
      }
      input += Double(trace.inputTokens[i])
      cached += trace.cachedTokens.isEmpty ? 0 : Double(trace.cachedTokens[i])
      last[session] = i
      counts[session, default: 0] += 1
    }
    guard !order.isEmpty else { return nil }
    let inSessions = order.reduce(0.0) { $0 + (counts[$1] ?? 0) }
    turns = quantiles(order.compactMap { counts[$0] }, limit: 257)
    gapSeconds = quantiles(gaps, limit: 257)
    share = inSessions / Double(indices.count)
    cachedShare = trace.cachedTokens.isEmpty ? nil : min(1, cached / input)
  }

  /// Requests among which lengths may change places.
  private static let window = 64

  /// Finds conversations in `requests`, which are in order of arrival. Returns the number of the next session.
  ///
  /// A request goes on with the conversation that has been due for the longest, or begins a new one when none is.
  /// Lengths change places among `window` requests, input and output together: one that goes on takes the shortest
  /// input that holds its context, one that begins takes the shortest.
  func lay(over requests: inout [MadeRequest], firstSession: Int32, stream: inout RandomStream) -> Int32 {
    var open: [OpenConversation] = []
    var next = firstSession
    let lengths = LengthDistribution.empirical(quantiles: turns)
    let gaps = LengthDistribution.empirical(quantiles: gapSeconds)
    let meanTurns = max(1, turns.reduce(0, +) / Double(turns.count))
    var counts = StratifiedUniforms(count: Int(Double(requests.count) / meanTurns), stream: stream)
    let made = requests
    var pool = Array(made.prefix(Self.window))
    var laid: [Int] = []
    for i in requests.indices {
      let isLaid = share >= 1 || stream.uniform() < share
      let isDue = isLaid && open.first.map { $0.due <= requests[i].arrival } ?? false
      var conversation = isDue ? open.removeFirst() : OpenConversation(session: next)
      let drawn = isLaid ? Self.fitting(pool, conversation.context) : 0
      requests[i].takeLengths(of: pool[drawn])
      if i + Self.window < made.count {
        pool[drawn] = made[i + Self.window]
      } else {
        pool.remove(at: drawn)
      }
      guard isLaid else { continue }
      laid.append(i)
      if !isDue {
        next += 1
        conversation.left = max(1, Int(lengths.quantile(counts.next()).rounded()))
      }
      conversation.take(&requests[i])
      guard conversation.left > 0, !gapSeconds.isEmpty else { continue }
      conversation.due = requests[i].arrival + gaps.quantile(stream.uniform())
      open.insert(conversation, at: Self.place(of: conversation.due, in: open))
    }
    shareCache(among: &requests, laid)
    return next
  }

  /// The shortest input that holds the context; the longest when none does.
  private static func fitting(_ pool: [MadeRequest], _ context: Double) -> Int {
    var best = 0
    for place in pool.indices {
      let (input, chosen) = (Double(pool[place].input), Double(pool[best].input))
      let isBetter = chosen < context ? input > chosen : input >= context && input < chosen
      if isBetter { best = place }
    }
    return best
  }

  /// Where a conversation due at `time` stands among the others in order of time.
  private static func place(of time: Double, in open: [OpenConversation]) -> Int {
    var low = 0
    var high = open.count
    while low < high {
      let middle = (low + high) / 2
      if open[middle].due <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Scales what could be cached to the share that was.
  private func shareCache(among requests: inout [MadeRequest], _ laid: [Int]) {
    let possible = laid.reduce(0.0) { $0 + Double(requests[$1].cached) }
    let input = laid.reduce(0.0) { $0 + Double(requests[$1].input) }
    let scale = possible > 0 ? min(1, (cachedShare ?? 0) * input / possible) : 0
    for i in laid { requests[i].cached = UInt32(Double(requests[i].cached) * scale) }
  }
}

/// A conversation that goes on.
private struct OpenConversation {
  let session: Int32
  /// When its next request comes at the earliest.
  var due = 0.0
  var context = 0.0
  var turn: UInt32 = 0
  var left = 0

  init(session: Int32) { self.session = session }

  mutating func take(_ request: inout MadeRequest) {
    request.session = session
    request.turn = turn
    request.cached = UInt32(min(context, Double(request.input)))
    context = Double(request.input) + Double(request.output - request.reasoning)
    turn += 1
    left -= 1
  }
}

extension MadeRequest {
  fileprivate mutating func takeLengths(of other: MadeRequest) {
    (input, output, reasoning) = (other.input, other.output, other.reasoning)
  }
}
