/// Which replicas are powered: spares that step in, caps on the power of a site, and the start of the run.
extension FleetEngine {
  /// Opens the replicas that run at the start and schedules the first control events.
  mutating func openReplicas() {
    for cap in caps.indices where caps[cap].start <= 0 { caps[cap].isActive = true }
    for r in 0..<replicas.count { replicas[r].condition = .off }
    for r in startOrder() {
      let group = Int(replicas[r].group)
      let position = r - Int(router.firstReplica[group])
      let first = scalers[group]?.initial ?? standing[group].serving
      if position >= first { continue }
      if fitsCaps(r) {
        replicas[r].condition = .up
        loads.open(r)
      } else {
        replicas[r].isCurtailed = true
      }
    }
    for source in outages.indices { scheduleOutage(source) }
    for group in 0..<groupCount {
      if let scaler = scalers[group] { schedule(.scale, at: scaler.interval, subject: Int32(group)) }
    }
    for (i, cap) in caps.enumerated() {
      if cap.start > 0 { schedule(.capBegins, at: cap.start, subject: Int32(i)) }
      if cap.end < .infinity { schedule(.capEnds, at: cap.end, subject: Int32(i)) }
    }
  }

  /// First replicas of all groups first, so that a cap does not fall on the last group alone.
  private func startOrder() -> [Int] {
    var positions: [Int] = []
    for r in 0..<replicas.count { positions.append(r - Int(router.firstReplica[Int(replicas[r].group)])) }
    return positions.indices.sorted { (positions[$0], $0) < (positions[$1], $1) }
  }

  /// Watts that the powered replicas of a site draw when all are busy.
  private func poweredWatts(_ site: Int32) -> Double {
    var watts = 0.0
    for r in 0..<replicas.count {
      let group = Int(replicas[r].group)
      guard models[group].site == site else { continue }
      switch replicas[r].condition {
      case .up, .draining, .starting: watts += standing[group].watts
      case .off, .down: break
      }
    }
    return watts
  }

  /// May one more replica be powered under the caps now active at its site?
  func fitsCaps(_ r: Int) -> Bool {
    let group = Int(replicas[r].group)
    let site = models[group].site
    guard caps.contains(where: { $0.isActive && $0.site == site }) else { return true }
    let watts = poweredWatts(site) + standing[group].watts
    return caps.allSatisfy { !$0.isActive || $0.site != site || watts <= $0.watts * (1 + 1e-12) }
  }

  /// May a replica without outages serve: does its group need it, and do the caps allow it?
  func mayRun(_ r: Int) -> Bool {
    let group = Int(replicas[r].group)
    if replicas[r].condition == .draining { return !replicas[r].isCurtailed }
    guard replicas[r].condition == .down else { return false }
    if standing[group].serving < standing[group].replicas, running(group) >= standing[group].serving {
      return false
    }
    if fitsCaps(r) { return true }
    replicas[r].isCurtailed = true
    return false
  }

  /// Replicas of the group that serve or will soon.
  private func running(_ group: Int) -> Int {
    var count = 0
    for r in Int(router.firstReplica[group])..<Int(router.firstReplica[group + 1]) {
      if replicas[r].condition == .up || replicas[r].condition == .starting { count += 1 }
    }
    return count
  }

  /// A spare of the group loads its weights and takes the place of a replica that left.
  mutating func startSpare(for lost: Int) {
    let group = Int(replicas[lost].group)
    guard scalers[group] == nil, running(group) < standing[group].serving else { return }
    for r in Int(router.firstReplica[group])..<Int(router.firstReplica[group + 1])
    where replicas[r].condition == .off && replicas[r].outages == 0 && fitsCaps(r) {
      start(r, after: standing[group].startDelay)
      return
    }
  }

  mutating func start(_ r: Int, after delay: Double) {
    replicas[r].isCurtailed = false
    enter(.starting, r)
    replicas[r].startDue = now + delay
    schedule(.started, at: now + delay, subject: Int32(r))
  }

  mutating func finishStart(_ r: Int) {
    guard replicas[r].condition == .starting, replicas[r].startDue == now else { return }
    enter(.up, r)
    loads.open(r)
    placeParked()
  }

  /// A cap begins: the last replicas drain until the rest fits.
  mutating func beginCap(_ cap: Int) {
    caps[cap].isActive = true
    var watts = poweredWatts(caps[cap].site)
    for r in startOrder().reversed() where watts > caps[cap].watts * (1 + 1e-12) {
      let group = Int(replicas[r].group)
      guard models[group].site == caps[cap].site, replicas[r].condition == .up else { continue }
      loads.close(r)
      enter(.draining, r)
      replicas[r].isCurtailed = true
      if loads.load(r) == 0 { leaveService(r) }
      watts -= standing[group].watts
    }
  }

  /// A cap ends: what it kept off starts again.
  mutating func endCap(_ cap: Int) {
    caps[cap].isActive = false
    for r in startOrder() where replicas[r].isCurtailed && replicas[r].outages == 0 {
      if replicas[r].condition == .draining {
        replicas[r].isCurtailed = false
        enter(.up, r)
        loads.open(r)
      } else if replicas[r].condition == .off, fitsCaps(r) {
        start(r, after: standing[Int(replicas[r].group)].startDelay)
      }
    }
    placeParked()
  }
}

/// What stands in a group, for control events.
struct GroupStanding {
  var replicas: Int
  /// Replicas that serve; the others are spares.
  var serving: Int
  /// Watts of one replica when busy.
  var watts: Double
  /// Seconds from the decision to power a replica until it serves.
  var startDelay: Double
}

/// A limit on the power of one site.
struct CapState {
  let site: Int32
  let watts: Double
  let start: Double
  let end: Double
  var isActive = false
}
