import Economics
import FleetData
import Foundation
import Performance

func contextSentences(
  _ question: ContextQuestion, _ curves: [[ContextPoint]], _ headline: ContextPoint,
  _ uncertainty: Uncertainty
) -> [String] {
  var sentences = growthSentence(curves).map { [$0] } ?? []
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

/// Which curve is flattest and which steepest between the contexts that every model serves.
private func growthSentence(_ curves: [[ContextPoint]]) -> String? {
  let served = curves.filter { curve in curve.count { $0.usdPerRequest != nil } > 1 }
  let common = (served.first ?? []).indices.filter { i in served.allSatisfy { $0[i].usdPerRequest != nil } }
  guard let first = common.first, let last = common.last, first < last else { return nil }
  let growth = served.map { curve in
    (model: curve[0].model.id, ratio: curve[last].usdPerRequest! / curve[first].usdPerRequest!)
  }
  guard let flattest = growth.min(by: { $0.ratio < $1.ratio }),
    let steepest = growth.max(by: { $0.ratio < $1.ratio })
  else { return nil }
  let span =
    "From \(tokens(served[0][first].context)) to \(tokens(served[0][last].context)) tokens of context a request "
    + "costs \(StudyText.number(flattest.ratio)) times as much on \(flattest.model)"
  return served.count == 1
    ? span + "."
    : span
      + ", the flattest curve, and \(StudyText.number(steepest.ratio)) times on \(steepest.model), the steepest."
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
