import Economics
import FleetData
import Foundation
import Performance
import Quantities

/// One model trained once and served for its life.
struct SpendLife: Sendable {
  var question: SpendQuestion
  var counts: ModelCounts
  /// N: parameters that work on each token.
  var parameters: Double
  var mfu: TrainingMFU
  var terms: TrainingBill.Terms
  var bill: TrainingBill
  /// The cheapest way to serve it at the speed users accept.
  var choice: ServingChoice
  var point: ServingPoint
  var demand: ServiceLife
  /// Dollars to answer one request, chips idle for the unused share of the hours paid.
  var usdPerRequest: Double

  init(_ asked: SpendQuestion) throws(StudyError) {
    try asked.validate()
    let counts = ModelCounts(asked.serving.model)
    let mfu = try TrainingMFU(
      given: asked.mfu, model: asked.serving.model, chip: asked.trainingChip,
      chips: asked.trainingChips.count
    ) { () throws(StudyError) in try asked.predictedMFU() }
    var question = asked
    question.mfu = mfu.used
    try self.init(question, counts: counts, mfu: mfu, choice: try ServingChoice(asked.serving))
  }

  /// The same life under a drawn question: what was decided stays.
  func asked(_ drawn: SpendQuestion) throws(StudyError) -> SpendLife {
    var drawn = drawn
    drawn.serving.ownership?.take(drawn.money.power)
    return try SpendLife(drawn, counts: counts, mfu: mfu, choice: choice)
  }

  private init(
    _ asked: SpendQuestion, counts: ModelCounts, mfu: TrainingMFU, choice: ServingChoice
  ) throws(StudyError) {
    let n = asked.parameters ?? counts.activeParameters
    let terms = try asked.trainingTerms(counts: counts)
    var question = asked
    if let loss = asked.targetLoss {
      question.tokensPerParameter = InputRange(
        try economics { () throws(EconomicsError) in
          try asked.law.tokens(forLoss: loss.base, parameters: n)
        } / n)
    }
    let tokens = n * question.tokensPerParameter.base
    self.question = question
    self.counts = counts
    self.mfu = mfu
    self.choice = choice
    self.terms = terms
    parameters = n
    bill = try economics { () throws(EconomicsError) in
      try TrainingBill(parameters: n, tokens: tokens, terms: terms)
    }
    demand = try economics { () throws(EconomicsError) in
      try ServiceLife(
        requestsPerDay: asked.requestsPerDay.base, monthlyGrowth: asked.growth.base,
        months: asked.months.count)
    }
    point = try choice.point(for: asked.serving)
    usdPerRequest =
      n / counts.activeParameters * point.usdPerMillionOutput(asked.serving) * asked.serving.output.base / 1e6
  }

  /// Size over that of the model whose serving was modelled.
  var sizeRatio: Double { parameters / counts.activeParameters }

  var servingUSD: Double { usdPerRequest * demand.totalRequests }
  var totalUSD: Double { bill.usd + servingUSD }
  /// Requests over the whole life at which serving costs as much as training did.
  var crossoverRequests: Double { bill.usd / usdPerRequest }
  /// The first month in which serving has cost more than training.
  var crossoverMonth: Int? { demand.month(reaching: crossoverRequests) }
  /// Requests per day that make serving over the whole life cost as much as training.
  var crossoverRequestsPerDay: Double {
    demand.requestsPerDay * crossoverRequests / demand.totalRequests
  }
  /// In money of today: training is paid at the start, each month of serving at its own.
  func presentUSD() throws(StudyError) -> Double {
    bill.usd
      + usdPerRequest
      * (try economics { () throws(EconomicsError) in
        try demand.presentRequests(annualRate: question.money.discountRate.base)
      })
  }
}
