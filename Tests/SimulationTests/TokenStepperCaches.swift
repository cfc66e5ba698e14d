import FleetData
import Quantities

@testable import Simulation

/// Caches in the reference: lists searched from end to end.
extension TokenStepper {
  // MARK: Prefix blocks

  private func usesBlocks(_ sequence: Sequence) -> Bool {
    !sequence.blocks.isEmpty && input.groups.contains { $0.prefixCache != nil }
  }

  private func blockTokens(_ stream: Int) -> Int {
    guard case .trace(let trace, _, _) = input.streams[stream].arrivals else { return 1 }
    return trace.blockTokens
  }

  private func count(_ tokens: Double) -> Int {
    Int(tokens) / input.streams.indices.map { blockTokens($0) }.max()!
  }

  private func insert(_ block: UInt64, _ tier: inout [UInt64], _ capacity: Int) -> UInt64? {
    if capacity == 0 { return block }
    let isNew = !tier.contains(block)
    tier.removeAll { $0 == block }
    tier.append(block)
    return isNew && tier.count > capacity ? tier.removeFirst() : nil
  }

  func keepBlocks(_ sequence: Sequence, _ replica: Replica) {
    guard usesBlocks(sequence) else { return }
    let group = input.groups[replica.group]
    let cache = group.prefixCache
    for block in sequence.blocks.reversed() {
      let deviceSize = count((cache?.deviceShare ?? 0) * Double(group.profile.kvCapacityTokens))
      guard let evicted = insert(block, &replica.device, deviceSize) else { continue }
      guard let old = insert(evicted, &replica.host, count(Double(cache?.hostTokens ?? 0))) else { continue }
      _ = insert(old, &remote[replica.group], count(Double(cache?.remoteTokens ?? 0)))
    }
  }

  /// Tokens of the prompt found in the tiers beyond `ready`; reading them takes its time.
  private func reuseBlocks(_ sequence: Sequence, _ replica: Replica, _ ready: Int) -> Int {
    guard usesBlocks(sequence), let cache = input.groups[replica.group].prefixCache else { return ready }
    let size = blockTokens(sequence.stream)
    let perToken = input.groups[replica.group].profile.kvBytesPerToken.value
    func tokens(_ blocks: Int) -> Int { min(max(blocks * size, ready), sequence.input - 1) }
    var found = 0
    for block in sequence.blocks[found...] { if replica.device.contains(block) { found += 1 } else { break } }
    let device = tokens(found)
    for block in sequence.blocks[found...] { if replica.host.contains(block) { found += 1 } else { break } }
    let host = tokens(found)
    for block in sequence.blocks[found...] {
      if remote[replica.group].contains(block) { found += 1 } else { break }
    }
    let all = tokens(found)
    replica.pendingSwap += Double(host - device) * perToken / cache.hostBandwidth.value
    if all > host {
      let start = max(now, remoteFree[replica.group])
      remoteFree[replica.group] = start + Double(all - host) * perToken / cache.remoteBandwidth.value
      replica.pendingSwap += remoteFree[replica.group] - now
    }
    return all
  }

  // MARK: Sessions

  func hold(_ sequence: Sequence, _ replica: Replica) {
    guard let keeping = input.streams[sequence.stream].sessions, sequence.session >= 0 else { return }
    drop(sequence)
    lastReplica[sequence.stream][sequence.session] = replica
    guard keeping.hold.value > 0, replica.condition == .up else { return }
    replica.held.append(
      HeldSession(
        stream: sequence.stream, session: sequence.session, tokens: sequence.input + sequence.output - 1,
        until: now + keeping.hold.value, arrival: sequence.arrival))
    replica.held.sort { ($0.until, $0.arrival) < ($1.until, $1.arrival) }
  }

  private func isOwn(_ held: HeldSession, _ sequence: Sequence) -> Bool {
    held.stream == sequence.stream && held.session == sequence.session
  }

  private func drop(_ sequence: Sequence) {
    for replica in replicas { replica.held.removeAll { isOwn($0, sequence) } }
  }

  /// Gives up other sessions until `need` more tokens fit, the request's own cache not counted; false if they do not.
  func freeSessions(_ replica: Replica, for sequence: Sequence, need: Double) -> Bool {
    let slack = Double(input.limits.kvBlockTokens - 1)
    let own = replica.held.first { isOwn($0, sequence) }.map { Double($0.tokens) + slack } ?? 0
    while held(replica) - own + need > capacity(replica) {
      guard let index = replica.held.firstIndex(where: { !isOwn($0, sequence) }) else { return false }
      replica.held.remove(at: index)
    }
    return true
  }

  /// Tokens of the prompt that need no prefill.
  func reuse(_ sequence: Sequence, _ replica: Replica) -> Int {
    var ready = 0
    if input.streams[sequence.stream].sessions != nil, sequence.session >= 0 {
      if let own = replica.held.first(where: { isOwn($0, sequence) }), now <= own.until {
        ready = min(own.tokens, sequence.input - 1)
      }
      drop(sequence)
    }
    return reuseBlocks(sequence, replica, ready)
  }

  // MARK: The way to the replica

  func send(_ sequence: Sequence, _ replica: Replica) {
    let region = regionName(sequence)
    let site = input.groups[replica.group].site
    let stream = input.streams[sequence.stream]
    var due = now
    let trip = input.roundTrips.first { $0.region == region && $0.site == site }
    if let bandwidth = trip?.bandwidth {
      let start = max(now, uplinkFree["\(region)/\(site)"] ?? 0)
      due = start + Double(sequence.input) * stream.bytesPerToken.value / bandwidth.value
      uplinkFree["\(region)/\(site)"] = due
    }
    due += 0.5 * (trip?.time.value ?? 0)
    if let keeping = stream.sessions, sequence.session >= 0,
      let last = lastReplica[sequence.stream][sequence.session], last !== replica
    {
      due += keeping.stateBytes.value / keeping.stateBandwidth.value
    }
    if due > now { schedule(.delivered(sequence, replica), at: due) } else { enqueue(sequence, replica) }
  }

  func deliver(_ sequence: Sequence, _ replica: Replica) {
    if replica.condition == .up || replica.condition == .draining {
      enqueue(sequence, replica)
    } else {
      leave(replica)
      place(sequence)
    }
  }

  func regionName(_ sequence: Sequence) -> String {
    guard case .trace(let trace, _, _) = input.streams[sequence.stream].arrivals, sequence.region >= 0 else {
      return ""
    }
    return trace.regionNames[sequence.region]
  }

  func roundTrip(_ sequence: Sequence, _ group: Int) -> Double {
    let region = regionName(sequence)
    return input.roundTrips.first { $0.region == region && $0.site == input.groups[group].site }?.time.value
      ?? 0
  }
}
