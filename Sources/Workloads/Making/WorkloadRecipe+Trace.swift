import FleetData
import Quantities

extension WorkloadRecipe {
  /// Makes requests from the description; the same seed makes the same requests.
  public func trace(seed: UInt64) -> WorkloadTrace { made(seed: seed).trace }

  /// Makes requests and says what their tools took beside them.
  ///
  /// Every client draws from streams of its own name, so that adding a client moves no other.
  public func made(seed: UInt64) -> MadeWorkload {
    var requests: [MadeRequest] = []
    var sessions: Int32 = 0
    var blocks: UInt64 = 0
    var toolSeconds = 0.0
    var dollars = 0.0
    for (index, client) in clients.enumerated() {
      var maker = RequestMaker(
        client, index: index, recipe: self, seed: seed, firstSession: sessions, firstBlock: blocks)
      requests += maker.requests()
      sessions = maker.nextSession
      blocks = maker.nextBlock
      toolSeconds += maker.toolSeconds
      dollars += maker.toolSeconds * (client.agent?.environmentDollarsPerSecond ?? 0)
    }
    requests.sort { ($0.arrival, $0.client, $0.sequence) < ($1.arrival, $1.client, $1.sequence) }
    return MadeWorkload(
      trace: columns(requests), toolSeconds: toolSeconds, environmentDollars: dollars)
  }

  private func columns(_ requests: [MadeRequest]) -> WorkloadTrace {
    let services = Labels(clients.map(\.service))
    let regions = Labels(clients.map(\.region))
    let classes = Labels(clients.map(\.sloClass))
    let hasSessions = clients.contains { $0.session != nil || $0.agent != nil || $0.conversation != nil }
    let hasCache = clients.contains {
      $0.session != nil || $0.agent != nil || $0.conversation?.cachedShare != nil
        || ($0.thinking?.samples ?? 1) > 1
    }
    let hasThinking = clients.contains { $0.thinking != nil }
    var trace = WorkloadTrace()
    trace.start = start
    trace.arrivals = requests.map { SimTime(seconds: $0.arrival) }
    trace.inputTokens = requests.map(\.input)
    trace.outputTokens = requests.map(\.output)
    trace.serviceNames = services.names
    trace.services = services.column(requests).map { UInt16($0) }
    trace.regionNames = regions.names
    trace.regions = regions.column(requests).map { UInt16($0) }
    trace.classNames = classes.names
    trace.classes = classes.column(requests).map { UInt16($0) }
    if clients.count > 1 {
      trace.tenantNames = clients.map(\.name)
      trace.tenants = requests.map { UInt32($0.client) }
    }
    if hasSessions {
      trace.sessions = requests.map(\.session)
      trace.turns = requests.map(\.turn)
    }
    if hasCache { trace.cachedTokens = requests.map(\.cached) }
    if hasThinking { trace.reasoningTokens = requests.map(\.reasoning) }
    if let prefix = clients.lazy.compactMap(\.prefix).first {
      trace.blockTokens = prefix.blockTokens
      trace.blockOffsets = [0]
      for request in requests {
        trace.blockHashes += request.blocks
        trace.blockOffsets.append(trace.blockHashes.count)
      }
    }
    return trace
  }
}

/// Requests made, and what the agents' tools took beside them.
public struct MadeWorkload: Sendable {
  public var trace: WorkloadTrace
  /// Time tools ran between model calls, all branches together.
  public var toolSeconds: Double
  /// Cost of the environments they ran in, beside the cost of serving.
  public var environmentDollars: Double
}

/// One request of a client before all clients are merged.
struct MadeRequest {
  var arrival: Double
  var client: Int
  var sequence: Int
  var input: UInt32
  var output: UInt32
  var session: Int32 = -1
  var turn: UInt32 = 0
  var cached: UInt32 = 0
  var reasoning: UInt32 = 0
  var blocks: [UInt64] = []
}

/// The distinct values of one optional label over all clients; empty when none has it.
private struct Labels {
  var names: [String] = []
  private var indexes: [Int] = []

  init(_ values: [String?]) {
    guard values.contains(where: { $0 != nil }) else { return }
    for value in values {
      let name = value ?? "default"
      if !names.contains(name) { names.append(name) }
      indexes.append(names.firstIndex(of: name) ?? 0)
    }
  }

  func column(_ requests: [MadeRequest]) -> [Int] { names.isEmpty ? [] : requests.map { indexes[$0.client] } }
}
