import FleetData
import Quantities

@testable import Simulation

/// Steps in the reference: every token of every sequence is one of its own.
extension TokenStepper {
  func tokensPerStep(_ replica: Replica) -> Double {
    input.groups[replica.group].speculation?.tokensPerStep ?? 1
  }

  /// Tokens that running sequences and held sessions may have.
  func capacity(_ replica: Replica) -> Double {
    let group = input.groups[replica.group]
    let share = 1 - (group.prefixCache?.deviceShare ?? 0)
    return (Double(group.profile.kvCapacityTokens) * share).rounded(.down)
  }

  /// Tokens the next step would hold.
  func held(_ replica: Replica) -> Double {
    let slack = Double(input.limits.kvBlockTokens - 1)
    let gain = tokensPerStep(replica)
    let decoding = replica.decoding.map {
      Double($0.input + $0.generated) + Double($0.stepsDone) * gain + slack
    }
    let prefilling = replica.prefilling.map { Double($0.context + 1) + slack }
    let sessions = replica.held.map { Double($0.tokens) + slack }
    return (decoding + prefilling + sessions).reduce(0, +)
  }

  func endStep(_ replica: Replica) {
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
    keepBlocks(sequence, replica)
    if sequence.firstToken == nil { sequence.firstToken = now }
    if sequence.generated >= sequence.output {
      complete(sequence, replica)
    } else if case .prefill(let link) = input.groups[replica.group].role {
      sequence.resumes = true
      let perToken = input.groups[replica.group].profile.kvBytesPerToken.value / link.bandwidth.value
      replica.linkFree = max(now, replica.linkFree) + Double(sequence.context) * perToken
      leave(replica)
      schedule(.transferred(sequence), at: replica.linkFree + link.latency.value)
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
      if replica.condition == .draining && replica.load == 0 { leaveService(replica) }
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
      let capacity = capacity(replica)
      let slack = Double(limits.kvBlockTokens - 1)
      let need = Double(head.context + 1) + slack
      var refuse = head.generated == 0 && now - head.arrival > deadline
      if !refuse {
        let most = min(
          limits.maxBatch, input.groups[replica.group].profile.maxSequences, limits.chunkTokens)
        refuse = running == 0 && need > capacity
        if running > 0 && running >= most { break }
        let reserve = running == 0 ? 0 : (capacity * limits.watermark).rounded()
        if !refuse && !freeSessions(replica, for: head, need: need + reserve) { break }
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
        head.ready = reuse(head, replica)
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
    while held(replica) > capacity(replica) {
      if !replica.held.isEmpty {
        replica.held.removeFirst()
        continue
      }
      preempted = true
      if replica.decoding.count == 1 && replica.prefilling.isEmpty {
        let last = replica.decoding.removeLast()
        leave(replica)
        reject(last)
        return false
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
