import Economics
import FleetData
import Foundation
import Performance
import Quantities

/// Training against inference over the life of a service, and what else the money could buy.
/// - Throws: when the model cannot be served or trained as asked, or a number makes no sense.
public func spendStudy(_ question: SpendQuestion) throws(StudyError) -> StudyResult {
  let life = try SpendLife(question)
  let account = try SpendAccount(life)
  let cost = try life.uncertainty("life-cost") { $0.totalUSD }
  let crossover = try life.uncertainty("crossover") { $0.crossoverRequestsPerDay }
  let present = try life.uncertainty("present-life") { $0.presentUSD }
  let optimum = try SpendOptimum(life)
  let quality = try SpendQuality(life)
  let sampling = try SpendSampling(life)
  let goodput = try economics { () throws(EconomicsError) in try life.terms.goodput() }
  return StudyResult(
    id: "spend", title: "Train or serve",
    sentences: try spendSentences(life, optimum, cost, crossover)
      + [account.sentence, quality.sentence, sampling.sentence],
    tables: [
      try trainingSizeTable(life), account.table, try lawTable(life), optimum.table, quality.table,
      try thinkingTable(life), try sampling.table(), try flopPriceTable(life), tokenPriceTable(life),
      StudyCharts.tornadoTable(
        id: "spend-drivers", title: "What the cost of the whole life depends on", unit: "$", cost),
    ],
    charts: [
      try quadraticChart(life), optimum.chart, quality.chart, spendChart(life),
      StudyCharts.tornado(id: "spend-tornado", title: "Cost of training and serving", unit: "$", cost),
    ],
    findings: try spendFindings(life, optimum, cost, crossover, present, account)
      + [
        .init("thinking_multiple", quality.rows[0].multiple, "×"),
        .init("best_samples", sampling.best, "samples"),
      ], assumptions: spendAssumptions(life),
    live: StudyLive.spend(life, goodput: goodput))
}

/// One model trained once and served for its life.
struct SpendLife: Sendable {
  var question: SpendQuestion
  var counts: ModelCounts
  /// N: parameters that work on each token.
  var parameters: Double
  var terms: TrainingBill.Terms
  var bill: TrainingBill
  /// The cheapest way to serve it at the speed users accept.
  var point: ServingPoint
  var demand: ServiceLife
  /// Dollars to answer one request, chips idle for the unused share of the hours paid.
  var usdPerRequest: Double
  /// Per year.
  var discountRate: Double

  init(_ asked: SpendQuestion) throws(StudyError) {
    var question = asked
    counts = ModelCounts(question.serving.model)
    parameters = question.parameters ?? counts.activeParameters
    terms = try question.trainingTerms(counts: counts)
    let (n, terms) = (parameters, terms)
    if let loss = question.targetLoss {
      question.tokensPerParameter =
        try economics { () throws(EconomicsError) in
          try asked.law.tokens(forLoss: loss, parameters: n)
        } / n
    }
    let tokens = n * question.tokensPerParameter
    self.question = question
    bill = try economics { () throws(EconomicsError) in
      try TrainingBill(parameters: n, tokens: tokens, terms: terms)
    }
    usdPerRequest = 0
    discountRate = question.money.discountRate.base
    demand = try economics { () throws(EconomicsError) in
      try ServiceLife(
        requestsPerDay: question.requestsPerDay.base, monthlyGrowth: question.growth.base,
        months: question.months)
    }
    point = try cheapestPoint(question.serving)
    usdPerRequest =
      sizeRatio
      * point.usdPerMillionOutput(
        usdPerChipHour: question.serving.usdPerChipHour.base, utilization: question.serving.utilization.base)
      * question.serving.shape.output / 1e6
  }

  /// Size over that of the model whose serving was modelled.
  var sizeRatio: Double { parameters / counts.activeParameters }

  var servingUSD: Double { usdPerRequest * demand.totalRequests }
  var totalUSD: Double { bill.usd + servingUSD }
  /// In money of today: training is paid at the start, each month of serving at its own. Not a number for a negative
  /// rate, which the account refuses.
  var presentUSD: Double {
    bill.usd + usdPerRequest * ((try? demand.presentRequests(annualRate: discountRate)) ?? .nan)
  }
  /// Requests over the whole life at which serving costs as much as training did.
  var crossoverRequests: Double { bill.usd / usdPerRequest }
  /// The first month in which serving has cost more than training.
  var crossoverMonth: Int? { demand.month(reaching: crossoverRequests) }
  /// Requests per day that make serving over the whole life cost as much as training.
  var crossoverRequestsPerDay: Double {
    demand.requestsPerDay * crossoverRequests / demand.totalRequests
  }

  /// A figure of the whole life with prices, MFU, failures, checkpoints, demand, lengths and step times as ranges.
  func uncertainty(_ name: String, of figure: (SpendLife) -> Double) throws(StudyError) -> Uncertainty {
    let serving = question.serving
    let training = TrainingEfficiencyTable.builtIn.entry(for: question.trainingChip)
    let mfu = InputRange(terms.mfu, plusOrMinus: min(0.5, training.band ?? 0.25)).capped(at: 1)
    let inputs =
      [
        UncertainInput("training price", unit: "$/chip.h", question.trainingUSDPerChipHour),
        UncertainInput("MFU", question.mfu ?? mfu),
        UncertainInput("failures", unit: "/1000 node-days", question.failuresPer1000NodeDays),
        UncertainInput("checkpoint", unit: "s", question.checkpointSeconds),
        UncertainInput("restart", unit: "s", question.restartSeconds),
        UncertainInput("requests", unit: "/day", question.requestsPerDay),
        UncertainInput("growth", unit: "/month", question.growth),
        UncertainInput("discount", unit: "/year", question.money.discountRate),
      ]
      + serving.servingInputs.map { input in
        var input = input
        if input.name == "price" { input.name = "serving price" }
        return input
      }
    return try sampled(inputs, seed: serving.seed, stream: "spend/\(name)") { x throws(StudyError) in
      figure(try self.varied(x))
    }
  }

  /// The same life with inputs in the order of `uncertainty`.
  private func varied(_ x: [Double]) throws(StudyError) -> SpendLife {
    var life = self
    life.terms.usdPerChipHour = x[0]
    life.terms.mfu = x[1]
    life.terms.failuresPer1000NodeDays = x[2]
    life.terms.checkpointSeconds = x[3]
    life.terms.restartSeconds = x[4]
    let (terms, tokens) = (life.terms, bill.tokens)
    life.bill = try economics { () throws(EconomicsError) in
      try TrainingBill(parameters: parameters, tokens: tokens, terms: terms)
    }
    life.demand = try economics { () throws(EconomicsError) in
      try ServiceLife(requestsPerDay: x[5], monthlyGrowth: x[6], months: question.months)
    }
    life.discountRate = x[7]
    let perMillion = point.varied(question.serving, Array(x[10...])).usdPerMillionOutput(
      usdPerChipHour: x[8], utilization: x[9])
    life.usdPerRequest = sizeRatio * perMillion * x[13] / 1e6
    return life
  }
}

/// The cheapest instance and batch that is fast enough.
func cheapestPoint(_ question: ScaleQuestion) throws(StudyError) -> ServingPoint {
  let candidates = try question.candidates()
  let limit = question.secondsPerToken ?? .infinity
  if let best = ServingPoint.cheapest(candidates, question.shape, within: limit) { return best }
  let alone = candidates.map { ServingPoint($0, batch: 1, shape: question.shape).secondsPerToken }
  throw .tooSlow(
    model: question.model.id, chip: question.chip.id, bestSeconds: alone.min() ?? .infinity,
    wantedSeconds: limit)
}

extension InputRange {
  /// The same range with nothing above a limit.
  func capped(at limit: Double) -> InputRange {
    var range = self
    range.high = min(high, limit)
    range.base = min(base, range.high)
    range.low = min(low, range.base)
    return range
  }
}
