import Economics
import FleetData
import Planning
import Testing

@Suite struct StudyScaleTests {
  @Test("Half the price is half the cost, and nothing else changes")
  func price() throws {
    let dear = try scaleStudy(StudyWorld.serving(price: InputRange(2)))
    let cheap = try scaleStudy(StudyWorld.serving(price: InputRange(1)))
    let ratio = try dear.value("best_usd_per_million_output") / cheap.value("best_usd_per_million_output")
    #expect(abs(ratio - 2) < 1e-12)
    #expect(try dear.value("best_batch") == cheap.value("best_batch"))
    #expect(try dear.value("fastest_tokens_per_s") == cheap.value("fastest_tokens_per_s"))
  }

  @Test("The cheapest token costs price over throughput: chips × price / tokens per second")
  func cost() throws {
    let study = try scaleStudy(StudyWorld.serving())
    let perChip = try study.value("best_tokens_per_s_per_chip")
    #expect(abs(try study.value("best_usd_per_million_output") - 2 / 3600 * 1e6 / perChip) < 1e-9)
  }

  @Test("A slower promise is never dearer, and an impossible one is refused with the best there is")
  func promise() throws {
    let slow = try scaleStudy(StudyWorld.serving(tpot: 0.1)).value("best_usd_per_million_output")
    let fast = try scaleStudy(StudyWorld.serving(tpot: 0.02)).value("best_usd_per_million_output")
    #expect(slow <= fast)
    #expect(throws: StudyError.self) { try scaleStudy(StudyWorld.serving(tpot: 1e-6)) }
  }

  @Test("As many replicas as chips allow serve at least what one instance of all chips does")
  func scaleOut() throws {
    let study = try scaleStudy(StudyWorld.serving())
    let capacities = study.column("Capacity", of: "scale-out")
    #expect(capacities.max() == (try study.value("scale_out_requests_per_s")))
    #expect(try study.value("scale_out_requests_per_s") >= study.value("scale_up_requests_per_s"))
  }

  @Test(
    "No predicted speed of one instance passes the chips' HBM, and more chips are faster until the ceiling")
  func ceiling() throws {
    let study = try scaleStudy(StudyWorld.serving())
    let chips = study.column("Chips", of: "scale-up")
    for (n, speed) in zip(chips, study.column("Alone", of: "scale-up")) {
      // 8.03B parameters less the 0.53B looked up, one byte each, over n × 819 GB/s.
      #expect(speed <= n * 819e9 / 7.5e9)
    }
    #expect(try study.value("fastest_chips") > 1)
  }

  @Test("The published latency floors of 8B, 70B and 405B are reproduced")
  func floors() throws {
    let study = try scaleStudy(StudyWorld.serving())
    let published = study.column("Published speed", of: "scale-floor")
    // Printed to three digits.
    for (speed, expected) in zip(study.column("Speed", of: "scale-floor"), published) {
      #expect(abs(speed / expected - 1) < 5e-3)
    }
    for (chips, expected) in zip(
      study.column("n*", of: "scale-floor"), study.column("Published n*", of: "scale-floor"))
    {
      #expect(abs(chips / expected - 1) < 5e-3)
    }
    #expect(published == [967, 235, 91.8])
  }

  @Test("PaLM, Llama-3-70B and 405B stand beside their measurements, each with its error")
  func published() throws {
    let study = try scaleStudy(StudyWorld.serving())
    let errors = study.column("Error", of: "scale-published").map(abs).sorted()
    #expect(errors.count == 9)
    #expect(errors[errors.count / 2] < 0.35)
  }

  @Test("The same seed gives the same study; ranges give an interval and drivers")
  func uncertainty() throws {
    let question = try StudyWorld.serving(
      price: InputRange(low: 1, base: 2, high: 3), utilization: InputRange(low: 0.4, base: 0.6, high: 0.8))
    let first = try scaleStudy(question)
    #expect(try scaleStudy(question) == first)
    let cost = try #require(first.finding("best_usd_per_million_output"))
    let (low, high) = (try #require(cost.low), try #require(cost.high))
    #expect(low < cost.value && cost.value < high)
    #expect(first.charts.contains { $0.kind == .tornado && $0.categories.count == 4 })
  }

  @Test("Nonsense is refused: a negative price, a utilisation above one, chips that are no power of two")
  func nonsense() throws {
    #expect(throws: StudyError.self) { try scaleStudy(StudyWorld.serving(price: InputRange(-1))) }
    #expect(throws: StudyError.self) { try scaleStudy(StudyWorld.serving(utilization: InputRange(1.5))) }
    #expect(throws: StudyError.self) { try scaleStudy(StudyWorld.serving(maxChips: 12)) }
    #expect(throws: StudyError.self) {
      try scaleStudy(StudyWorld.serving(model: "llama-3.1-405b", maxChips: 4))
    }
  }

  @Test("The same chips keep a looser promise to more requests, and one queue to more than random routing")
  func sharedPromise() throws {
    func promised(_ seconds: Double?, _ column: String) throws -> [Double] {
      var question = try StudyWorld.serving()
      question.secondsToFirstToken = seconds.map { InputRange($0) }
      return try scaleStudy(question).column(column, of: "scale-out")
    }
    let one = "Within the promise, one queue"
    let (tight, loose, open) = (try promised(0.4, one), try promised(4, one), try promised(nil, one))
    #expect(!tight.isEmpty && tight.count == loose.count)
    #expect(zip(tight, loose).allSatisfy { $0 <= $1 })
    #expect(zip(loose, open).allSatisfy { $0 < $1 })
    for (random, pooled) in zip(try promised(4, "Within it, random routing"), loose) {
      #expect(random <= pooled + 1e-9)
    }
    #expect(open == (try scaleStudy(StudyWorld.serving()).column("Capacity", of: "scale-out")))
  }

  @Test("Service times that vary more leave less of the capacity within the promise")
  func variation() throws {
    func promised(_ variation: Double) throws -> Double {
      var question = try StudyWorld.serving()
      question.secondsToFirstToken = InputRange(1)
      question.serviceVariation = InputRange(variation)
      return try scaleStudy(question).value("scale_out_promised_requests_per_s")
    }
    #expect(try promised(4) < promised(1))
    #expect(try promised(1) < promised(0))
  }

  @Test("Other models, chips and contexts join one frontier; what fits nowhere says why")
  func grid() throws {
    let first = try StudyWorld.serving()
    var long = first
    long.input = InputRange(8000)
    let study = try scaleStudy(
      first, against: [long, try StudyWorld.serving(model: "llama-3.1-405b", maxChips: 4)])
    let table = try #require(study.tables.first { $0.id == "scale-grid" })
    #expect(table.rows.count == 3)
    let costs = study.column("Cost", of: "scale-grid")
    #expect(costs.count == 2 && costs[1] > costs[0])
    #expect(costs[0] == (try study.value("best_usd_per_million_output")))
    guard case .absent(let reason) = table.rows[2][7] else {
      Issue.record("405B does not fit four chips")
      return
    }
    #expect(reason.contains("fits no slice"))
    #expect(study.charts.first { $0.id == "scale-frontier" }?.series.count == 2)
  }

  @Test(
    "One fast agent finishes sooner and pays more; a cache is worth keeping until reading it again costs as much"
  )
  func agents() throws {
    func study(tool seconds: Double) throws -> StudyResult {
      var question = try StudyWorld.serving()
      question.agent.toolSeconds = InputRange(seconds)
      return try scaleStudy(question)
    }
    let short = try study(tool: 1)
    let wall = short.column("One task", of: "scale-agents")
    #expect(wall.count == 3 && wall[0] < wall[1])
    #expect(try short.value("fast_agent_usd_per_task") > short.value("many_agents_usd_per_task"))
    let held = short.column("Cache held", of: "scale-agents")
    #expect(held[1] > 0 && held[2] == 0)
    // Twice the wait holds twice the byte-seconds.
    #expect(abs(try study(tool: 2).column("Cache held", of: "scale-agents")[1] / held[1] - 2) < 1e-9)
    #expect(try short.value("cache_break_even_s") > 0)
  }

  @Test("PaLM, Llama-3-70B and 405B lie on the frontier picture with their errors in its legend")
  func frontier() throws {
    let chart = try #require(
      try scaleStudy(StudyWorld.serving()).charts.first { $0.id == "scale-published" })
    let measured = chart.series.filter { !$0.isReference }
    #expect(measured.count == 9 && chart.series.count == 18)
    #expect(measured.allSatisfy { $0.points.count == 1 && $0.name.hasSuffix(" %)") })
    for name in ["PaLM 540B", "Llama-3-70B", "Llama-3.1-405B"] {
      #expect(measured.contains { $0.name.hasPrefix(name) })
    }
    #expect(chart.x.unit == "tok/s" && chart.y.unit == "$/M output")
  }
}
