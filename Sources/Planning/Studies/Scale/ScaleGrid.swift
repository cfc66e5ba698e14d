import Economics
import FleetData
import Foundation

/// The same question over models, chips and contexts, and one frontier of all.
struct ScaleGrid: Sendable {
  struct Entry: Sendable {
    var question: ScaleQuestion
    var sweep: ScaleSweep?
    var refusal: String?
    var name: String {
      "\(question.model.id) on \(question.chip.id), \(StudyText.count(question.shape.input)) in"
    }
    var usdPerMillion: Double? {
      sweep.map { $0.cheapest.point.usdPerMillionOutput(question) }
    }
  }

  var entries: [Entry]

  init(_ first: ScaleSweep, _ others: [ScaleQuestion]) {
    entries = [Entry(question: first.question, sweep: first)]
    for question in others {
      do throws(StudyError) {
        entries.append(Entry(question: question, sweep: try ScaleSweep(question)))
      } catch {
        entries.append(Entry(question: question, refusal: error.description))
      }
    }
  }

  var table: Table {
    Table(
      id: "scale-grid", title: "Models, chips and contexts",
      columns: [
        Table.Column("Model"), Table.Column("Chip"),
        Table.Column("Prompt", unit: "tokens", format: .integer),
        Table.Column("Price", unit: "$/chip.h", format: .dollarsCents),
        Table.Column("Cheapest on", unit: "chips", format: .integer),
        Table.Column("Batch", format: .integer),
        Table.Column("Per user", unit: "tok/s", format: .significant3),
        Table.Column("Cost", unit: "$/M output", format: .significant3),
        Table.Column("Fastest on", unit: "chips", format: .integer),
        Table.Column("Alone", unit: "tok/s", format: .significant3),
        Table.Column("Bound by"),
        Table.Column("n*", unit: "chips", format: .significant3),
        Table.Column("t_min", unit: "ms", format: .significant3),
      ], rows: entries.map(row),
      note: "n* and t_min are the closed form's: weights over HBM and √n hops (arXiv:2506.04645).")
  }

  private func row(_ entry: Entry) -> [Cell] {
    let head: [Cell] = [
      .text(entry.question.model.id), .text(entry.question.chip.id),
      .number(entry.question.shape.input), .number(entry.question.usdPerChipHour.base),
    ]
    guard let sweep = entry.sweep, let usd = entry.usdPerMillion else {
      return head + (0..<9).map { _ in .absent(reason: entry.refusal ?? "fits nowhere") }
    }
    let best = sweep.cheapest.point
    return head + [
      .number(Double(best.chips)), .number(Double(best.batch)), .number(best.tokensPerSecondPerUser),
      .number(usd, grade: .derived), .number(Double(sweep.fastest.chips)),
      .number(1 / sweep.fastest.alone.stepSeconds, grade: .derived),
      .text(sweep.fastest.aloneBound.rawValue), .number(sweep.floor.bestChips),
      (try? sweep.floor.leastSeconds()).map { .number($0 * 1000) } ?? .absent(reason: "no floor"),
    ]
  }

  /// Speed against price, the best of every instance size and batch, one line for each entry.
  var chart: Chart {
    Chart(
      id: "scale-frontier", title: "What speed costs, across models, chips and contexts", kind: .line,
      x: Chart.Axis("Speed per user", unit: "tok/s", logarithmic: true),
      y: Chart.Axis("Cost", unit: "$/M output", logarithmic: true),
      series: entries.compactMap { entry in
        guard let sweep = entry.sweep else { return nil }
        let question = entry.question
        return Chart.Series(
          entry.name,
          frontier(sweep.points).map {
            Chart.Point(
              x: $0.tokensPerSecondPerUser, y: $0.usdPerMillionOutput(question),
              label: "\($0.chips) chips, batch \($0.batch)")
          })
      },
      altText: sentence ?? "One line for each of \(entries.count) questions")
  }

  /// The cheapest and the fastest of all.
  var sentence: String? {
    let served = entries.filter { $0.sweep != nil }
    guard entries.count > 1, let cheap = served.min(by: { $0.usdPerMillion! < $1.usdPerMillion! }),
      let fast = served.min(by: {
        $0.sweep!.fastest.alone.stepSeconds < $1.sweep!.fastest.alone.stepSeconds
      })
    else { return nil }
    let speed = "\(StudyText.number(1 / fast.sweep!.fastest.alone.stepSeconds)) tokens/s alone"
    guard fast.name != cheap.name else {
      return
        "Of \(entries.count) combinations \(cheap.name) is the cheapest, \(StudyText.money(cheap.usdPerMillion!)) per "
        + "million output tokens, and the fastest too, \(speed)."
    }
    return
      "Of \(entries.count) combinations \(cheap.name) has the cheapest tokens, \(StudyText.money(cheap.usdPerMillion!)) per "
      + "million, and \(fast.name) the fastest, \(speed)."
  }

  var findings: [StudyResult.Finding] {
    guard entries.count > 1 else { return [] }
    return entries.compactMap { entry in
      entry.usdPerMillion.map {
        .init(
          "\(entry.question.model.id)/\(entry.question.chip.id)/\(Int(entry.question.shape.input))/usd_per_million_output",
          $0, "$/M output tokens")
      }
    }
  }
}
