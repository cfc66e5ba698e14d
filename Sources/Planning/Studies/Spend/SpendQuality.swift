import Economics
import FleetData
import Foundation

/// Thinking longer against training larger at equal quality, technique by technique, in this study's dollars.
struct SpendQuality: Sendable {
  struct Row: Sendable {
    var exchange: ThinkingTrade.Exchange
    var trade: QualityTrade
    var multiple: Double
    var usd: Double
    /// Requests per day below which a model that thinks for the whole span is the cheaper of equals.
    var crossoverPerDay: Double
  }

  var life: SpendLife
  var rows: [Row]

  init(_ life: SpendLife) throws(StudyError) {
    self.life = life
    rows = try economics { () throws(EconomicsError) in
      var rows: [Row] = []
      for exchange in ThinkingTrade.exchanges where exchange.technique != ThinkingTrade.overTraining {
        let trade = try QualityTrade(
          trainingOOM: exchange.trainingOOM, inferenceOOM: exchange.inferenceOOM,
          trainingUSD: life.bill.usd, servingUSD: life.servingUSD)
        let best = trade.bestMultiple
        let cost = try trade.cost(multiple: best)
        rows.append(
          Row(
            exchange: exchange, trade: trade, multiple: best, usd: cost.training + cost.serving,
            crossoverPerDay: life.demand.requestsPerDay
              * (try trade.crossoverVolume(multiple: trade.largestMultiple))))
      }
      return rows
    }
  }

  /// The technique whose curves are drawn.
  private var drawn: Row { rows.first { $0.exchange.technique == ThinkingTrade.sequential } ?? rows[0] }

  var sentence: String {
    let row = drawn
    let base = life.totalUSD
    let rate =
      "\(StudyText.number(row.exchange.inferenceOOM)) orders of inference for "
      + "\(StudyText.number(row.exchange.trainingOOM)) of training"
    guard row.multiple > 1.005 else {
      return
        "At this volume thinking longer does not pay: at \(rate) the larger model is the cheaper of equals."
    }
    return
      "At equal quality and \(rate), thinking \(StudyText.number(row.multiple)) times as long with a model "
      + "\(StudyText.number(1 / row.trade.sizeRatio(multiple: row.multiple))) times smaller costs "
      + "\(StudyText.money(row.usd)) over the life instead of \(StudyText.money(base))."
  }

  var table: Table {
    Table(
      id: "spend-quality", title: "Equal quality: a larger model, or a smaller one that works longer",
      columns: [
        Table.Column("Technique"),
        Table.Column("Training saved", unit: "orders of magnitude", format: .decimal1),
        Table.Column("Inference spent", unit: "orders of magnitude", format: .decimal1),
        Table.Column("Cheapest multiple of inference", unit: "×", format: .significant3),
        Table.Column("Size of that model", unit: "×", format: .significant3),
        Table.Column("Life cost then", unit: "$", format: .dollars),
        Table.Column("Saving", format: .percent),
        Table.Column("Whole span pays below", unit: "requests/day", format: .significant3),
        Table.Column("Training's share, FLOPs alone", format: .percent),
        Table.Column("Training's share of a budget", format: .percent),
        Table.Column("Shape"),
      ],
      rows: rows.map { row in
        let share = row.trade.trainingShareOfBudget
        return [
          .text(row.exchange.technique), .number(row.exchange.trainingOOM, grade: .quoted),
          .number(row.exchange.inferenceOOM, grade: .quoted), .number(row.multiple, grade: .derived),
          .number(row.trade.sizeRatio(multiple: row.multiple)), .number(row.usd, grade: .derived),
          .number(1 - row.usd / life.totalUSD),
          row.crossoverPerDay.isFinite
            ? .number(row.crossoverPerDay, grade: .derived)
            : .absent(reason: "cheaper at any volume: the smaller model saves more than it spends"),
          .number(1 / (1 + row.trade.rate), grade: .derived), .number(share, grade: .derived),
          .text(row.exchange.shape),
        ]
      },
      note:
        "One order of magnitude of training compute is one tier, a convention of users. If a orders of inference do the "
        + "work of b of training, a/(a+b) of the FLOPs belong in training; in money less, since a model trained with more "
        + "is dearer to serve. Rates of Villalobos and Atkinson 2023; split of Erdil 2024.")
  }

  /// Life cost of models of one quality against how long they think, at a tenth, all and ten times the volume.
  var chart: Chart {
    let row = drawn
    let volumes: [(String, Double)] = [("a tenth of the requests", 0.1), ("as asked", 1), ("ten times", 10)]
    return Chart(
      id: "spend-quality", title: "Models of equal quality: life cost against thinking", kind: .line,
      x: Chart.Axis("Tokens per answer over those of the larger model", unit: "×", logarithmic: true),
      y: Chart.Axis("Cost over the life", unit: "$", logarithmic: true),
      series: volumes.map { name, volume in
        Chart.Series(
          name,
          stride(from: 0.0, through: 1, by: 1.0 / 24).compactMap { share in
            let multiple = pow(row.trade.largestMultiple, share)
            guard let cost = try? row.trade.cost(multiple: multiple) else { return nil }
            return Chart.Point(x: multiple, y: cost.training + volume * cost.serving)
          })
      },
      altText: "With few requests thinking is the cheaper way to quality, with many the larger model")
  }
}
