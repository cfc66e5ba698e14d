/// Autoscaling: the number of running replicas follows the requests in flight, with a delay to start one.
extension FleetEngine {
  /// Compares the load of a group with its target and starts or drains replicas.
  mutating func scale(_ group: Int) {
    guard let scaler = scalers[group] else { return }
    let range = Int(router.firstReplica[group])..<Int(router.firstReplica[group + 1])
    var running = 0
    var load = waitingFor(group)
    for r in range {
      load += Int(loads.load(r))
      if replicas[r].condition == .up || replicas[r].condition == .starting { running += 1 }
    }
    let wanted = min(max(Int((Double(load) / scaler.target).rounded(.up)), scaler.minimum), range.count)
    if wanted > running {
      start(wanted - running, range, scaler)
    } else {
      drain(running - wanted, range)
    }
    if !isStuck { schedule(.scale, at: now + scaler.interval, subject: Int32(group)) }
  }

  /// Every request left waits for a replica that nothing will ever start.
  private var isStuck: Bool {
    arrivals.time == .infinity && parked.count == pool.inFlight
      && control.unordered.allSatisfy { $0.kind == .scale }
  }

  /// Parked requests that this group could serve.
  private func waitingFor(_ group: Int) -> Int {
    var count = 0
    for id in parked {
      let record = pool[id].pointee
      let query = RouteQuery(
        stream: Int(record.stream), region: Int(record.region), input: record.input, session: -1, prefix: 0)
      if router.candidates(query).contains(where: { Int(router.order[$0]) == group }) { count += 1 }
    }
    return count
  }

  /// Takes back draining replicas first: they are loaded; then starts those that are off.
  private mutating func start(_ wanted: Int, _ range: Range<Int>, _ scaler: Autoscaler) {
    var missing = wanted
    for r in range
    where missing > 0 && replicas[r].condition == .draining && replicas[r].outages == 0
      && !replicas[r].isCurtailed
    {
      enter(.up, r)
      loads.open(r)
      missing -= 1
    }
    if missing < wanted { placeParked() }
    for r in range
    where missing > 0 && replicas[r].condition == .off && replicas[r].outages == 0 && fitsCaps(r) {
      start(r, after: scaler.startDelay)
      missing -= 1
    }
  }

  private mutating func drain(_ surplus: Int, _ range: Range<Int>) {
    var left = surplus
    for r in range.reversed() where left > 0 && replicas[r].condition == .up {
      loads.close(r)
      enter(.draining, r)
      if loads.load(r) == 0 { leaveService(r) }
      left -= 1
    }
  }
}
