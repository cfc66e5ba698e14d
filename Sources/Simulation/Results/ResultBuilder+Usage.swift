import FleetData
import Quantities

/// What the fleet did: utilisation per group and the usage ledger.
extension ResultBuilder {
  func sum(_ engine: borrowing FleetEngine, _ value: (ReplicaState) -> Double) -> Double {
    var total = 0.0
    for r in 0..<engine.replicas.count { total += value(engine.replicas[r]) }
    return total
  }

  /// Seconds the replica was down, up to `end`.
  func downTime(_ replica: ReplicaState, _ end: Double) -> Double {
    replica.downTime + (replica.condition == .down ? end - replica.conditionSince : 0)
  }

  /// Seconds the replica was not allocated, up to `end`.
  func offTime(_ replica: ReplicaState, _ end: Double) -> Double {
    replica.offTime + (replica.condition == .off ? end - replica.conditionSince : 0)
  }

  /// Seconds of work up to `end`, the segment in progress included.
  func busyTime(_ replica: ReplicaState, _ end: Double) -> Double {
    replica.busy + (replica.steps > 0 ? end - replica.start : 0)
  }

  /// Replica-seconds that were up.
  func capacitySeconds(_ engine: borrowing FleetEngine, end: Double) -> Double {
    sum(engine) { end - downTime($0, end) - offTime($0, end) }
  }

  func kvUtilization(_ engine: borrowing FleetEngine, capacity end: Double) -> Double {
    var used = 0.0
    var held = 0.0
    for r in 0..<engine.replicas.count {
      used += engine.replicas[r].kvArea
      held += engine.models[Int(engine.replicas[r].group)].capacity * end
    }
    return held > 0 ? used / held : 0
  }

  func groupUsage(_ engine: borrowing FleetEngine, end: Double) -> [GroupUsage] {
    var usages: [GroupUsage] = []
    for (g, group) in input.groups.enumerated() {
      let range = Int(engine.router.firstReplica[g])..<Int(engine.router.firstReplica[g + 1])
      var (busy, up, kv, counter, steps, segments) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
      var (most, fewest, unsent) = (0.0, Double.infinity, 0.0)
      for r in range {
        let replica = engine.replicas[r]
        unsent += max(0, replica.linkFree - end)
        let available = end - downTime(replica, end) - offTime(replica, end)
        let work = busyTime(replica, end)
        busy += work
        up += available
        kv += replica.kvArea
        counter += Double(replica.counter)
        steps += Double(replica.sequenceSteps)
        segments += Double(replica.segments)
        let share = available > 0 ? work / available : 0
        most = max(most, share)
        fewest = min(fewest, share)
      }
      let tally = engine.groupTally[g]
      let held = engine.models[g].capacity * Double(group.replicas) * end
      usages.append(
        GroupUsage(
          group: group.id, requests: tally.requests, utilization: up > 0 ? busy / up : 0,
          kvUtilization: held > 0 ? kv / held : 0, meanBatch: counter > 0 ? steps / counter : 0,
          preemptions: tally.preemptions, reusedTokens: tally.reusedTokens,
          heldTokenSeconds: tally.heldTokenSeconds, lost: tally.lost,
          kvBlockedShare: segments > 0 ? Double(tally.kvBlocked) / segments : 0,
          seatBlockedShare: segments > 0 ? Double(tally.seatBlocked) / segments : 0, busiestUtilization: most,
          idlestUtilization: fewest == .infinity ? 0 : fewest, transfers: tally.transfers,
          linkUtilization: share(tally.linkSeconds - unsent, of: Double(group.replicas) * end)))
    }
    return usages
  }

  private func share(_ part: Double, of whole: Double) -> Double {
    whole > 0 ? min(1, max(0, part / whole)) : 0
  }

  /// The uplinks with a limit, by region and site in the order of the names.
  func uplinkUsage(_ engine: borrowing FleetEngine, end: Double) -> [UplinkUsage] {
    let names = NameTables(input)
    var usages: [UplinkUsage] = []
    for (r, region) in names.regions.enumerated() {
      for (s, site) in names.sites.enumerated() {
        let link = engine.uplinks[r * names.sites.count + s]
        guard link.perByte > 0 else { continue }
        let sent = link.busy - max(0, link.free - end)
        usages.append(UplinkUsage(region: region, site: site, utilization: share(sent, of: end)))
      }
    }
    return usages
  }

  /// Seconds without work while powered, up to `end`; counted on its own, so that the books can be checked.
  func idleTime(_ replica: ReplicaState, _ end: Double) -> Double {
    let isOpen = replica.steps == 0 && replica.condition != .down && replica.condition != .off
    return replica.idle + (isOpen ? end - replica.idleSince : 0)
  }

  /// One line per group: the group's one service, or none when several share its replicas.
  func ledger(_ engine: borrowing FleetEngine, end: Double) -> UsageLedger {
    var lines: [UsageLedger.Line] = []
    for (g, group) in input.groups.enumerated() {
      let range = Int(engine.router.firstReplica[g])..<Int(engine.router.firstReplica[g + 1])
      let chips = Double(group.profile.chips)
      var (busy, idle, down) = (0.0, 0.0, 0.0)
      for r in range {
        busy += busyTime(engine.replicas[r], end)
        idle += idleTime(engine.replicas[r], end)
        down += downTime(engine.replicas[r], end)
      }
      let tally = engine.groupTally[g]
      let power = group.powerPerChip.value
      lines.append(
        UsageLedger.Line(
          site: group.site, pod: group.pod, chip: group.profile.chip,
          service: group.services.count == 1 ? group.services[0] : nil,
          chips: group.replicas * group.profile.chips, busyChipSeconds: busy * chips,
          idleChipSeconds: idle * chips, downChipSeconds: down * chips,
          inputTokens: Tokens(Double(tally.inputTokens)), outputTokens: Tokens(Double(tally.outputTokens)),
          requests: tally.requests, flops: flops(engine, g),
          energy: Joules(power * chips * (busy + idle * group.idlePowerShare))))
    }
    return UsageLedger(period: Seconds(end), lines: lines)
  }

  /// FLOPs a group did: the seconds its work takes at the chips' peak, times that peak.
  private func flops(_ engine: borrowing FleetEngine, _ g: Int) -> FLOPs {
    let model = engine.models[g]
    var seconds = 0.0
    for r in Int(engine.router.firstReplica[g])..<Int(engine.router.firstReplica[g + 1]) {
      let replica = engine.replicas[r]
      seconds += Double(replica.sequenceSteps) * model.d + Double(replica.prefilledTokens) * model.q
      seconds += replica.pairs * model.u
    }
    let group = input.groups[g]
    return FLOPs(seconds * model.f * group.peakPerChip.value * Double(group.profile.chips))
  }

  /// What the powered chips cost up to `end`; nil when a group has no price.
  func cost(_ engine: borrowing FleetEngine, end: Double) -> USD? {
    var sum = 0.0
    for (g, group) in input.groups.enumerated() {
      guard let price = group.price else { return nil }
      for r in Int(engine.router.firstReplica[g])..<Int(engine.router.firstReplica[g + 1]) {
        sum += (end - offTime(engine.replicas[r], end)) * Double(group.profile.chips) * price.value
      }
    }
    return USD(sum)
  }
}
