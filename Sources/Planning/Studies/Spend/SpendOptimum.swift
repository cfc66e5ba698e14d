import Economics
import FleetData
import Foundation

/// The model of equal quality that costs least over its whole life.
struct SpendOptimum: Sendable {
  struct Row: Sendable {
    var name: String
    var solution: InferenceAwareOptimum.Solution
    /// Against the model as asked.
    var saving: Double
    var unit: String
    var cost: Double
  }
  var asked: InferenceAwareOptimum.Solution
  /// Cost in dollars against size at equal loss.
  var life: InferenceAwareOptimum
  var loss: Double
  /// As asked, best by FLOPs, best by dollars.
  var rows: [Row]
  var inDollars: InferenceAwareOptimum.Solution
  var saving: Double
  /// Parameters × tokens of the cheapest training to this loss.
  var leastTraining: Double

  init(_ life: SpendLife) throws(StudyError) {
    let question = life.question
    self = try economics { () throws(EconomicsError) in
      let n = life.parameters
      let loss = try question.law.loss(parameters: n, tokens: life.bill.tokens)
      let shape = question.serving.shape
      let tokens = life.demand.totalRequests * (shape.input + shape.output)
      let flops = try InferenceAwareOptimum(law: question.law, loss: loss, inferenceTokens: tokens)
      // Training dollars per 6·N·D FLOP and serving dollars per parameter, both as this study prices them.
      let dollars = try InferenceAwareOptimum(
        law: question.law, loss: loss, trainingCost: life.bill.usd / (n * life.bill.tokens),
        servingCost: life.servingUSD / n)
      let leastTraining = try question.law.optimum(loss: loss).trainingFLOPs / 6
      return try SpendOptimum(
        loss: loss, parameters: n, flops: flops, dollars: dollars, leastTraining: leastTraining)
    }
  }

  private init(
    loss: Double, parameters n: Double, flops: InferenceAwareOptimum, dollars: InferenceAwareOptimum,
    leastTraining: Double
  ) throws(EconomicsError) {
    let asked = try dollars.solution(parameters: n)
    let askedFLOPs = try flops.solution(parameters: n)
    let bestFLOPs = try flops.optimum()
    let bestDollars = try dollars.optimum()
    self.asked = asked
    life = dollars
    self.loss = loss
    self.leastTraining = leastTraining
    inDollars = bestDollars
    saving = 1 - bestDollars.cost / asked.cost
    rows = [
      Row(name: "as asked", solution: asked, saving: 0, unit: "$", cost: asked.cost),
      Row(
        name: "least FLOPs", solution: bestFLOPs, saving: 1 - bestFLOPs.cost / askedFLOPs.cost, unit: "FLOP",
        cost: bestFLOPs.cost),
      Row(name: "least dollars", solution: bestDollars, saving: saving, unit: "$", cost: bestDollars.cost),
    ]
  }

  /// The iso-quality curve: smaller models trained longer against larger ones, all of one loss.
  var chart: Chart {
    let scales = stride(from: -2.0, through: 1.5, by: 0.125).map { pow(2, $0) }
    let points = scales.compactMap { try? life.solution(parameters: asked.parameters * $0) }
    func series(_ name: String, _ value: (InferenceAwareOptimum.Solution) -> Double) -> Chart.Series {
      Chart.Series(name, points.map { Chart.Point(x: $0.parameters / 1e9, y: value($0)) })
    }
    return Chart(
      id: "spend-iso", title: "Models of equal loss: where the money goes", kind: .line,
      x: Chart.Axis("Parameters", unit: "billion", logarithmic: true),
      y: Chart.Axis("Cost over the life", unit: "$", logarithmic: true),
      series: [
        series("training") { $0.cost * $0.trainingShare },
        series("serving") { $0.cost * (1 - $0.trainingShare) },
        series("both") { $0.cost },
      ],
      altText: "The least total is at \(StudyText.count(inDollars.parameters)) parameters")
  }

  var table: Table {
    Table(
      id: "spend-optimum", title: "Models of equal loss (\(StudyText.number(loss))) over the whole life",
      columns: [
        Table.Column("Model"), Table.Column("Parameters", format: .significant3),
        Table.Column("Tokens", format: .significant3),
        Table.Column("Tokens per parameter", format: .significant3),
        Table.Column("Training over the least", format: .percent),
        Table.Column("Cost", format: .significant3), Table.Column("Unit"),
        Table.Column("Training's share", format: .percent), Table.Column("Saving", format: .percent),
      ],
      rows: rows.map {
        [
          .text($0.name), .number($0.solution.parameters, grade: .derived), .number($0.solution.tokens),
          .number($0.solution.tokens / $0.solution.parameters),
          .number($0.solution.parameters * $0.solution.tokens / leastTraining - 1),
          .number($0.cost, grade: .derived),
          .text($0.unit), .number($0.solution.trainingShare), .number($0.saving, grade: .derived),
        ]
      },
      note:
        "Smaller models trained longer, arXiv:2401.00448. Serving is taken as linear in parameters; laws fitted "
        + "near 20 tokens per parameter overestimate the gain at several hundred.")
  }
}
