import Economics
import FleetData
import Foundation
import Performance

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

/// What prefix caching buys at hit rates, and what offload to host memory adds to the first token.
func prefixTable(_ question: ContextQuestion, _ curves: [[ContextPoint]]) -> Table {
  let hits = [0.0, 0.5, 0.9]
  let rows = curves.flatMap { $0 }.compactMap { at -> [Cell]? in
    guard let point = at.point else { return nil }
    let costs = hits.map { at.usd(hitRate: $0, question.serving) }
    let load = question.serving.chip.hostBandwidth.map {
      0.9 * at.cacheBytes / (Double(point.chips) * $0.value.value)
    }
    let hit = at.prefillSeconds(hitRate: 0.9)
    return [.text(at.model.id), .number(Double(at.context))]
      + costs.map { .number($0, grade: .derived) } + [
        .number(costs[2] / costs[0] - 1), .number(at.prefillSeconds(hitRate: 0)),
        .number(hit, grade: .derived),
        load.map { .number(hit + $0, grade: .derived) }
          ?? .absent(reason: "the chip's host link is not known"),
      ]
  }
  return Table(
    id: "context-prefix", title: "What prefix caching and offload buy",
    columns: [
      Table.Column("Model"), Table.Column("Context", unit: "tokens", format: .integer),
      Table.Column("No hits", unit: "$/request", format: .significant3),
      Table.Column("Half cached", unit: "$/request", format: .significant3),
      Table.Column("90 % cached", unit: "$/request", format: .significant3),
      Table.Column("Saved at 90 %", format: .percent),
      Table.Column("Prefill", unit: "s", format: .significant3),
      Table.Column("Prefill at 90 %", unit: "s", format: .significant3),
      Table.Column("The same from host memory", unit: "s", format: .significant3),
    ], rows: rows,
    note:
      "A hit skips its share of the prompt's multiplications; new tokens still attend to all of it. A cache fetched "
      + "from host memory costs the first token its transfer, and no HBM while it waits.")
}

extension ContextPoint {
  /// Seconds to read the part of the prompt that is not cached.
  func prefillSeconds(hitRate: Double) -> Double {
    guard let point else { return 0 }
    let fresh = (Double(context) * (1 - hitRate)).rounded()
    guard fresh >= 1 else { return 0 }
    let pairs = fresh * (Double(context) - fresh) + fresh * (fresh + 1) / 2
    return point.profile.step.seconds(prefilling: Int(fresh), attentionPairs: pairs)
  }

  /// Dollars per request when a share of the prompt is found cached; chips idle for the unused share of the hours.
  func usd(hitRate: Double, _ serving: ScaleQuestion) -> Double {
    guard let point else { return 0 }
    let decode = serving.shape.output * point.stepSeconds / Double(point.batch)
    let chipSeconds = Double(point.chips) * (decode + prefillSeconds(hitRate: hitRate))
    return chipSeconds * serving.usdPerChipHour.base / 3600 / serving.utilization.base
  }
}
