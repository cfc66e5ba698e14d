import Economics
import FleetData
import Foundation
import Performance

func contextSentences(
  _ question: ContextQuestion, _ curves: [[ContextPoint]], _ headline: ContextPoint,
  _ uncertainty: Uncertainty
) -> [String] {
  var sentences: [String] = []
  let growth = curves.compactMap { curve -> (model: String, ratio: Double, from: Int, to: Int)? in
    let served = curve.filter { $0.usdPerRequest != nil }
    guard let first = served.first, let last = served.last, last.context > first.context else { return nil }
    return (curve[0].model.id, last.usdPerRequest! / first.usdPerRequest!, first.context, last.context)
  }
  if let flattest = growth.min(by: {
    pow($0.ratio, 1 / log(Double($0.to) / Double($0.from)))
      < pow($1.ratio, 1 / log(Double($1.to) / Double($1.from)))
  }),
    let steepest = growth.max(by: {
      pow($0.ratio, 1 / log(Double($0.to) / Double($0.from)))
        < pow($1.ratio, 1 / log(Double($1.to) / Double($1.from)))
    })
  {
    sentences.append(
      "From \(flattest.from) to \(flattest.to) tokens of context a request costs \(StudyText.number(flattest.ratio)) "
        + "times as much on \(flattest.model), the flattest curve; on \(steepest.model) it is "
        + "\(StudyText.number(steepest.ratio)) times from \(steepest.from) to \(steepest.to).")
  }
  let perToken = curves.map { ($0[0].model.id, $0[0].counts.kvBytesPerToken(question.serving.kv).value) }
  if let least = perToken.min(by: { $0.1 < $1.1 }), let most = perToken.max(by: { $0.1 < $1.1 }), least.1 > 0
  {
    sentences.append(
      "A cached token takes \(StudyText.number(most.1 / 1000)) kB on \(most.0) and "
        + "\(StudyText.number(least.1 / 1000)) kB on \(least.0), \(StudyText.number(most.1 / least.1)) times less."
    )
  }
  let cost = uncertainty.result
  sentences.append(
    "\(headline.model.id) at \(headline.context) tokens costs \(StudyText.money(cost.value)) per million output tokens "
      + "(\(StudyText.money(cost.low)) to \(StudyText.money(cost.high))).")
  return sentences
}

func contextFindings(_ curves: [[ContextPoint]], _ uncertainty: Uncertainty) -> [StudyResult.Finding] {
  var findings: [StudyResult.Finding] = [
    .init(
      "usd_per_million_output", uncertainty.result.value, "$/M output tokens", low: uncertainty.result.low,
      high: uncertainty.result.high)
  ]
  for point in curves.flatMap({ $0 }) {
    findings.append(.init("\(point.model.id)/\(point.context)/cache_bytes", point.cacheBytes, "B"))
    if let usd = point.usdPerRequest {
      findings.append(.init("\(point.model.id)/\(point.context)/usd_per_request", usd, "$"))
    }
  }
  return findings
}
