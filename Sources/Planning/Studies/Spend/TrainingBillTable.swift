import Economics
import FleetData
import Quantities

/// From parameters to dollars, step by step: the work, the MFU and who says so, failures and what checkpoints leave.
func trainingBillTable(_ life: SpendLife) throws(StudyError) -> Table {
  let (bill, terms) = (life.bill, life.terms)
  let (jobs, goodput) = try economics { () throws(EconomicsError) in
    (try terms.checkpointing(), try terms.goodput())
  }
  func row(_ name: String, _ value: Double, _ unit: String, _ how: String, _ grade: Grade = .derived)
    -> [Cell]
  {
    [.text(name), .number(value, grade: grade), .text(unit), .text(how)]
  }
  var rows: [[Cell]] = [
    row("parameters at work on a token", bill.parameters, "", "N"),
    row("training tokens", bill.tokens, "tokens", "D"),
    row("training without attention", bill.flops.value / (1 + bill.attentionShare), "FLOP", "6·N·D"),
    row(
      "attention on top", bill.attentionShare * 100, "%",
      "over contexts of \(StudyText.number(Double(life.question.trainingContext))) tokens, causal half"),
    row("peak of a chip", terms.peak.value, "FLOP/s", "bf16, datasheet", .quoted),
  ]
  rows += life.mfu.rows
  rows += [
    row(
      "mean time between failures", jobs.meanTimeBetweenFailures / 3600, "h",
      "\(StudyText.number(terms.failuresPer1000NodeDays)) failures per 1,000 node-days"),
    row("checkpoint every (Young)", jobs.youngInterval.value, "s", "√(2·checkpoint·time between failures)"),
    row("checkpoint every (Daly)", jobs.dalyInterval.value, "s", "higher order in the same"),
    row("checkpoint every, best", jobs.exactInterval.value, "s", "least time lost; used"),
    row("goodput at that", goodput * 100, "%", "share of time that is useful work"),
  ]
  rows += publishedGoodput
  rows += [
    row("chip-hours", bill.chipTime / .hour, "chip.h", "FLOPs over peak, MFU and goodput"),
    row("time to train", bill.days, "days", "on \(StudyText.number(terms.chips)) chips"),
    row("training", bill.usd, "$", "at \(StudyText.money(terms.usdPerChipHour)) per chip-hour"),
  ]
  return Table(
    id: "spend-bill", title: "What training costs, step by step",
    columns: [
      Table.Column("Figure"), Table.Column("Value", format: .significant3), Table.Column("Unit"),
      Table.Column("How"),
    ], rows: rows)
}

/// Goodput of large runs that was published, to hold the computed one against.
private let publishedGoodput: [[Cell]] = [
  ("goodput of Llama 3 405B, 16,384 H100", 90.0, "more than this over 54 days, arXiv:2407.21783"),
  ("goodput of Gemini Ultra", 97, "with in-memory replicas, 85 % without, arXiv:2312.11805"),
].map { [.text($0.0), .number($0.1, grade: .quoted), .text("%"), .text($0.2)] }
