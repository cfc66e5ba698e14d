import FleetData
import Planning
import Testing

struct GateTests {
  private func judge(_ expression: String, baseline: Plan? = nil) throws -> Plan.GateResult {
    try GateEvaluator(SmallPlan.make(), baseline: baseline).result(
      Gate(name: "g", expression: expression, location: .init(file: "s.yaml", line: 3)))
  }

  @Test(
    "A gate passes when its worst member does",
    arguments: [
      ("cost.month.total <= $180", Plan.GateResult.Status.pass, 180.0),
      ("cost.month.total <= $0.179k", .fail, 180),
      ("cost.total == $340", .pass, 340), ("cost.month.total[month=2027-01] <= $160", .pass, 160),
      ("cost.month.total[month=first] < $160", .fail, 160),
      ("cost.month.total[service=chat] <= $120", .pass, 120),
      ("cost.month.total[site=*] <= $100", .fail, 120),
      ("cost.month.compute[service=idle] <= $20", .pass, 20),
      ("headroom.gpus[pod=*] >= 10%", .pass, 0.1), ("headroom.chips[site=east] >= 15%", .fail, 0.1),
      ("headroom.chips >= 35%", .pass, 0.35), ("chips.used <= 12", .fail, 13),
      ("checks.errors == 0", .pass, 0),
      ("shortfalls.count == 0", .pass, 0), ("slo.ttft.p99[pool=chat,month=first] <= 800ms", .pass, 0.7),
      ("slo.ttft.p99 <= 0.6s", .fail, 0.75), ("slo.ttft.p99[service=chat] <= 800 ms", .inconclusive, 0.75),
    ])
  func verdicts(_ example: (String, Plan.GateResult.Status, Double)) throws {
    let result = try judge(example.0)
    #expect(result.status == example.1, "\(example.0): \(result)")
    #expect(abs(result.value - example.2) < 1e-12)
  }

  @Test("An inconclusive gate says how many more requests would decide it")
  func moreRequests() throws {
    // Month 1: value 0.75 in 0.65 ... 0.85, limit 0.8: half width 0.1, distance 0.05, so 1000 × (2² − 1) more.
    #expect(try judge("slo.ttft.p99 <= 800ms").detail.contains("about 3000 more requests"))
  }

  @Test("A change is judged against the baseline, relative for per cent and absolute for money")
  func deltas() throws {
    let base = SmallPlan.make(chatQuantity: 80)
    #expect(try judge("delta(cost.month.total[month=first]) <= +14.3%", baseline: base).status == .pass)
    #expect(try judge("delta(cost.month.total[month=first]) <= +14%", baseline: base).status == .fail)
    #expect(try judge("delta(cost.total) <= $40", baseline: base).value == 40)
    #expect(try judge("delta(cost.total) <= +5%").status == .inconclusive)
  }

  @Test(
    "What a gate names must exist",
    arguments: [
      ("cost.month.totl <= $1", "did you mean 'cost.month.total'?"),
      ("headroom.chips[pood=a] >= 1%", "did you mean 'pod'?"),
      ("headroom.chips[site=eest] >= 1%", "did you mean 'east'?"),
      ("slo.ttft.p95 <= 1s", "did you mean 'slo.ttft.p99'?"),
    ])
  func suggestions(_ example: (String, String)) throws {
    let error = #expect(throws: Diagnostic.self) { try judge(example.0) }
    #expect(error?.help == example.1)
    #expect(error?.location?.line == 3)
  }

  @Test(
    "A limit needs a unit of the metric's kind",
    arguments: [
      "cost.month.total <= 5", "slo.ttft.p99 <= 800", "headroom.chips >= $3", "checks.errors == 0%",
      "cost.month.total <= EUR 5",
      "cost.month.total", "<= $5", "cost.month.total[site] <= $5", "delta(cost.total <= $5",
      "cost.month.total <= $1.2.3",
    ])
  func wrongUnits(_ expression: String) {
    #expect(throws: Diagnostic.self) { try judge(expression) }
  }

  @Test("All wrong gates are reported at once")
  func allAtOnce() {
    let gates = ["x <= 1", "y <= 2", "checks.errors == 0"].map { Gate(name: $0, expression: $0) }
    let error = #expect(throws: Diagnostics.self) { try GateEvaluator(SmallPlan.make()).results(gates) }
    #expect(error?.all.count == 2)
  }

  @Test("Halving every price never makes a cost gate fail that passed")
  func monotone() throws {
    for limit in stride(from: 50, through: 250, by: 10) {
      let gate = Gate(name: "g", expression: "cost.month.total <= $\(limit)")
      let dear = try GateEvaluator(SmallPlan.make()).result(gate).status
      let cheap = try GateEvaluator(SmallPlan.make(price: 0.5)).result(gate).status
      #expect(!(dear == .pass && cheap == .fail))
    }
  }
}

struct PlanComparisonTests {
  private func compare(_ a: Plan, _ b: Plan, _ marginals: [PlanComparison.Marginal] = []) throws -> Comparison
  {
    try PlanComparison(base: a, candidate: b, marginals: marginals).comparison(gates: [])
  }

  @Test("The bridge adds up and splits price from usage")
  func bridge() throws {
    // Mean month: base 170; price 1 → 2 on (100 + 120)/2 chip-hours of chat is a drift of 110; 50 more chip-hours at $2.
    let result = try compare(SmallPlan.make(), SmallPlan.make(price: 2, chatQuantity: 150))
    #expect(result.bridge.map(\.name) == ["baseline", "price drift", "chat", "candidate"])
    #expect(result.bridge.map(\.amount) == [170, 110, 100, 380])
    #expect(result.rows.first { $0.service == "chat" }?.status == .changed)
    #expect(result.rows.first { $0.service == "code" }?.status == .same)
  }

  @Test("Named changes get their own step and the rest is interaction")
  func namedChanges() throws {
    let cheaper = SmallPlan.make(price: 0.5)
    let more = SmallPlan.make(chatQuantity: 200)
    let both = SmallPlan.make(price: 0.5, chatQuantity: 200)
    let result = try compare(
      SmallPlan.make(), both,
      [.init(.init(name: "cheaper"), plan: cheaper), .init(.init(name: "more"), plan: more)])
    // Cheaper alone: −0.5 × 110 = −55; more alone: +100; together: 0.5 × 210 − 110 = −5, so −50 of interaction.
    #expect(result.bridge.map(\.amount) == [170, 0, -55, 100, -50, 165])
    #expect(result.changes.map(\.marginalCost) == [-55, 100])
  }

  @Test("A change that cannot stand alone has no effect of its own: what it does is interaction")
  func dependentChange() throws {
    let more = SmallPlan.make(chatQuantity: 200)
    let result = try compare(
      SmallPlan.make(), SmallPlan.make(price: 2, chatQuantity: 200),
      [.init(.init(name: "more"), plan: more), .init(.init(name: "dearer more"), plan: nil)])
    // Base 170; more alone +100; the price drifts by 110 on the base's quantities; the rest is 2 × 210 − 110 − 100 − 110.
    #expect(result.bridge.map(\.name) == ["baseline", "price drift", "more", "interaction", "candidate"])
    #expect(result.bridge.map(\.amount) == [170, 110, 100, 100, 480])
    #expect(result.changes.last?.marginalCost == nil)
  }

  @Test("Promises of both sides stand beside each other, those near their target first")
  func levels() throws {
    let result = try compare(SmallPlan.make(), SmallPlan.make())
    #expect(result.levels.map(\.promise) == ["ttft p99"])
    #expect(result.levels[0].baseSeconds == 0.75 && result.levels[0].candidateTargetSeconds == 0.8)
  }

  @Test("A plan compared with itself shows no change")
  func same() throws {
    let result = try compare(SmallPlan.make(), SmallPlan.make())
    #expect(result.isEmpty)
    #expect(result.sentence == "No change in cost or capacity.")
  }

  @Test("Plans of other currencies, months or traces are not compared")
  func refusals() throws {
    var euro = SmallPlan.make()
    euro.currency = "EUR"
    #expect(throws: Diagnostics.self) { try compare(SmallPlan.make(), euro) }
    var short = SmallPlan.make()
    short.months.removeLast()
    #expect(throws: Diagnostics.self) { try compare(SmallPlan.make(), short) }
    var other = SmallPlan.make()
    other.sources = [.init(path: "t.csv", sha256: "1")]
    other.dataQuality = [
      .init(trace: "t.csv", format: "f", accepted: 1, rejected: 0, firstRejections: [], notes: [])
    ]
    #expect(throws: Diagnostics.self) { try compare(SmallPlan.make(), other) }
    _ = try PlanComparison(base: SmallPlan.make(), candidate: other, allowDifferentTrace: true)
  }
}
