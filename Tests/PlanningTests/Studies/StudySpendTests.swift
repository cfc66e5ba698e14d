import Economics
import FleetData
import Planning
import Testing

@Suite struct StudySpendTests {
  @Test("Doubling the size at fixed tokens per parameter costs four times the training and twice the serving")
  func quadratic() throws {
    let study = try spendStudy(StudyWorld.spend())
    let training = study.column("Training", of: "spend-size")
    let serving = study.column("Serving for life", of: "spend-size")
    #expect(training.count == 5)
    for i in 1..<5 {
      #expect(abs(training[i] / training[i - 1] - 4) < 1e-9)
      #expect(abs(serving[i] / serving[i - 1] - 2) < 1e-9)
    }
  }

  @Test("Inference spending is linear in requests, and leaves training alone")
  func linear() throws {
    let once = try spendStudy(StudyWorld.spend(requestsPerDay: 1e6))
    let thrice = try spendStudy(StudyWorld.spend(requestsPerDay: 3e6))
    #expect(abs(try thrice.value("serving_usd") / once.value("serving_usd") - 3) < 1e-9)
    #expect(try thrice.value("training_usd") == once.value("training_usd"))
  }

  @Test("More thinking is never cheaper")
  func thinking() throws {
    let costs = try spendStudy(StudyWorld.spend()).column("Per answer", of: "spend-thinking")
    #expect(costs.count == 5)
    #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("At the crossover volume serving costs what training did")
  func crossover() throws {
    let study = try spendStudy(StudyWorld.spend())
    let volume = try study.value("crossover_requests_per_day")
    let there = try spendStudy(StudyWorld.spend(requestsPerDay: volume))
    #expect(abs(try there.value("serving_usd") / there.value("training_usd") - 1) < 1e-9)
  }

  @Test("Training costs 6ND and attention over peak, MFU and goodput at the price of a chip-hour")
  func bill() throws {
    let study = try spendStudy(StudyWorld.spend())
    let hours = try study.value("training_flops") / (197e12 * 0.4 * study.value("training_goodput")) / 3600
    #expect(abs(try study.value("training_usd") / hours - 1) < 1e-9)
    #expect(try study.value("training_goodput") > 0.9)
    // 7.5B active parameters, 20 tokens each: 6·20·N², with attention at 8k a seventh more.
    let dense = 120 * 7.504924672e9 * 7.504924672e9
    let ratio = try study.value("training_flops") / dense
    #expect(ratio > 1.1 && ratio < 1.2)
  }

  @Test("The model of least life cost is no larger than the one that is cheapest to train, and saves money")
  func optimum() throws {
    let study = try spendStudy(StudyWorld.spend(requestsPerDay: 1e8))
    #expect(try study.value("optimal_saving") > 0)
    let quiet = try spendStudy(StudyWorld.spend(requestsPerDay: 1e3))
    #expect(try study.value("optimal_parameters") < quiet.value("optimal_parameters"))
  }

  @Test("Nonsense is refused: an MFU above one, no tokens, negative demand")
  func nonsense() throws {
    var question = try StudyWorld.spend()
    question.mfu = InputRange(1.4)
    #expect(throws: StudyError.self) { try spendStudy(question) }
    #expect(throws: StudyError.self) { try spendStudy(StudyWorld.spend(requestsPerDay: -1)) }
    #expect(throws: StudyError.self) { try spendStudy(StudyWorld.spend(tokensPerParameter: 0)) }
  }
}
