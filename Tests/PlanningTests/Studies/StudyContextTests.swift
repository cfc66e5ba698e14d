import Economics
import FleetData
import Planning
import Testing

@Suite struct StudyContextTests {
  func study(_ models: [String], _ contexts: [Int]) throws -> StudyResult {
    let catalog = Catalog.builtIn
    return try contextStudy(
      ContextQuestion(
        models: try models.map { try catalog.model($0) }, serving: StudyWorld.serving(tpot: nil),
        contexts: contexts))
  }

  @Test("A longer context is never cheaper, and its cache never smaller")
  func monotone() throws {
    let study = try study(["llama-3.1-8b"], [1024, 4096, 16384])
    let costs = study.column("Per request", of: "context-cost")
    let caches = study.column("Cache per sequence", of: "context-cost")
    #expect(costs.count == 3 && costs == costs.sorted())
    #expect(abs(caches[2] / caches[0] - 16) < 1e-9)
  }

  @Test("Grouped queries cache a quarter of what multi-head attention does; a hybrid's cache barely grows")
  func architectures() throws {
    let study = try study(["llama-2-7b", "llama-3.1-8b", "nemotron-h-8b"], [4096, 65536])
    func cache(_ model: String, _ context: Int) throws -> Double {
      try study.value("\(model)/\(context)/cache_bytes")
    }
    // Both have 32 layers of 128-wide heads: 32 against 8 key-value heads.
    #expect(abs(try cache("llama-2-7b", 4096) / cache("llama-3.1-8b", 4096) - 4) < 1e-9)
    #expect(try cache("nemotron-h-8b", 65536) / cache("nemotron-h-8b", 4096) < 16)
    #expect(try cache("nemotron-h-8b", 65536) < cache("llama-3.1-8b", 65536) / 4)
  }

  @Test("A context that fits nowhere is shown as absent with its reason, not as a number")
  func absent() throws {
    let study = try study(["llama-2-7b"], [4096, 1 << 21])
    let table = try #require(study.tables.first { $0.id == "context-cost" })
    guard case .absent(let reason) = table.rows[1][3] else {
      Issue.record("two million tokens of multi-head cache do not fit 16 chips")
      return
    }
    #expect(reason.contains("fits no slice"))
  }

  @Test("A cached prefix saves money and time, the more of it the more, and host memory is slower than HBM")
  func prefix() throws {
    let study = try study(["llama-3.1-8b"], [4096, 16384])
    let none = study.column("No hits", of: "context-prefix")
    let half = study.column("Half cached", of: "context-prefix")
    let most = study.column("90 % cached", of: "context-prefix")
    for i in 0..<2 { #expect(most[i] < half[i] && half[i] < none[i]) }
    let hbm = study.column("Prefill at 90 %", of: "context-prefix")
    let host = study.column("The same from host memory", of: "context-prefix")
    #expect(zip(hbm, host).allSatisfy { $0 < $1 })
    // Without hits a request costs what the table of costs says.
    for (a, b) in zip(none, study.column("Per request", of: "context-cost")) {
      #expect(abs(a / b - 1) < 1e-9)
    }
  }

  @Test("Per active parameter a long context is cheaper on the hybrid than on grouped attention")
  func breakEven() throws {
    let study = try study(["llama-3.1-8b", "nemotron-h-8b"], [1024, 16384, 65536])
    let table = try #require(study.tables.first { $0.id == "context-break-even" })
    #expect(table.rows.count == 1 && table.rows[0][5] == .text("nemotron-h-8b"))
  }

  @Test("Price and utilisation as ranges give an interval and a tornado")
  func interval() throws {
    var serving = try StudyWorld.serving(price: InputRange(low: 1, base: 2, high: 3), tpot: nil)
    serving.utilization = InputRange(0.5, plusOrMinus: 0.2)
    let study = try contextStudy(
      ContextQuestion(
        models: [try Catalog.builtIn.model("llama-3.1-8b")], serving: serving, contexts: [4096]))
    let cost = try #require(study.finding("usd_per_million_output"))
    #expect(try #require(cost.low) < cost.value && cost.value < (try #require(cost.high)))
    #expect(study.charts.contains { $0.kind == .tornado })
  }
}
