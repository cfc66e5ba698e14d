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
    let area = engine.inSystemArea + engine.inSystem * (engine.now - engine.inSystemSince)
    return LawCheck.equal(
      "Little's law: time-average requests in the fleet = rate × mean time there", area,
      engine.sojourns + inFlight.sojourns, tolerance: 1e-9)
  }

  /// Tokens, cache, time and the physical floor of one group.
  private static func group(
    _ g: Int, _ engine: borrowing FleetEngine, input: FleetSimulation
  ) -> [LawCheck] {
    let name = input.groups[g].id
    let model = engine.models[g]
    let tally = engine.groupTally[g]
    var books = GroupBooks()
    for r in Int(engine.router.firstReplica[g])..<Int(engine.router.firstReplica[g + 1]) {
      books.add(engine, r, input: input)
    }
    // Prefill of a step in progress is counted when the step starts: it may exceed the time so far by one step.
    let inProgress = Double(model.chunk) * Double(input.groups[g].replicas)
    let work = books.steps * model.d + max(0, books.prefilled - inProgress) * model.q
    let prompts = books.prefilled + Double(tally.reusedTokens + tally.abandonedTokens) + books.unprocessed
    let blocks = Double(input.limits.kvBlockTokens)
    return [
      LawCheck.equal(
        "\(name): steps of sequences taken = ended + open", books.steps,
        Double(tally.completedSteps) + books.openSteps),
      LawCheck.equal(
        "\(name): context tokens admitted = processed + reused + abandoned + to come",
        Double(tally.admittedTokens), prompts),
      LawCheck.equal(
        "\(name): KV blocks booked = those that running sequences and held sessions need",
        books.bookedTokens / blocks, books.neededTokens / blocks, tolerance: 1e-9),
      LawCheck.equal(
        "\(name): busy + idle + down + off = all chip-seconds", books.seconds, books.allSeconds,
        tolerance: 1e-9),
      LawCheck.atMost("\(name): compute at peak speed ≤ busy time", model.f * work, books.busy),
      LawCheck.atMost("\(name): utilisation ≤ 1", books.fullest, 1),
    ]
  }
}

/// What the replicas of a group booked, and what their requests say they should have.
private struct GroupBooks {
  var steps = 0.0
  var openSteps = 0.0
  var prefilled = 0.0
  var unprocessed = 0.0
  var bookedTokens = 0.0
  var neededTokens = 0.0
  var seconds = 0.0
  var allSeconds = 0.0
  var busy = 0.0
  var fullest = 0.0

  mutating func add(_ engine: borrowing FleetEngine, _ r: Int, input: FleetSimulation) {
    let replica = engine.replicas[r]
    let end = engine.now
    let chips = Double(input.groups[Int(replica.group)].profile.chips)
    let builder = ResultBuilder(input)
    let spent = [
      builder.busyTime(replica, end), builder.idleTime(replica, end), builder.downTime(replica, end),
      builder.offTime(replica, end),
    ]
    seconds += spent.reduce(0, +) * chips
    allSeconds += end * chips
    busy += replica.busy
    fullest = max(fullest, replica.busy / max(end, 1e-300))
    steps += Double(replica.sequenceSteps)
    openSteps += engine.openSteps(r)
    prefilled += Double(replica.prefilledTokens)
    if replica.partial >= 0 {
      let record = engine.pool[replica.partial].pointee
      unprocessed += Double(record.context - record.ready)
    }
    bookedTokens += replica.kv + replica.reserved
    neededTokens += engine.tokensNeeded(r)
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

  /// KV tokens of everything on `r`, counted from the requests and sessions themselves.
  func tokensNeeded(_ r: Int) -> Double {
    var sum = 0.0
    let model = models[Int(replicas[r].group)]
    for i in 0..<Int(replicas[r].decoding) {
      let word = heap(r)[i]
      let record = pool[CompletionHeap.id(word)].pointee
      let left = Double(CompletionHeap.step(word) - replicas[r].counter)
      let done = model.steps(for: record.output - record.generated) - left
      sum += Double(record.input + record.generated) + done * model.tokensPerStep
    }
    var prefilling: [Int32] = []
    append(list: replicas[r].finishing, to: &prefilling)
    if replicas[r].partial >= 0 { prefilling.append(replicas[r].partial) }
    for id in prefilling { sum += Double(pool[id].pointee.context + 1) }
    return sum + heldTokens(r)
  }
}
