import Economics
import FleetData
import Foundation
import Performance
import Quantities

/// Training against inference over the life of a service, and what else the money could buy.
/// - Throws: when the model cannot be served or trained as asked, or a number makes no sense.
public func spendStudy(_ question: SpendQuestion) throws(StudyError) -> StudyResult {
  let life = try SpendLife(question)
  let uncertainty = try life.uncertainty()
  let optimum = try SpendOptimum(life)
  let goodput = try economics { () throws(EconomicsError) in try life.terms.goodput() }
  return StudyResult(
    id: "spend", title: "Train or serve",
    sentences: try spendSentences(life, optimum, uncertainty),
    tables: [
      try trainingSizeTable(life), try lawTable(life), optimum.table, try thinkingTable(life),
      try samplingTable(life), try exchangeTable(), try flopPriceTable(life), tokenPriceTable(life),
      StudyCharts.tornadoTable(
        id: "spend-drivers", title: "What the cost of the whole life depends on", unit: "$", uncertainty),
    ],
    charts: [
      try quadraticChart(life), optimum.chart, spendChart(life),
      StudyCharts.tornado(
        id: "spend-tornado", title: "Cost of training and serving", unit: "$", uncertainty),
    ],
    findings: try spendFindings(life, optimum, uncertainty), assumptions: spendAssumptions(life),
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

  init(_ question: SpendQuestion) throws(StudyError) {
    self.question = question
    counts = ModelCounts(question.serving.model)
    parameters = question.parameters ?? counts.activeParameters
    terms = try question.trainingTerms(counts: counts)
    let (n, terms) = (parameters, terms)
    bill = try economics { () throws(EconomicsError) in
      try TrainingBill(parameters: n, tokens: n * question.tokensPerParameter, terms: terms)
    }
    demand = try economics { () throws(EconomicsError) in
      try ServiceLife(
        requestsPerDay: question.requestsPerDay.base, monthlyGrowth: question.growth.base,
        months: question.months)
    }
    point = try cheapestPoint(question.serving)
  }

  /// Size over that of the model whose serving was modelled.
  var sizeRatio: Double { parameters / counts.activeParameters }

  /// Dollars to answer one request, chips idle for the unused share of the hours paid.
  var usdPerRequest: Double {
    sizeRatio
      * point.usdPerMillionOutput(
        usdPerChipHour: question.serving.usdPerChipHour.base, utilization: question.serving.utilization.base)
      * question.serving.shape.output / 1e6
  }

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

  /// The whole life's cost with prices, MFU, failures, demand and growth as ranges.
  func uncertainty() throws(StudyError) -> Uncertainty {
    let serving = question.serving
    let training = TrainingEfficiencyTable.builtIn.entry(for: question.trainingChip)
    let inputs = [
      UncertainInput("training price", unit: "$/chip.h", question.trainingUSDPerChipHour),
      UncertainInput(
        "MFU",
        question.mfu ?? InputRange(terms.mfu, plusOrMinus: min(0.5, training.band ?? 0.25)).capped(at: 1)),
      UncertainInput("failures", unit: "/1000 node-days", question.failuresPer1000NodeDays),
      UncertainInput("serving price", unit: "$/chip.h", serving.usdPerChipHour),
      UncertainInput("utilisation", serving.utilization),
      UncertainInput("requests", unit: "/day", question.requestsPerDay),
      UncertainInput("growth", unit: "/month", question.growth),
    ]
    return try economics { () throws(EconomicsError) in
      try Uncertainty(of: inputs, seed: serving.seed, stream: "spend/life-cost") { x throws(EconomicsError) in
        var terms = terms
        terms.usdPerChipHour = x[0]
        terms.mfu = x[1]
        terms.failuresPer1000NodeDays = x[2]
        let bill = try TrainingBill(parameters: parameters, tokens: self.bill.tokens, terms: terms)
        let life = try ServiceLife(requestsPerDay: x[5], monthlyGrowth: x[6], months: question.months)
        let perMillion = point.usdPerMillionOutput(usdPerChipHour: x[3], utilization: x[4])
        return bill.usd + sizeRatio * life.totalRequests * perMillion * serving.shape.output / 1e6
      }
    }
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
