import FleetData
import Quantities

@testable import Simulation

/// The fleet in the reference: outages, maintenance, spares, power caps and autoscaling.
extension TokenStepper {
  private func replicas(of group: Int) -> [Replica] { replicas.filter { $0.group == group } }
  private func scaler(_ group: Int) -> Autoscaling? {
    input.autoscaling.first { $0.group == input.groups[group].id }
  }
  private var byPosition: [Replica] {
    replicas.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
      .map(\.element)
  }

  func openFleet() {
    for (i, cap) in input.powerCaps.enumerated() where cap.start.value <= 0 { activeCaps.insert(i) }
    for replica in byPosition {
      let group = input.groups[replica.group]
      if replica.position >= scaler(replica.group)?.initial ?? group.replicas - group.spares { continue }
      if fitsCaps(replica) { open(replica) } else { replica.isCurtailed = true }
    }
    for (i, outage) in input.disruptions.outages.enumerated() { schedule(.fail(i), at: outage.start.value) }
    for group in input.groups.indices {
      if let scaler = scaler(group) { schedule(.scale(group), at: scaler.interval.value) }
    }
    for (i, cap) in input.powerCaps.enumerated() {
      if cap.start.value > 0 { schedule(.capBegins(i), at: cap.start.value) }
      if let duration = cap.duration { schedule(.capEnds(i), at: cap.start.value + duration.value) }
    }
  }

  private func open(_ replica: Replica) {
    replica.condition = .up
    touch(replica)
  }

  private func drain(_ replica: Replica) {
    replica.condition = .draining
    if replica.load == 0 { leaveService(replica) }
  }

  func leaveService(_ replica: Replica) {
    replica.held = []
    replica.device = []
    replica.host = []
    replica.condition = replica.outages > 0 ? .down : .off
  }

  private func start(_ replica: Replica, _ delay: Seconds) {
    replica.isCurtailed = false
    replica.condition = .starting
    replica.startDue = now + delay.value
    schedule(.started(replica), at: replica.startDue)
  }

  func finishStart(_ replica: Replica) {
    guard replica.condition == .starting, replica.startDue == now else { return }
    open(replica)
    placeParked()
  }

  private func placeParked() {
    let waiting = parked
    parked = []
    for sequence in waiting { if sequence.resumes { placeDecode(sequence) } else { place(sequence) } }
  }

  // MARK: Outages

  private func hit(_ scope: Disruptions.Scope) -> [Replica] {
    replicas.filter { replica in
      let group = input.groups[replica.group]
      switch scope {
      case .replica(let id, let position): return group.id == id && replica.position == position
      case .group(let id): return group.id == id
      case .site(let site): return group.site == site
      case .link, .cacheLink: return false
      }
    }
  }

  func fail(_ index: Int) {
    let outage = input.disruptions.outages[index]
    schedule(.repair(index), at: now + outage.duration.value)
    if case .link(let region, let site) = outage.scope { closedLinks["\(region)/\(site)", default: 0] += 1 }
    if case .cacheLink(let id) = outage.scope {
      for replica in replicas where input.groups[replica.group].id == id {
        replica.linkFree = max(replica.linkFree, now + outage.duration.value)
      }
    }
    var evicted: [Sequence] = []
    for replica in hit(outage.scope) {
      replica.outages += 1
      if outage.isPlanned { withdraw(replica) } else { evicted += breakDown(replica) }
    }
    for sequence in evicted {
      guard input.disruptions.retries else {
        reject(sequence)
        continue
      }
      sequence.generated = 0
      sequence.ready = 0
      sequence.firstToken = nil
      sequence.resumes = false
      sequence.swapped = false
      place(sequence)
    }
  }

  private func withdraw(_ replica: Replica) {
    switch replica.condition {
    case .down, .draining: return
    case .off, .starting: replica.condition = .down
    case .up:
      replica.condition = .draining
      startSpare(replica.group)
      if replica.load == 0 { leaveService(replica) }
    }
  }

  private func breakDown(_ replica: Replica) -> [Sequence] {
    if replica.condition == .down { return [] }
    let served = replica.condition != .off
    let all = replica.decoding + replica.prefilling + replica.queue
    for _ in all { leave(replica) }
    replica.decoding = []
    replica.prefilling = []
    replica.chunks = []
    replica.queue = []
    replica.held = []
    replica.device = []
    replica.host = []
    replica.stepEnd = nil
    replica.isStepping = false
    replica.pendingSwap = 0
    replica.condition = .down
    if served { startSpare(replica.group) }
    return all.sorted { $0.arrival < $1.arrival }
  }

  func repair(_ index: Int) {
    let outage = input.disruptions.outages[index]
    if case .link(let region, let site) = outage.scope { closedLinks["\(region)/\(site)", default: 0] -= 1 }
    for replica in hit(outage.scope) {
      replica.outages -= 1
      guard replica.outages == 0 else { continue }
      if mayRun(replica) {
        open(replica)
      } else if replica.condition == .down {
        replica.condition = .off
      }
    }
    placeParked()
  }

  private func running(_ group: Int) -> Int {
    replicas(of: group).filter { $0.condition == .up || $0.condition == .starting }.count
  }

  private func mayRun(_ replica: Replica) -> Bool {
    if replica.condition == .draining { return !replica.isCurtailed }
    guard replica.condition == .down else { return false }
    let group = input.groups[replica.group]
    if group.spares > 0, running(replica.group) >= group.replicas - group.spares { return false }
    if fitsCaps(replica) { return true }
    replica.isCurtailed = true
    return false
  }

  private func startSpare(_ group: Int) {
    let facts = input.groups[group]
    guard scaler(group) == nil, running(group) < facts.replicas - facts.spares else { return }
    let spare = replicas(of: group).first { $0.condition == .off && $0.outages == 0 && fitsCaps($0) }
    if let spare { start(spare, facts.startDelay) }
  }

  // MARK: Power

  private func watts(_ replica: Replica) -> Double {
    let group = input.groups[replica.group]
    return group.powerPerChip.value * Double(group.profile.chips)
  }

  private func powered(_ site: String) -> Double {
    replicas.filter {
      input.groups[$0.group].site == site && $0.condition != .off && $0.condition != .down
    }.reduce(0) { $0 + watts($1) }
  }

  private func fitsCaps(_ replica: Replica) -> Bool {
    let site = input.groups[replica.group].site
    let total = powered(site) + watts(replica)
    return activeCaps.allSatisfy {
      input.powerCaps[$0].site != site || total <= input.powerCaps[$0].limit.value * (1 + 1e-12)
    }
  }

  func beginCap(_ index: Int) {
    activeCaps.insert(index)
    let cap = input.powerCaps[index]
    var total = powered(cap.site)
    for replica in byPosition.reversed() where total > cap.limit.value * (1 + 1e-12) {
      guard input.groups[replica.group].site == cap.site, replica.condition == .up else { continue }
      replica.isCurtailed = true
      drain(replica)
      total -= watts(replica)
    }
  }

  func endCap(_ index: Int) {
    activeCaps.remove(index)
    for replica in byPosition where replica.isCurtailed && replica.outages == 0 {
      if replica.condition == .draining {
        replica.isCurtailed = false
        open(replica)
      } else if replica.condition == .off, fitsCaps(replica) {
        start(replica, input.groups[replica.group].startDelay)
      }
    }
    placeParked()
  }

  // MARK: Autoscaling

  func scale(_ group: Int) {
    let scaler = scaler(group)!
    schedule(.scale(group), at: now + scaler.interval.value)
    let all = replicas(of: group)
    let waiting = parked.filter { serving($0).contains(group) }.count
    let load = Double(waiting + all.reduce(0) { $0 + $1.load })
    let wanted = min(max(Int((load / scaler.targetInFlight).rounded(.up)), scaler.minimum), all.count)
    var missing = wanted - running(group)
    var reopened = false
    for replica in all.reversed() where missing < 0 && replica.condition == .up {
      drain(replica)
      missing += 1
    }
    for replica in all where missing > 0 && replica.condition == .draining {
      if replica.outages > 0 || replica.isCurtailed { continue }
      open(replica)
      missing -= 1
      reopened = true
    }
    if reopened { placeParked() }
    for replica in all where missing > 0 && replica.condition == .off && replica.outages == 0 {
      if !fitsCaps(replica) { continue }
      start(replica, scaler.startDelay)
      missing -= 1
    }
  }
}
