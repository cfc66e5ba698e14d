import Quantities

/// The laws checked at the end of every run; a broken one is a fault of the simulator, never of the input.
enum Laws {
  static func all(_ engine: borrowing FleetEngine, input: FleetSimulation, inFlight: InFlight) -> [LawCheck] {
    var checks = requests(engine, input: input, inFlight: inFlight)
    checks.append(littlesLaw(engine, inFlight: inFlight))
    checks.append(
      LawCheck.equal("segments under their physical floor = 0", Double(engine.floorViolations), 0))
    for g in input.groups.indices { checks += group(g, engine, input: input) }
    return checks
  }

  private static func requests(
    _ engine: borrowing FleetEngine, input: FleetSimulation, inFlight: InFlight
  ) -> [LawCheck] {
    input.streams.indices.map { i in
      let tally = engine.tally[i]
      let left = tally.completed + inFlight.counts[i].running + inFlight.counts[i].queued + tally.rejected
      return LawCheck.equal(
        "\(input.streams[i].service): arrived = completed + running + queued + rejected",
        Double(tally.arrived), Double(left))
    }
  }

  /// L = λW as an identity of areas: ∫ requests in the fleet dt = Σ time each spent there.
  private static func littlesLaw(_ engine: borrowing FleetEngine, inFlight: InFlight) -> LawCheck {
    let area = engine.inSystemArea + Double(engine.inSystem) * (engine.now - engine.inSystemSince)
    return LawCheck.equal(
      "Little's law: time-average requests in the fleet = rate × mean time there", area,
      engine.sojourns + inFlight.sojourns, tolerance: 1e-9)
  }

  /// Steps, cache, time and the physical floor of one group.
  private static func group(
    _ g: Int, _ engine: borrowing FleetEngine, input: FleetSimulation
  ) -> [LawCheck] {
    let name = input.groups[g].id
    let model = engine.models[g]
    var (taken, open, busy, idleKV, prefilled) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var fullest = 0.0
    for r in Int(engine.router.firstReplica[g])..<Int(engine.router.firstReplica[g + 1]) {
      let replica = engine.replicas[r]
      taken += Double(replica.sequenceSteps)
      busy += replica.busy
      prefilled += Double(replica.prefilledTokens)
      open += engine.openSteps(r)
      if replica.decoding == 0 && replica.prefilling == 0 {
        idleKV += (replica.kv + replica.reserved).magnitude
      }
      fullest = max(fullest, replica.busy / max(engine.now, 1e-300))
    }
    let ended = Double(engine.groupTally[g].completedSteps)
    // Prefill of a step in progress is counted when the step starts: it may exceed the time so far by one step.
    let inProgress = Double(model.chunk) * Double(input.groups[g].replicas)
    let floor = model.f * (taken * model.d + max(0, prefilled - inProgress) * model.q)
    return [
      LawCheck.equal("\(name): steps of sequences taken = ended + open", taken, ended + open),
      LawCheck.equal("\(name): KV tokens held by empty replicas = 0", idleKV, 0),
      LawCheck.atMost("\(name): compute at peak speed ≤ busy time", floor, busy),
      LawCheck.atMost("\(name): utilisation ≤ 1", fullest, 1),
    ]
  }
}

extension FleetEngine {
  /// Steps that the sequences now decoding on `r` have taken since they joined.
  func openSteps(_ r: Int) -> Double {
    var sum = 0.0
    let model = models[Int(replicas[r].group)]
    for i in 0..<Int(replicas[r].decoding) {
      let word = heap(r)[i]
      let record = pool[CompletionHeap.id(word)].pointee
      let planned = model.steps(for: record.output - record.generated)
      sum += planned - Double(CompletionHeap.step(word) - replicas[r].counter)
    }
    return sum
  }
}
