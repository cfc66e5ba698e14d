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
  let optimum = try SpendOptimum(life)
  let quality = try SpendQuality(life)
  let sampling = try SpendSampling(life)
  let figures = try spendFigures(life, account, sampling)
  let cost = figures[0].uncertainty
  let goodput = try economics { () throws(EconomicsError) in try life.terms.goodput() }
  return StudyResult(
    id: "spend", title: "Train or serve",
    sentences: try spendSentences(life, optimum, figures)
      + [account.sentence, quality.sentence, sampling.sentence],
    tables: [
      try trainingBillTable(life), try trainingSizeTable(life), account.table, try lawTable(life),
      optimum.table, quality.table,
      try thinkingTable(life), try sampling.table(), try flopPriceTable(life), tokenPriceTable(life),
    ],
    charts: [
      try quadraticChart(life), optimum.chart, quality.chart, spendChart(life),
      StudyCharts.tornado(id: "spend-tornado", title: "Cost of training and serving", unit: "$", cost),
    ],
    findings: figures.findings + (try spendFindings(life, optimum, account))
      + [
        .init("thinking_multiple", quality.rows[0].multiple, "×"),
        .init("best_samples", sampling.best, "samples"),
      ], assumptions: spendAssumptions(life), certainty: figures.certainty("spend"),
    live: StudyLive.spend(life, goodput: goodput))
}
