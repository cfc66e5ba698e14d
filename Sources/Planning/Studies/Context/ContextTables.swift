import Economics
import FleetData
import Foundation
import Performance

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
      crossing(1, weights), crossing(64, all),
      halfway(curve).map { .number($0, grade: .derived) }
        ?? .absent(reason: "not within the contexts that are served"),
      .number(counts.activeParameters / 1e9),
    ]
  }
  return Table(
    id: "context-dominance", title: "Where reading caches overtakes reading weights",
    columns: [
      Table.Column("Model"), Table.Column("Cache per token", unit: "B", format: .integer),
      Table.Column("Constant state", unit: "MB", format: .significant3),
      Table.Column("At batch 1", unit: "tokens", format: .significant3),
      Table.Column("At batch 64", unit: "tokens each", format: .significant3),
      Table.Column("As served", unit: "tokens", format: .significant3),
      Table.Column("Active parameters", unit: "billion", format: .significant3),
    ], rows: rows,
    note:
      "Weights touched by the batch over batch × bytes per cached token; sliding windows count as constant. As served: "
      + "where caches first take half of what a decode step reads at the cheapest batch, between the contexts asked."
  )
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

/// The context at which caches first take half of the reads, interpolated in its logarithm.
private func halfway(_ curve: [ContextPoint]) -> Double? {
  let points = curve.compactMap { at in at.cacheShare.map { (log(Double(at.context)), $0) } }
  return points.crossing(of: 0.5).map(exp)
}

/// Where one architecture becomes cheaper than another.
func breakEvenTable(_ curves: [[ContextPoint]]) -> Table {
  var rows: [[Cell]] = []
  for (i, one) in curves.enumerated() {
    for other in curves[(i + 1)...] {
      let ratios = zip(one, other).compactMap { a, b -> (Double, Double)? in
        guard let x = a.usdPerRequest, let y = b.usdPerRequest else { return nil }
        return (
          log(Double(a.context)), log(x / a.counts.activeParameters * b.counts.activeParameters / y)
        )
      }
      guard let first = ratios.first, let last = ratios.last else { continue }
      let crossing = ratios.crossing(of: 0).map(exp)
      func cheaper(_ ratio: Double) -> String { (ratio < 0 ? one : other)[0].model.id }
      rows.append([
        .text(one[0].model.id), .text(other[0].model.id),
        crossing.map { .number($0, grade: .derived) }
          ?? .absent(reason: "one of them is cheaper at every context"),
        .text(cheaper(first.1)), .number(exp(-abs(first.1)) - 1), .text(cheaper(last.1)),
        .number(exp(-abs(last.1)) - 1),
      ])
    }
  }
  return Table(
    id: "context-break-even", title: "Break-even lengths: where one architecture undercuts another",
    columns: [
      Table.Column("Model"), Table.Column("Against"),
      Table.Column("Costs the same at", unit: "tokens", format: .significant3),
      Table.Column("Cheaper at the shortest"), Table.Column("By", format: .percent),
      Table.Column("Cheaper at the longest"), Table.Column("By", format: .percent),
    ], rows: rows,
    note:
      "Cost per request and active parameter, so that sizes do not decide; at the contexts that both serve, interpolated "
      + "between them in logarithms.")
}

extension [(Double, Double)] {
  /// The first x at which y passes a level, on straight lines between points.
  fileprivate func crossing(of level: Double) -> Double? {
    for (a, b) in zip(self, dropFirst()) where (a.1 - level) * (b.1 - level) <= 0 && a.1 != b.1 {
      return a.0 + (level - a.1) / (b.1 - a.1) * (b.0 - a.0)
    }
    return nil
  }
}
