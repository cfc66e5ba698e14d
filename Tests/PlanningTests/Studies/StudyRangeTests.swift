import Economics
import FleetData
import Planning
import Testing

/// Every number of every question may be a range: it then moves a figure, and what makes no sense at an end is refused.
@Suite struct StudyRangeTests {
  /// Inputs that move some figure of a study.
  private func movers(_ study: StudyResult) throws -> Set<String> {
    let table = try #require(study.certainty.first { $0.id == "\(study.id)-drivers" })
    return Set(table.rows.compactMap { if case .text(let name) = $0[1] { name } else { nil } })
  }

  private func widened(_ value: Double) -> InputRange { InputRange(value, plusOrMinus: 0.2) }

  @Test("A range moves the end of the interval that it should: a dearer verifier is worth less sampling")
  func verifier() throws {
    var question = try StudyWorld.spend()
    question.sampling.usdPerVerification = InputRange(0.01, from: 0.001, to: 0.1)
    let worth = try #require(try spendStudy(question).finding("net_worth_per_question"))
    question.sampling.usdPerVerification = InputRange(0.01)
    let exact = try #require(try spendStudy(question).finding("net_worth_per_question"))
    #expect(worth.value == exact.value)
    #expect(try #require(worth.low) < (try #require(exact.low)) - 0.1)
  }

  @Test("A range on the speed users accept chooses an instance for each promise")
  func promise() throws {
    var question = try StudyWorld.serving(tpot: 0.02)
    question.secondsPerToken = InputRange(0.02, from: 0.01, to: 0.04)
    #expect(try movers(scaleStudy(question)).contains("token time users accept, ms"))
    question.secondsPerToken = InputRange(0.02, from: 1e-6, to: 0.04)
    #expect(throws: StudyError.self) { try scaleStudy(question) }
  }

  @Test("Owned chips cost their capital, life and interest, each of which may be a range")
  func ownership() throws {
    var question = try StudyWorld.serving()
    question.ownership = ChipOwnership(
      capital: widened(30_000), years: widened(5), interest: widened(0.08), watts: InputRange(250))
    let study = try scaleStudy(question)
    for input in ["capital, $/chip", "depreciation, years", "interest, /year"] {
      #expect(try movers(study).contains(input))
    }
    // 8 % over 5 years: CRF 0.250456; 8,766 hours; 250 W at PUE 1.1 and 8 cents.
    let hourly = 30_000 * 0.250456 / 8766 + 0.25 * 1.1 * 0.08
    question.ownership = nil
    question.rent = InputRange(hourly)
    let rented = try scaleStudy(question).value("best_usd_per_million_output")
    #expect(abs(try study.value("best_usd_per_million_output") / rented - 1) < 1e-4)
  }

  @Test("Power, staleness, rollouts and sites as ranges each move a figure of training over sites")
  func sites() throws {
    var question = try StudyWorld.sites()
    question.power = PowerTerms(
      usdPerKWh: widened(0.08), bands: [.init(from: 16, to: 21, usdPerKWh: widened(0.2))],
      pue: InputRange(1.1, from: 1.05, to: 1.3), watts: widened(250), gramsPerKWh: widened(300))
    question.siteWatts = widened(5e6)
    question.staleness = widened(4)
    question.rolloutTokensPerStep = widened(16e6)
    question.tokens = widened(160e9)
    question.tokensPerStep = widened(4e6)
    question.sites = InputRange(4, from: 2, to: 8)
    question.chipsPerSite = InputRange(256, from: 128, to: 512)
    let study = try trainingStudy(question)
    for input in [
      "electricity, $/kWh", "electricity from 16 to 21, $/kWh", "PUE", "chip with its host, W",
      "carbon, g/kWh", "power of a site, MW", "staleness, learner steps", "rollout tokens per step",
      "training tokens", "tokens per step", "sites", "chips per site",
    ] { #expect(try movers(study).contains(input), "\(input)") }
  }

  @Test("Nonsense at one end of a range is refused, whichever input it is")
  func refused() throws {
    var spend = try StudyWorld.spend()
    spend.money.troughOverPeak = InputRange(0.4, from: 0.2, to: 1.2)
    #expect(throws: StudyError.self) { try spendStudy(spend) }
    spend = try StudyWorld.spend()
    spend.mfu = InputRange(0.9, from: 0.5, to: 1.1)
    #expect(throws: StudyError.self) { try spendStudy(spend) }
    spend = try StudyWorld.spend()
    spend.sampling.verifierRecall = InputRange(0.5, from: 0, to: 1)
    #expect(throws: StudyError.self) { try spendStudy(spend) }
    var sites = try StudyWorld.sites()
    sites.staleness = InputRange(4, from: -1, to: 5)
    #expect(throws: StudyError.self) { try trainingStudy(sites) }
    var serving = try StudyWorld.serving()
    serving.agent.outputTokens = InputRange(300, from: 0, to: 400)
    #expect(throws: StudyError.self) { try scaleStudy(serving) }
  }

  @Test("A range more leaves what other ranges draw alone")
  func commonNumbers() throws {
    var question = try StudyWorld.spend()
    question.requestsPerDay = InputRange(1e6, plusOrMinus: 0.5)
    let before = try #require(try spendStudy(question).finding("serving_usd"))
    question.checkpointSeconds = InputRange(60, plusOrMinus: 0.5)
    let after = try #require(try spendStudy(question).finding("serving_usd"))
    #expect(before == after)
  }

  @Test("Training takes the MFU of the published run most alike, and says what was predicted beside it")
  func measuredMFU() throws {
    var question = try StudyWorld.spend()
    question.mfu = nil
    let study = try spendStudy(question)
    let nearest = try #require(
      PublishedTrainingRun.nearest(chip: "tpu-v5e", parameters: 7.5e9, chips: 256, experts: false).first)
    #expect(nearest.id == "maxtext-v5e-16B-1pod")
    #expect(try study.value("training_mfu") == nearest.mfu)
    #expect(try study.value("training_mfu_predicted") > 0.3)
    let row = try #require(study.assumptions.first { $0.name == "MFU" })
    #expect(row.grade == .measured && row.source.contains("maxtext"))
    question.mfu = InputRange(0.4)
    #expect(try spendStudy(question).value("training_mfu") == 0.4)
    // Nothing was published on this chip: the prediction stands, and is said to be one.
    question.mfu = nil
    question.trainingChip = try Catalog.builtIn.chip("mi300x")
    let predicted = try spendStudy(question)
    #expect(try predicted.value("training_mfu") == predicted.value("training_mfu_predicted"))
    #expect(predicted.sentences.contains { $0.contains("no such model was published on this chip") })
  }

  @Test("A run with experts is held against runs with experts only, and its links carry all of them")
  func experts() throws {
    let runs = PublishedTrainingRun.nearest(chip: "tpu-v5p", parameters: 37e9, chips: 512, experts: true)
    #expect(runs.first?.id == "tpurec-v5p-deepseek3-671b")
    #expect(
      PublishedTrainingRun.nearest(chip: "h100-sxm", parameters: 37e9, chips: 512, experts: true).isEmpty)
    var question = try StudyWorld.sites()
    question.model = try Catalog.builtIn.model("mixtral-8x7b")
    question.serving.model = question.model
    question.tokens = InputRange(1e12)
    let push = try trainingStudy(question).value("weight_push_s")
    // 46.7B parameters in 8 bits over 40 Gbit/s, and the tree's round trips.
    #expect(abs(push - (46.7e9 * 8 / 40e9 + 2 * 0.06)) < 0.1)
  }

  @Test("The law's errors give its best size an interval; a law without published errors has none")
  func lawErrors() throws {
    let law = ParametricLaw.besiroglu
    let interval = try #require(
      try law.interval(seed: 1, "n") { law throws(EconomicsError) in
        try law.optimum(trainingFLOPs: 5.76e23).parameters
      })
    #expect(abs(interval.value / 7.225e10 - 1) < 1e-3)
    // The exponent of C moves by 0.02·√2·0.35/0.51 = 0.019, over e^7.5 in compute from the middle of the fitted runs.
    #expect(interval.low < interval.value * 0.95 && interval.value * 1.05 < interval.high)
    #expect(interval.low > interval.value * 0.75 && interval.high < interval.value * 1.25)
    #expect(
      try ParametricLaw.hoffmannPrinted.interval(seed: 1, "n") { law throws(EconomicsError) in
        try law.optimum(trainingFLOPs: 1e21).loss
      } == nil)
  }
}
