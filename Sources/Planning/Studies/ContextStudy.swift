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
  var curves: [[ContextPoint]] = []
  for model in question.models {
    let counts = ModelCounts(model)
    curves.append(
      question.contexts.map { ContextPoint(model, counts: counts, context: $0, question.serving) })
  }
  let served = curves.flatMap { $0 }.filter { $0.point != nil }
  guard let headline = served.last(where: { $0.model.id == served[0].model.id }), let point = headline.point
  else {
    throw .fitsNowhere(
      model: question.models[0].id, chip: question.serving.chip.id, largest: question.serving.maxChips)
  }
  var serving = question.serving
  serving.shape.input = Double(headline.context)
  serving.model = headline.model
  let uncertainty = try costUncertainty(point, serving, stream: "context/usd-per-million-output")
  return StudyResult(
    id: "context", title: "What context costs",
    sentences: contextSentences(question, curves, headline, uncertainty),
    tables: [
      contextTable(curves), dominanceTable(question, curves), cheapestTable(question, curves),
      cacheTable(question, curves),
      StudyCharts.tornadoTable(
        id: "context-drivers", title: "What the price depends on", unit: "$/M output", uncertainty),
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
        title: "Cost of a million output tokens of \(headline.model.id) at \(headline.context)", unit: "$",
        uncertainty),
    ],
    findings: contextFindings(curves, uncertainty),
    assumptions: scaleAssumptions(serving).filter { $0.name != "model" && $0.name != "request" } + [
      .init(
        "request", "a prompt of the context's length, \(StudyText.number(serving.shape.output)) tokens out",
        source: "the question", grade: .assumed)
    ], live: StudyLive.context(headline, serving))
}

func contextChart(
  _ curves: [[ContextPoint]], id: String, title: String, axis: Chart.Axis,
  value: (ContextPoint) -> Double?
) -> Chart {
  Chart(
    id: id, title: title, kind: .line, x: Chart.Axis("Context", unit: "tokens", logarithmic: true), y: axis,
    series: curves.compactMap { curve in
      let points = curve.compactMap { point in
        value(point).map { Chart.Point(x: Double(point.context), y: $0) }
      }
      return points.isEmpty ? nil : Chart.Series(curve[0].model.id, points)
    },
    altText: "\(title), one line for each of \(curves.count) models")
}

func contextTable(_ curves: [[ContextPoint]]) -> Table {
  let rows = curves.flatMap { $0 }.map { at -> [Cell] in
    let head: [Cell] = [
      .text(at.model.id), .number(Double(at.context)), .number(at.cacheBytes / 1e9, grade: .derived),
    ]
    guard let point = at.point, let perMillion = at.usdPerMillion, let perRequest = at.usdPerRequest else {
      return head + (0..<7).map { _ in .absent(reason: at.refusal ?? "fits nowhere") }
    }
    return head + [
      .number(Double(point.chips)), .number(Double(point.batch)),
      .number(point.prefillSeconds, grade: .derived), .number(point.tokensPerSecondPerUser),
      .number(at.cacheShare ?? 0), .number(perMillion, grade: .derived), .number(perRequest),
    ]
  }
  return Table(
    id: "context-cost", title: "Every model at every context, served as cheaply as the speed allows",
    columns: [
      Table.Column("Model"), Table.Column("Context", unit: "tokens", format: .integer),
      Table.Column("Cache per sequence", unit: "GB", format: .significant3),
      Table.Column("Chips", format: .integer), Table.Column("Batch", format: .integer),
      Table.Column("Prefill", unit: "s", format: .significant3),
      Table.Column("Per user", unit: "tok/s", format: .significant3),
      Table.Column("Cache's share of HBM reads", format: .percent),
      Table.Column("Cost", unit: "$/M output", format: .significant3),
      Table.Column("Per request", unit: "$", format: .significant3),
    ], rows: rows,
    note: "Contexts beyond what a model was trained for are priced all the same: this compares architectures."
  )
}

/// The context at which reading caches takes as long as reading weights.
func dominanceTable(_ question: ContextQuestion, _ curves: [[ContextPoint]]) -> Table {
  let rows = curves.map { curve -> [Cell] in
    let counts = curve[0].counts
    let perToken = counts.kvBytesPerToken(question.serving.kv).value
    let weights = counts.touchedParameters(tokens: 1) * question.serving.weights.bytesPerElement
    let all = counts.touchedParameters(tokens: 64) * question.serving.weights.bytesPerElement
    func crossing(_ batch: Double, _ weights: Double) -> Cell {
      perToken > 0
        ? .number(weights / (batch * perToken), grade: .derived)
        : .absent(reason: "the cache does not grow with context")
    }
    return [
      .text(curve[0].model.id), .number(perToken), .number(counts.stateBytes.value / 1e6),
      crossing(1, weights), crossing(64, all), .number(counts.activeParameters / 1e9),
    ]
  }
  return Table(
    id: "context-dominance", title: "Where reading caches overtakes reading weights",
    columns: [
      Table.Column("Model"), Table.Column("Cache per token", unit: "B", format: .integer),
      Table.Column("Constant state", unit: "MB", format: .significant3),
      Table.Column("At batch 1", unit: "tokens", format: .significant3),
      Table.Column("At batch 64", unit: "tokens each", format: .significant3),
      Table.Column("Active parameters", unit: "billion", format: .significant3),
    ], rows: rows,
    note:
      "Weights touched by the batch over batch × bytes per cached token; sliding windows count as constant.")
}

/// Which model is cheapest per request at each context.
func cheapestTable(_ question: ContextQuestion, _ curves: [[ContextPoint]]) -> Table {
  let rows = question.contexts.indices.map { i -> [Cell] in
    let here = curves.map { $0[i] }
    guard
      let best = here.filter({ $0.usdPerRequest != nil }).min(by: { $0.usdPerRequest! < $1.usdPerRequest! })
    else {
      return [
        .number(Double(question.contexts[i])), .absent(reason: "none fits"), .absent(reason: "none fits"),
        .absent(reason: "none fits"),
      ]
    }
    let shortest = curves.first { $0[0].model.id == best.model.id }?.first?.usdPerRequest
    return [
      .number(Double(question.contexts[i])), .text(best.model.id),
      .number(best.usdPerRequest ?? 0, grade: .derived),
      shortest.map { .number((best.usdPerRequest ?? 0) / $0) } ?? .absent(reason: "does not fit"),
    ]
  }
  return Table(
    id: "context-cheapest", title: "The cheapest of them at each context",
    columns: [
      Table.Column("Context", unit: "tokens", format: .integer), Table.Column("Model"),
      Table.Column("Per request", unit: "$", format: .significant3),
      Table.Column("Over its own at the shortest", unit: "×", format: .significant3),
    ], rows: rows,
    note: "Models differ in quality too: this compares what architectures cost, not what they are worth.")
}

/// What keeping a prompt's cache saves, and for how long it is worth its HBM.
///
///     break-even = prefill chip-seconds / (cache bytes / HBM of one chip)
func cacheTable(_ question: ContextQuestion, _ curves: [[ContextPoint]]) -> Table {
  let chip = question.serving.chip
  let rows = curves.flatMap { $0 }.compactMap { at -> [Cell]? in
    guard let point = at.point, at.cacheBytes > 0 else { return nil }
    let prefillChipSeconds = point.prefillSeconds * Double(point.chips)
    let usd = prefillChipSeconds * question.serving.usdPerChipHour.base / 3600
    let held = at.cacheBytes / chip.hbmCapacity.value.value
    let load = chip.hostBandwidth.map { at.cacheBytes / (Double(point.chips) * $0.value.value) }
    return [
      .text(at.model.id), .number(Double(at.context)), .number(point.prefillSeconds, grade: .derived),
      .number(usd, grade: .derived), .number(prefillChipSeconds / held, grade: .derived),
      load.map { .number($0, grade: .derived) } ?? .absent(reason: "the chip's host link is not known"),
      load.map { .number(point.prefillSeconds / $0) } ?? .absent(reason: "the chip's host link is not known"),
    ]
  }
  return Table(
    id: "context-cache", title: "Prefix caching and offload: recompute, keep or fetch",
    columns: [
      Table.Column("Model"), Table.Column("Context", unit: "tokens", format: .integer),
      Table.Column("Prefill", unit: "s", format: .significant3),
      Table.Column("Saved by a hit", unit: "$", format: .significant3),
      Table.Column("Worth its HBM for", unit: "s", format: .significant3),
      Table.Column("Fetch from host memory", unit: "s", format: .significant3),
      Table.Column("Faster than prefill", unit: "×", format: .significant3),
    ], rows: rows,
    note: "A cache that waits longer than its break-even costs more in HBM held than the prefill it saves.")
}

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
