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

  @Test("A loss asked for is trained to; one below what the size can reach is refused with the floor")
  func loss() throws {
    var question = try StudyWorld.spend()
    question.targetLoss = InputRange(2.2)
    #expect(abs(try spendStudy(question).value("loss") - 2.2) < 1e-9)
    question.targetLoss = InputRange(1.7)
    #expect(throws: StudyError.self) { try spendStudy(question) }
  }

  @Test(
    "Money later counts for less, idle hours are paid, and a commitment under the break-even use is taken")
  func money() throws {
    var question = try StudyWorld.spend()
    question.serving.utilization = InputRange(0.5)
    question.money = SpendMoney(discountRate: InputRange(0), committedUSDPerChipHour: InputRange(1))
    let now = try spendStudy(question)
    #expect(abs(try now.value("present_life_usd") / now.value("life_usd") - 1) < 1e-9)
    #expect(abs(try now.value("serving_used_usd") / now.value("serving_usd") - 0.5) < 1e-9)
    // Half price: worth it for chips busy at least half of the day.
    let share = try now.value("best_committed_share")
    #expect(abs(share - 0.7) < 1e-9)
    question.money.discountRate = InputRange(0.2)
    #expect(try spendStudy(question).value("present_life_usd") < now.value("present_life_usd"))
  }

  @Test("Where training outweighs serving, a smaller model that thinks longer is the cheaper of equals")
  func quality() throws {
    let quiet = try spendStudy(StudyWorld.spend(requestsPerDay: 100))
    let busy = try spendStudy(StudyWorld.spend(requestsPerDay: 1e8))
    #expect(try quiet.value("thinking_multiple") > 10)
    #expect(try busy.value("thinking_multiple") == 1)
    let saving = quiet.column("Saving", of: "spend-quality")
    #expect(saving.count == 6 && saving.allSatisfy { $0 > 0 })
    // The money split never gives training more than the FLOP split.
    let (flops, money) = (
      quiet.column("Training's share, FLOPs alone", of: "spend-quality"),
      quiet.column("Training's share of a budget", of: "spend-quality")
    )
    #expect(zip(flops, money).allSatisfy { $0 > $1 })
  }

  @Test("A dearer verifier draws fewer samples, and pass@k grows with k while a wrong majority's vote falls")
  func sampling() throws {
    var question = try StudyWorld.spend()
    question.sampling.usdPerVerification = InputRange(0.001)
    let cheap = try spendStudy(question)
    question.sampling.usdPerVerification = InputRange(0.1)
    #expect(try spendStudy(question).value("best_samples") < cheap.value("best_samples"))
    let solved = cheap.column("Solved by at least one (pass@k)", of: "spend-sampling")
    let votes = cheap.column("Majority vote", of: "spend-sampling")
    #expect(solved == solved.sorted())
    #expect(zip(votes, votes.dropFirst()).allSatisfy { $0 >= $1 - 1e-12 })
  }

  @Test("Every price to compare with names its source, and people, a book and APIs are among them")
  func anchors() throws {
    let table = try #require(try spendStudy(StudyWorld.spend()).tables.first { $0.id == "spend-tokens" })
    #expect(table.rows.count == PriceAnchor.all.count + 1)
    for kind in [PriceAnchor.Kind.person, .book, .api] {
      #expect(PriceAnchor.all.contains { $0.kind == kind })
    }
    for anchor in PriceAnchor.all {
      #expect(!anchor.provenance.source.isEmpty && !anchor.provenance.asOf.isEmpty)
    }
  }

  @Test(
    "What training costs over the least for its loss is nothing at the optimum and the over-training overhead beside it"
  )
  func overhead() throws {
    let study = try spendStudy(StudyWorld.spend())
    let over = study.column("Training over the least", of: "spend-optimum")
    let sizes = study.column("Parameters", of: "spend-optimum")
    let law = ParametricLaw.besiroglu
    let best = try law.optimum(loss: study.value("loss")).parameters
    for (size, overhead) in zip(sizes, over) {
      #expect(abs(try OverTraining(sizeRatio: size / best, law: law).overhead - overhead) < 1e-6)
    }
  }

  @Test("Ranges on checkpoints, growth and lengths widen the interval and join the tornado")
  func ranges() throws {
    var question = try StudyWorld.spend()
    func drivers(_ study: StudyResult) throws -> [Cell] {
      try #require(study.certainty.first { $0.id == "spend-drivers" }).rows.map { $0[1] }
    }
    let before = try drivers(spendStudy(question))
    question.checkpointSeconds = InputRange(60, plusOrMinus: 0.5)
    question.growth = InputRange(0.05, plusOrMinus: 0.5)
    question.serving.output = InputRange(200, plusOrMinus: 0.5)
    let ranged = try spendStudy(question)
    let names = try drivers(ranged)
    for name in ["checkpoint, s", "growth, /month", "answer, tokens"] {
      #expect(names.contains(.text(name)) && !before.contains(.text(name)))
    }
    let life = try #require(ranged.finding("life_usd"))
    #expect(try #require(life.low) < life.value && life.value < (try #require(life.high)))
  }
}
