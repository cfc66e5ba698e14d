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
      "From \(tokens(flattest.from)) to \(tokens(flattest.to)) tokens of context a request costs \(StudyText.number(flattest.ratio)) "
        + "times as much on \(flattest.model), the flattest curve; on \(steepest.model) it is "
        + "\(StudyText.number(steepest.ratio)) times from \(tokens(steepest.from)) to \(tokens(steepest.to))."
    )
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
    "\(headline.model.id) at \(tokens(headline.context)) tokens costs \(StudyText.money(cost.value)) per million output tokens "
      + "(\(StudyText.money(cost.low)) to \(StudyText.money(cost.high))).")
  return sentences
}

/// Price of a token and of a request at the longest context that the first model is served at.
func contextFigures(_ choice: ServingChoice) throws(StudyError) -> [StudyFigure] {
  let request = try choice.question.sampled("context/usd-per-request") { drawn throws(StudyError) in
    try choice.point(for: drawn).usdPerMillionOutput(drawn) * drawn.output.base / 1e6
  }
  return [
    StudyFigure(
      "usd_per_million_output", "cost of a million output tokens", unit: "$",
      try costOfTokens(choice, stream: "context/usd-per-million-output")),
    StudyFigure("usd_per_request", "cost of a request", unit: "$", request),
  ]
}

func contextFindings(_ curves: [[ContextPoint]]) -> [StudyResult.Finding] {
  curves.flatMap { $0 }.flatMap { point -> [StudyResult.Finding] in
    let name = "\(point.model.id)/\(point.context)"
    return [.init("\(name)/cache_bytes", point.cacheBytes, "B")]
      + (point.usdPerRequest.map { [.init("\(name)/usd_per_request", $0, "$")] } ?? [])
  }
}

private func tokens(_ context: Int) -> String { StudyText.whole(Double(context)) }
