import Economics
import FleetData
import Foundation
import Performance

/// A published measurement beside what is predicted for it, as speed and price of a token.
struct PublishedComparison: Sendable {
  /// Speed per user and dollars per million output tokens at one batch.
  struct Position: Sendable {
    var tokensPerSecondPerUser: Double
    var usdPerMillion: Double
  }

  var speed: PublishedSpeed
  var measured: Double
  var predicted: Double?
  var unit: String
  var what: String
  var measuredAt: Position?
  /// What is predicted over batches of 4 to 1024: the frontier that the measurement should lie on.
  var frontier: [Position]
  /// Why nothing was predicted.
  var refusal: String?
  var error: Double? { predicted.map { $0 / measured - 1 } }
  var system: String {
    "\(speed.name.components(separatedBy: ", 128").first ?? speed.name), \(speed.chips) \(speed.chip)"
  }
}

extension PublishedSpeed {
  /// Every published speed with its prediction.
  static func comparisons() throws(StudyError) -> [PublishedComparison] { all.map { $0.comparison() } }

  private func comparison() -> PublishedComparison {
    let (what, value, unit) =
      switch measure {
      case .step(let batch, let context, let value): ("step, batch \(batch) × \(context)", value, "ms")
      case .throughput(let shape, let value):
        ("saturated, \(Int(shape.input)) in, \(Int(shape.output)) out", value, "tok/s")
      }
    var result = PublishedComparison(
      speed: self, measured: value, predicted: nil, unit: unit, what: what, measuredAt: nil, frontier: [])
    do {
      let instance = try instance()
      let price = instance.chip.listPriceRange?.base
      switch measure {
      case .step(let batch, let context, _):
        let step = try instance.decodeTime(batch: batch, context: context).time.value
        result.predicted = step * 1000
        result.measuredAt = position(tokensPerSecond: Double(batch) * 1000 / value, batch: batch, price)
        for batch in Self.batches {
          let step = try instance.decodeTime(batch: batch, context: context).time.value
          if let at = position(tokensPerSecond: Double(batch) / step, batch: batch, price) {
            result.frontier.append(at)
          }
        }
      case .throughput(let shape, _):
        let profile = try instance.profile(maxSequences: 2048)
        let fitting = max(1, Int(Double(profile.kvCapacityTokens) / shape.meanContext))
        let batch = min(fitting, profile.maxSequences)
        result.predicted = ServingPoint(profile, batch: batch, shape: shape).tokensPerSecond
        result.measuredAt = position(tokensPerSecond: value, batch: batch, price)
        for batch in Self.batches {
          let at = ServingPoint(profile, batch: batch, shape: shape)
          if let at = position(tokensPerSecond: at.tokensPerSecond, batch: batch, price) {
            result.frontier.append(at)
          }
        }
      }
    } catch {
      result.refusal = "\(error)"
    }
    return result
  }

  private static let batches = (2...10).map { 1 << $0 }

  /// Generated tokens alone, at full use and the chip's list price; `nil` without one.
  private func position(
    tokensPerSecond: Double, batch: Int, _ price: Double?
  ) -> PublishedComparison.Position? {
    price.map {
      .init(
        tokensPerSecondPerUser: tokensPerSecond / Double(batch),
        usdPerMillion: $0 * Double(chips) / 3600 * 1e6 / tokensPerSecond)
    }
  }
}

/// Predictions beside what was measured.
func publishedSpeedTable(_ all: [PublishedComparison]) -> Table {
  Table(
    id: "scale-published", title: "Published speeds and the prediction of each",
    columns: [
      Table.Column("Model"), Table.Column("Chips"), Table.Column("What"), Table.Column("Unit"),
      Table.Column("Measured", format: .significant3), Table.Column("Predicted", format: .significant3),
      Table.Column("Error", format: .percent),
      Table.Column("Measured", unit: "tok/s per user", format: .significant3),
      Table.Column("At", unit: "$/M output", format: .significant3), Table.Column("Source"),
    ],
    rows: all.map { one in
      let none = Cell.absent(reason: one.refusal ?? "the chip has no list price")
      return [
        .text(one.speed.name), .text("\(one.speed.chips) \(one.speed.chip)"), .text(one.what),
        .text(one.unit), .number(one.measured, grade: .measured),
        one.predicted.map { .number($0, grade: .derived) } ?? none, one.error.map { .number($0) } ?? none,
        one.measuredAt.map { .number($0.tokensPerSecondPerUser, grade: .derived) } ?? none,
        one.measuredAt.map { .number($0.usdPerMillion, grade: .derived) } ?? none, .text(one.speed.source),
      ]
    },
    note:
      "The performance model's constants were fitted to measurements of these chips, these rows among them. Prices are "
      + "generated tokens alone at full use and list price; the batch of a saturated run is the largest that fits."
  )
}

/// The predicted frontier of every system that was published, and where its measurement lies.
func publishedFrontierChart(_ all: [PublishedComparison]) -> Chart {
  let placed = all.filter { $0.measuredAt != nil && !$0.frontier.isEmpty }
  let frontiers = placed.map { one in
    Chart.Series(
      "predicted frontier",
      one.frontier.map { Chart.Point(x: $0.tokensPerSecondPerUser, y: $0.usdPerMillion) }, isReference: true)
  }
  let measured = placed.map { one in
    let error = (one.error ?? 0) * 100
    return Chart.Series(
      "\(one.system) (\(error < 0 ? "" : "+")\(StudyText.number(error.rounded())) %)",
      [one.measuredAt].compactMap { $0 }.map {
        Chart.Point(x: $0.tokensPerSecondPerUser, y: $0.usdPerMillion)
      })
  }
  let worst = placed.compactMap(\.error).map(abs).max() ?? 0
  return Chart(
    id: "scale-published", title: "Published points on the predicted frontiers, with the error of each",
    kind: .scatter, x: Chart.Axis("Speed per user", unit: "tok/s", logarithmic: true),
    y: Chart.Axis("Cost at list price", unit: "$/M output", logarithmic: true),
    series: measured + frontiers,
    altText: "The worst of \(placed.count) predictions is off by \(StudyText.percent(worst))")
}
