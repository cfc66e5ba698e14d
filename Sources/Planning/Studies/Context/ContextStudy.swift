import Economics
import FleetData
import Foundation
import Performance

/// Cost, memory and latency against context length, architecture by architecture.
/// - Throws: when no model fits at the shortest context, or a number makes no sense.
public func contextStudy(_ question: ContextQuestion) throws(StudyError) -> StudyResult {
  guard !question.models.isEmpty, let shortest = question.contexts.first, shortest >= 1 else {
    throw .invalid(what: "contexts and models", found: "none", expected: "at least one of each")
  }
  try question.serving.validate()
  var curves: [[ContextPoint]] = []
  for model in question.models {
    let counts = ModelCounts(model)
    curves.append(
      question.contexts.map { ContextPoint(model, counts: counts, context: $0, question.serving) })
  }
  let served = curves.flatMap { $0 }.filter { $0.point != nil }
  guard let headline = served.last(where: { $0.model.id == served[0].model.id }) else {
    throw .fitsNowhere(
      model: question.models[0].id, chip: question.serving.chip.id, largest: question.serving.maxChips)
  }
  var serving = question.serving
  serving.input = InputRange(Double(headline.context))
  serving.model = headline.model
  let figures = try contextFigures(ServingChoice(serving))
  let uncertainty = figures[0].uncertainty
  return StudyResult(
    id: "context", title: "What context costs",
    sentences: contextSentences(question, curves, headline, uncertainty),
    tables: [
      contextTable(curves), dominanceTable(question, curves), breakEvenTable(curves),
      cheapestTable(question, curves), cacheTable(question, curves), prefixTable(question, curves),
    ],
    charts: [
      contextChart(
        curves, id: "context-cost", title: "Cost against context",
        axis: Chart.Axis("Cost", unit: "$/request", logarithmic: true)
      ) { $0.usdPerRequest },
      contextChart(
        curves, id: "context-memory", title: "Cache of one sequence",
        axis: Chart.Axis("Cache and state", unit: "GB", logarithmic: true)
      ) { $0.cacheBytes / 1e9 },
      StudyCharts.tornado(
        id: "context-tornado",
        title:
          "Cost of a million output tokens of \(headline.model.id) at \(StudyText.whole(Double(headline.context))) tokens",
        unit: "$",
        uncertainty),
    ],
    findings: figures.findings + contextFindings(curves),
    assumptions: scaleAssumptions(serving).filter { $0.name != "model" && $0.name != "request" } + [
      .init(
        "request", "a prompt of the context's length, \(StudyText.number(serving.shape.output)) tokens out",
        source: "the question", grade: .assumed)
    ], certainty: figures.certainty("context"), live: StudyLive.context(headline, serving))
}
