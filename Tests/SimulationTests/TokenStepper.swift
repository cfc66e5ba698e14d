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
    let firstOfGroup: Int
    var decoding: [Sequence] = []
    var prefilling: [Sequence] = []
    /// Chunks of the step in progress.
    var chunks: [(sequence: Sequence, tokens: Int)] = []
    var queue: [Sequence] = []
    var stepEnd: Double?
    var isStepping = false
    var pendingSwap = 0.0
    var outages = 0
    var load = 0
    /// When its load last changed or it last opened, in changes: the tie-break of least loaded.
    var touched = 0
    var linkFree = 0.0
    init(_ group: Int, _ firstOfGroup: Int) {
      self.group = group
      self.firstOfGroup = firstOfGroup
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
  var transfers: [(time: Double, sequence: Sequence)] = []

  init(_ input: FleetSimulation) {
    self.input = input
    turns = input.streams.map { _ in 0 }
    groupChoices = input.groups.map { _ in 0 }
    for (g, group) in input.groups.enumerated() {
      let first = replicas.count
      for _ in 0..<group.replicas { replicas.append(Replica(g, first)) }
    }
    for replica in replicas { touch(replica) }
  }

  func touch(_ replica: Replica) {
    touches += 1
    replica.touched = touches
  }

  func run() -> [FinishedRequest] {
    var arrivals = arrivalsInOrder()[...]
    var outages = input.disruptions.outages.flatMap { outage in
      [
        (time: outage.start.value, fails: true, outage),
        (outage.start.value + outage.duration.value, false, outage),
      ]
    }.sorted { $0.time < $1.time }[...]
    while !(arrivals.isEmpty && finished.count == total) {
      let step = replicas.compactMap(\.stepEnd).min() ?? .infinity
      let arrival = arrivals.first?.arrival ?? .infinity
      let outage = outages.first?.time ?? .infinity
      let transfer = transfers.map(\.time).min() ?? .infinity
      now = min(step, arrival, outage, transfer)
      if now == .infinity { break }
      if outage == now {
        let event = outages.removeFirst()
        if event.fails { fail(event.2) } else { repair(event.2) }
      } else if transfer == now {
        let index = transfers.firstIndex { $0.time == now }!
        placeDecode(transfers.remove(at: index).sequence)
      } else if arrival == now {
        place(arrivals.removeFirst())
      } else {
        endStep(replicas.first { $0.stepEnd == now }!)
      }
    }
    return finished.sorted { $0.arrival < $1.arrival }
  }

  private var total = 0

  private func arrivalsInOrder() -> [Sequence] {
    var all: [Sequence] = []
    for (s, stream) in input.streams.enumerated() {
      guard case .trace(let trace, _, _) = stream.arrivals else {
        preconditionFailure("the reference reads traces")
      }
      for i in 0..<trace.count {
        all.append(
          Sequence(
            s, trace.arrivals[i].seconds, Int(trace.inputTokens[i]), Int(trace.outputTokens[i]),
            trace.regions.isEmpty ? -1 : Int(trace.regions[i]),
            trace.sessions.isEmpty ? -1 : Int(trace.sessions[i])))
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
    enqueue(sequence, replica)
  }

  func placeDecode(_ sequence: Sequence) {
    let open = replicas.filter { input.groups[$0.group].role == .decode && $0.outages == 0 }
    guard let best = open.min(by: { ($0.load, $0.touched) < ($1.load, $1.touched) }) else {
      parked.append(sequence)
      return
    }
    enqueue(sequence, best)
  }

  private func enqueue(_ sequence: Sequence, _ replica: Replica) {
    if replica.queue.count >= input.streams[sequence.stream].queueLimit ?? .max {
      reject(sequence)
      return
    }
    replica.load += 1
    touch(replica)
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
        inputTokens: sequence.input,
        outputTokens: sequence.output, group: nil))
  }

  private func complete(_ sequence: Sequence, _ replica: Replica) {
    let trip = roundTrip(sequence, replica.group)
    finished.append(
      FinishedRequest(
        stream: sequence.stream, arrival: sequence.arrival,
        ttft: sequence.firstToken! - sequence.arrival + trip,
        endToEnd: now - sequence.arrival + trip, inputTokens: sequence.input, outputTokens: sequence.output,
        group: replica.group))
    leave(replica)
  }

  func roundTrip(_ sequence: Sequence, _ group: Int) -> Double {
    guard case .trace(let trace, _, _) = input.streams[sequence.stream].arrivals, sequence.region >= 0 else {
      return 0
    }
    let name = trace.regionNames[sequence.region]
    return input.roundTrips.first { $0.region == name && $0.site == input.groups[group].site }?.time.value
      ?? 0
  }

  // MARK: Steps

  private func tokensPerStep(_ replica: Replica) -> Double {
    input.groups[replica.group].speculation?.tokensPerStep ?? 1
  }

  /// Tokens the next step would hold.
  private func held(_ replica: Replica) -> Double {
    let slack = Double(input.limits.kvBlockTokens - 1)
    let gain = tokensPerStep(replica)
    let decoding = replica.decoding.map {
      Double($0.input + $0.generated) + Double($0.stepsDone) * gain + slack
    }
    let prefilling = replica.prefilling.map { Double($0.context + 1) + slack }
    return (decoding + prefilling).reduce(0, +)
  }

  private func endStep(_ replica: Replica) {
    if replica.isStepping {
      replica.isStepping = false
      for sequence in replica.decoding { sequence.stepsDone += 1 }
      for sequence in replica.decoding where sequence.stepsDone == sequence.stepsNeeded {
        complete(sequence, replica)
      }
      replica.decoding.removeAll { $0.stepsDone == $0.stepsNeeded }
      for chunk in replica.chunks {
        chunk.sequence.ready += chunk.tokens
        if chunk.sequence.ready == chunk.sequence.context { finishPrefill(chunk.sequence, replica) }
      }
      replica.chunks = []
    }
    formStep(replica)
  }

  private func finishPrefill(_ sequence: Sequence, _ replica: Replica) {
    replica.prefilling.removeAll { $0 === sequence }
    sequence.generated += 1
    sequence.ready = 0
    if sequence.firstToken == nil { sequence.firstToken = now }
    if sequence.generated >= sequence.output {
      complete(sequence, replica)
    } else if case .prefill(let link) = input.groups[replica.group].role {
      sequence.resumes = true
      let perToken = input.groups[replica.group].profile.kvBytesPerToken.value / link.bandwidth.value
      replica.linkFree = max(now, replica.linkFree) + Double(sequence.context) * perToken
      leave(replica)
      transfers.append((replica.linkFree + link.latency.value, sequence))
    } else {
      join(sequence, replica)
    }
  }

  private func join(_ sequence: Sequence, _ replica: Replica) {
    sequence.stepsDone = 0
    sequence.stepsNeeded = Int(
      (Double(sequence.output - sequence.generated) / tokensPerStep(replica)).rounded(.up))
    replica.decoding.append(sequence)
  }

  private func formStep(_ replica: Replica) {
    let preempted = makeRoom(replica)
    var prefix = 0
    if !preempted { fill(replica, &prefix) }
    guard !replica.decoding.isEmpty || !replica.chunks.isEmpty else {
      replica.stepEnd = nil
      return
    }
    replica.isStepping = true
    replica.stepEnd = now + replica.pendingSwap + stepTime(replica, prefix)
    replica.pendingSwap = 0
  }

  /// The formula of `StepCost`, summed sequence by sequence.
  private func stepTime(_ replica: Replica, _ prefix: Int) -> Double {
    let group = input.groups[replica.group]
    let cost = group.profile.step
    let gamma = Double(group.speculation?.draftTokens ?? 0)
    let b = Double(replica.decoding.count)
    let p = Double(replica.chunks.reduce(0) { $0 + $1.tokens })
    let pairs = replica.chunks.reduce(0.0) { sum, chunk in
      sum + (0..<chunk.tokens).reduce(0.0) { $0 + Double(chunk.sequence.ready + $1 + 1) }
    }
    let gain = tokensPerStep(replica)
    let kv = replica.decoding.reduce(Double(prefix)) {
      $0 + Double($1.input + $1.generated) + Double($1.stepsDone) * gain
    }
    var rounds = 0.0
    while rounds * cost.groups < b { rounds += 1 }
    var matmul = rounds * cost.groups * cost.computePerSequence * (gamma + 1)
    if p > 0 { matmul += p * cost.computePerPrefillToken + cost.computePerPrefill }
    var miss = 1.0
    for _ in 0..<Int(b * (gamma + 1) + p) { miss *= cost.expertMissShare }
    let weights = cost.weightRead + cost.expertRead * (1 - miss)
    var cache =
      kv * cost.kvReadPerToken + min(kv, b * cost.windowTokens) * cost.windowReadPerToken + b
      * cost.stateReadPerSequence
    if b > 0 { cache *= max(rounds * cost.groups, cost.cacheSplitSequences) / b }
    let draft = gamma * (group.speculation?.draftStep.value ?? 0)
    return max(matmul, weights) + cache + pairs * cost.computePerAttentionPair + cost.overhead + draft
      + b * (gamma + 1) * cost.overheadPerSequence + p * cost.overheadPerPrefillToken
  }

  private func fill(_ replica: Replica, _ prefix: inout Int) {
    let limits = input.limits
    var budget = limits.chunkTokens - replica.decoding.count
    func process(_ sequence: Sequence) {
      let tokens = min(budget, sequence.context - sequence.ready)
      prefix += sequence.ready
      replica.chunks.append((sequence, tokens))
      budget -= tokens
    }
    for sequence in replica.prefilling { process(sequence) }
    while budget > 0, let head = replica.queue.first {
      let deadline = input.streams[head.stream].queueDeadline?.value ?? .infinity
      let running = replica.decoding.count + replica.prefilling.count
      let capacity = Double(input.groups[replica.group].profile.kvCapacityTokens)
      let slack = Double(limits.kvBlockTokens - 1)
      let need = Double(head.context + 1) + slack
      var refuse = head.generated == 0 && now - head.arrival > deadline
      if !refuse {
        if running == 0 {
          refuse = need > capacity
        } else {
          let most = min(
            limits.maxBatch, input.groups[replica.group].profile.maxSequences, limits.chunkTokens)
          if running >= most { break }
          if held(replica) + need + (capacity * limits.watermark).rounded() > capacity { break }
        }
      }
      replica.queue.removeFirst()
      if refuse {
        leave(replica)
        reject(head)
        continue
      }
      admissions += 1
      head.order = admissions
      if head.resumes {
        if head.swapped { replica.pendingSwap += swapPerToken(replica) * Double(head.context) }
        head.swapped = false
        head.resumes = false
        join(head, replica)
        budget -= 1
      } else {
        replica.prefilling.append(head)
        process(head)
      }
    }
  }

  private func swapPerToken(_ replica: Replica) -> Double {
    guard case .swap(let bandwidth) = input.limits.preemption else { return 0 }
    return input.groups[replica.group].profile.kvBytesPerToken.value / bandwidth.value
  }

  private func makeRoom(_ replica: Replica) -> Bool {
    var preempted = false
    while held(replica) > Double(input.groups[replica.group].profile.kvCapacityTokens) {
      preempted = true
      if replica.decoding.count == 1 && replica.prefilling.isEmpty {
        let last = replica.decoding.removeLast()
        leave(replica)
        reject(last)
        return true
      }
      if let partial = replica.prefilling.popLast() {
        partial.ready = 0
        requeue(partial, replica)
        continue
      }
      let victim = replica.decoding.max {
        let (a, b) = (input.streams[$0.stream].priorityClass, input.streams[$1.stream].priorityClass)
        return (a, $0.order) < (b, $1.order)
      }!
      replica.decoding.removeAll { $0 === victim }
      victim.generated += Int(Double(victim.stepsDone) * tokensPerStep(replica))
      victim.stepsDone = 0
      if case .swap = input.limits.preemption {
        victim.resumes = true
        victim.swapped = true
        replica.pendingSwap += swapPerToken(replica) * Double(victim.context)
      }
      requeue(victim, replica)
    }
    return preempted
  }

  private func requeue(_ sequence: Sequence, _ replica: Replica) {
    let level = input.streams[sequence.stream].priorityClass
    let position = replica.queue.firstIndex { input.streams[$0.stream].priorityClass >= level }
    replica.queue.insert(sequence, at: position ?? replica.queue.count)
  }
}
