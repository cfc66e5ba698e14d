import FleetData
import Quantities

@testable import Simulation

/// The slow reference: every token of every sequence is a step of its own, every sum is taken anew, nothing is jumped.
///
/// It shares with the engine only the input values and `FinishedRequest`.
final class TokenStepper {
  final class Sequence {
    let stream: Int
    let arrival: Double
    let input: Int
    let output: Int
    let region: Int
    let session: Int
    var firstToken: Double?
    var generated = 0
    var ready = 0
    var stepsDone = 0
    var stepsNeeded = 0
    var order = 0
    var resumes = false
    var swapped = false
    var blocks: [UInt64] = []
    init(_ stream: Int, _ arrival: Double, _ input: Int, _ output: Int, _ region: Int, _ session: Int) {
      self.stream = stream
      self.arrival = arrival
      self.input = input
      self.output = output
      self.region = region
      self.session = session
    }
    var context: Int { resumes ? input + generated - 1 : input + generated }
  }

  final class Replica {
    let group: Int
    let position: Int
    var decoding: [Sequence] = []
    var prefilling: [Sequence] = []
    /// Chunks of the step in progress.
    var chunks: [(sequence: Sequence, tokens: Int)] = []
    var queue: [Sequence] = []
    var stepEnd: Double?
    var isStepping = false
    var pendingSwap = 0.0
    var condition = ReplicaState.Condition.off
    var isCurtailed = false
    var startDue = 0.0
    var outages = 0
    var load = 0
    /// When its load last changed or it last opened, in changes: the tie-break of least loaded.
    var touched = 0
    var linkFree = 0.0
    /// Blocks, the longest untouched first, and sessions held, the first to end first.
    var device: [UInt64] = []
    var host: [UInt64] = []
    var held: [HeldSession] = []
    init(_ group: Int, _ position: Int) {
      self.group = group
      self.position = position
    }
  }

  struct HeldSession {
    var stream, session, tokens: Int
    var until, arrival: Double
  }

  enum Event {
    case repair(Int)
    case started(Replica)
    case fail(Int)
    case capBegins(Int)
    case capEnds(Int)
    case scale(Int)
    case transferred(Sequence)
    case delivered(Sequence, Replica)

    var rank: Int {
      switch self {
      case .repair: 0
      case .started: 1
      case .fail: 2
      case .capBegins: 3
      case .capEnds: 4
      case .scale: 5
      case .transferred: 6
      case .delivered: 7
      }
    }
  }

  let input: FleetSimulation
  var replicas: [Replica] = []
  var finished: [FinishedRequest] = []
  var now = 0.0
  var touches = 0
  var admissions = 0
  var turns: [Int]
  var parked: [Sequence] = []
  var groupChoices: [Int]
  var choices = 0
  var events: [(time: Double, rank: Int, number: Int, event: Event)] = []
  var eventNumber = 0
  /// Outages in progress per uplink, and when it is free, by region and site.
  var closedLinks: [String: Int] = [:]
  var uplinkFree: [String: Double] = [:]
  var remote: [[UInt64]]
  var remoteFree: [Double]
  var activeCaps: Set<Int> = []
  /// Where the last turn of each session ran.
  var lastReplica: [[Int: Replica]]

  init(_ input: FleetSimulation) {
    self.input = input
    turns = input.streams.map { _ in 0 }
    groupChoices = input.groups.map { _ in 0 }
    remote = input.groups.map { _ in [] }
    remoteFree = input.groups.map { _ in 0 }
    lastReplica = input.streams.map { _ in [:] }
    for (g, group) in input.groups.enumerated() {
      for position in 0..<group.replicas { replicas.append(Replica(g, position)) }
    }
  }

  func touch(_ replica: Replica) {
    touches += 1
    replica.touched = touches
  }

  func schedule(_ event: Event, at time: Double) {
    eventNumber += 1
    events.append((time, event.rank, eventNumber, event))
  }

  func run() -> [FinishedRequest] {
    var arrivals = arrivalsInOrder()[...]
    openFleet()
    var turns = 0
    while turns < 50_000 && !(arrivals.isEmpty && finished.count == total) {
      let step = replicas.compactMap(\.stepEnd).min() ?? .infinity
      let arrival = arrivals.first?.arrival ?? .infinity
      let next = events.indices.min {
        (events[$0].time, events[$0].rank, events[$0].number)
          < (events[$1].time, events[$1].rank, events[$1].number)
      }
      now = min(step, arrival, next.map { events[$0].time } ?? .infinity)
      if now == .infinity { break }
      turns += 1
      if let next, events[next].time == now {
        handle(events.remove(at: next).event)
      } else if arrival == now {
        place(arrivals.removeFirst())
      } else {
        endStep(replicas.first { $0.stepEnd == now }!)
      }
    }
    return finished.sorted { $0.arrival < $1.arrival }
  }

  private func handle(_ event: Event) {
    switch event {
    case .repair(let outage): repair(outage)
    case .started(let replica): finishStart(replica)
    case .fail(let outage): fail(outage)
    case .capBegins(let cap): beginCap(cap)
    case .capEnds(let cap): endCap(cap)
    case .scale(let group): scale(group)
    case .transferred(let sequence): placeDecode(sequence)
    case .delivered(let sequence, let replica): deliver(sequence, replica)
    }
  }

  private var total = 0

  private func arrivalsInOrder() -> [Sequence] {
    var all: [Sequence] = []
    for (s, stream) in input.streams.enumerated() {
      guard case .trace(let trace, _, _) = stream.arrivals else {
        preconditionFailure("the reference reads traces")
      }
      for i in 0..<trace.count {
        let sequence = Sequence(
          s, trace.arrivals[i].seconds, Int(trace.inputTokens[i]), Int(trace.outputTokens[i]),
          trace.regions.isEmpty ? -1 : Int(trace.regions[i]),
          trace.sessions.isEmpty ? -1 : Int(trace.sessions[i]))
        if !trace.blockOffsets.isEmpty {
          sequence.blocks = Array(trace.blockHashes[trace.blockOffsets[i]..<trace.blockOffsets[i + 1]])
        }
        all.append(sequence)
      }
    }
    total = all.count
    return all.enumerated().sorted { ($0.element.arrival, $0.offset) < ($1.element.arrival, $1.offset) }
      .map(\.element)
  }

  // MARK: Requests enter and leave

  func place(_ sequence: Sequence) {
    guard let replica = route(sequence) else {
      parked.append(sequence)
      return
    }
    replica.load += 1
    touch(replica)
    send(sequence, replica)
  }

  func placeDecode(_ sequence: Sequence) {
    let open = replicas.filter { input.groups[$0.group].role == .decode && $0.condition == .up }
    guard let best = open.min(by: { ($0.load, $0.touched) < ($1.load, $1.touched) }) else {
      parked.append(sequence)
      return
    }
    best.load += 1
    touch(best)
    enqueue(sequence, best)
  }

  func enqueue(_ sequence: Sequence, _ replica: Replica) {
    if replica.queue.count >= input.streams[sequence.stream].queueLimit ?? .max {
      leave(replica)
      reject(sequence)
      return
    }
    let level = input.streams[sequence.stream].priorityClass
    let position = replica.queue.firstIndex { input.streams[$0.stream].priorityClass > level }
    replica.queue.insert(sequence, at: position ?? replica.queue.count)
    if replica.stepEnd == nil { replica.stepEnd = now }
  }

  func leave(_ replica: Replica) {
    replica.load -= 1
    touch(replica)
  }

  func reject(_ sequence: Sequence) {
    finished.append(
      FinishedRequest(
        stream: sequence.stream, arrival: sequence.arrival, ttft: nil, endToEnd: nil,
        inputTokens: sequence.input, outputTokens: sequence.output, group: nil))
  }

  func complete(_ sequence: Sequence, _ replica: Replica) {
    let back = 0.5 * roundTrip(sequence, replica.group)
    finished.append(
      FinishedRequest(
        stream: sequence.stream, arrival: sequence.arrival,
        ttft: sequence.firstToken! - sequence.arrival + back,
        endToEnd: now - sequence.arrival + back, inputTokens: sequence.input, outputTokens: sequence.output,
        group: replica.group, replica: replica.position))
    hold(sequence, replica)
    leave(replica)
  }
}
