import Economics
import FleetData
import Foundation
import Performance

/// What one FLOP costs, and whether that is under 10^-18 dollars.
func flopPriceTable(_ life: SpendLife) throws(StudyError) -> Table {
  let serving = life.question.serving
  let tokens = serving.shape.input + serving.shape.output
  let work =
    life.counts.prefillFLOPs(tokens: max(1, Int(serving.shape.input))).value
    + serving.shape.output * life.counts.decodeFLOPs(context: max(1, Int(serving.shape.meanContext))).value
  let servingMFU =
    work * life.point.requestsPerSecond(serving.shape)
    / ((serving.chip.peak[.bf16]?.value.value ?? .infinity) * Double(life.point.chips))
  let eight = life.question.trainingChip.peakEightBit
  let bf16 = life.question.trainingChip.peak[.bf16]?.value.value
  let (training, trainingPrice) = (life.question.trainingChip.id, life.terms.usdPerChipHour)
  let servingPeak = serving.chip.peak[.bf16]?.value.value
  let price = serving.usdPerChipHour.base
  let cases: [(name: String, chip: String, peak: Double?, price: Double, share: Double)] = [
    ("training chip at its bf16 peak", training, bf16, trainingPrice, 1),
    ("training at its MFU", training, bf16, trainingPrice, life.terms.mfu),
    ("training chip at its 8-bit peak", training, eight, trainingPrice, 1),
    ("training at half its 8-bit peak", training, eight, trainingPrice, 0.5),
    ("serving chip at its bf16 peak", serving.chip.id, servingPeak, price, 1),
    ("serving while busy", serving.chip.id, servingPeak, price, servingMFU),
    ("serving, idle hours paid", serving.chip.id, servingPeak, price, servingMFU * serving.utilization.base),
  ]
  var rows: [[Cell]] = []
  for entry in cases {
    guard let peak = entry.peak else { continue }
    let usd = try economics { () throws(EconomicsError) in
      try usdPerFLOP(usdPerChipHour: entry.price, peak: peak, utilization: min(1, entry.share))
    }
    rows.append([
      .text(entry.name), .text(entry.chip), .number(entry.price), .number(entry.share),
      .number(usd, grade: .derived), .text(usd < 1e-18 ? "yes" : "no"), .number(usd / 1e-18),
    ])
  }
  return Table(
    id: "spend-flop", title: "Dollars per FLOP (\(StudyText.number(work / tokens)) FLOPs per token served)",
    columns: [
      Table.Column("Where"), Table.Column("Chip"),
      Table.Column("Price", unit: "$/chip.h", format: .dollarsCents),
      Table.Column("Share of the peak", format: .percent),
      Table.Column("Cost", unit: "$/FLOP", format: .scientific), Table.Column("Under 1e-18"),
      Table.Column("Times 1e-18", unit: "×", format: .significant3),
    ], rows: rows)
}

/// Tokens a dollar buys here, from books, from people and from published prices.
func tokenPriceTable(_ life: SpendLife) -> Table {
  let here = tokensPerUSD(life)
  var rows: [[Cell]] = [
    [
      .text("this service"), .number(here, grade: .derived), .number(1), .text(""),
      .text("this study, prompts and output"),
    ]
  ]
  for anchor in PriceAnchor.all {
    rows.append([
      .text(anchor.name), .number(anchor.tokensPerUSD, grade: anchor.provenance.grade),
      .number(here / anchor.tokensPerUSD), .text(anchor.provenance.asOf), .text(anchor.provenance.source),
    ])
  }
  return Table(
    id: "spend-tokens", title: "Tokens per dollar",
    columns: [
      Table.Column("From"), Table.Column("Tokens per dollar", format: .significant3),
      Table.Column("This service gives", unit: "× as many", format: .significant3),
      Table.Column("As of"), Table.Column("Source"),
    ], rows: rows,
    note:
      "People are priced by wage alone, a book by its cover; tokens of different models are not equally good."
  )
}

extension ChipSpec {
  /// The larger of its fp8 and int8 peaks, in operations per second.
  var peakEightBit: Double? {
    [peak[.fp8]?.value.value, peak[.int8]?.value.value].compactMap { $0 }.max()
  }
}

func tokensPerUSD(_ life: SpendLife) -> Double {
  let shape = life.question.serving.shape
  return (shape.input + shape.output) / life.usdPerRequest
}

/// Cost against size: a line of slope two and a line of slope one.
func quadraticChart(_ life: SpendLife) throws(StudyError) -> Chart {
  let scales = stride(from: -3.0, through: 3.0, by: 0.5).map { pow(2, $0) }
  var training: [Chart.Point] = []
  for scale in scales {
    let bill = try bill(life, scale: scale)
    training.append(Chart.Point(x: bill.parameters / 1e9, y: bill.usd))
  }
  return Chart(
    id: "spend-size", title: "Training grows with the square of size, serving with size", kind: .line,
    x: Chart.Axis("Parameters", unit: "billion", logarithmic: true),
    y: Chart.Axis("Cost", unit: "$", logarithmic: true),
    series: [
      Chart.Series("training", training),
      Chart.Series(
        "serving for life",
        scales.map { Chart.Point(x: life.parameters * $0 / 1e9, y: life.servingUSD * $0) }),
    ],
    altText: "Doubling the size costs four times as much to train and twice as much to serve")
}

/// Cumulative spending by month.
func spendChart(_ life: SpendLife) -> Chart {
  let months = (0...life.demand.months).map(Double.init)
  return Chart(
    id: "spend-life", title: "Spent so far", kind: .line, x: Chart.Axis("Month of service", unit: ""),
    y: Chart.Axis("Spent", unit: "$"),
    series: [
      Chart.Series("training", months.map { Chart.Point(x: $0, y: life.bill.usd) }, isReference: true),
      Chart.Series(
        "serving",
        months.map { Chart.Point(x: $0, y: life.usdPerRequest * life.demand.requests(through: Int($0))) }),
    ],
    altText: life.crossoverMonth.map { "Serving has cost as much as training in month \($0)" }
      ?? "Serving never costs as much as training within \(life.demand.months) months")
}
