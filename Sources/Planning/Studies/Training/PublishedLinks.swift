import Economics
import FleetData

/// Published runs over sites, beside the formulas.
func publishedLinksTable() throws(StudyError) -> Table {
  let intellect: [(name: String, sync: Double, published: Double)] = [
    ("INTELLECT-1, United States", 103, 0.96), ("INTELLECT-1, global", 469, 0.83),
  ]
  var rows: [[Cell]] = []
  for run in intellect {
    let busy = try economics { () throws(EconomicsError) in
      try TrainingLinks.utilization(innerSeconds: 2280, syncSeconds: run.sync)
    }
    rows.append([
      .text(run.name), .text("busy"), .number(busy, grade: .derived), .number(run.published, grade: .quoted),
      .number(busy / run.published - 1), .text("arXiv:2412.01152"),
    ])
  }
  let table: [(name: String, steps: Double, busy: Double, n: Double, step: Double, gbit: Double)] = [
    ("10B, every 100 steps, 90 %", 100, 0.9, 10e9, 0.8, 13.3),
    ("10B, every 300 steps, 95 %", 300, 0.95, 10e9, 0.8, 9.1),
    ("Llama 405B, every 100 steps, 90 %", 100, 0.9, 405e9, 26, 16),
    ("DeepSeek-V3, every 10 steps, 80 %", 10, 0.8, 671e9, 20, 153),
  ]
  for cell in table {
    let bits = try economics { () throws(EconomicsError) in
      try TrainingLinks.bitsPerSecond(
        utilization: cell.busy, parameters: cell.n, stepSeconds: cell.step, stepsBetweenSyncs: cell.steps)
    }
    rows.append([
      .text(cell.name), .text("Gbit/s"), .number(bits / 1e9, grade: .derived),
      .number(cell.gbit, grade: .quoted), .number(bits / 1e9 / cell.gbit - 1),
      .text("arXiv:2503.09799 table 6, grid of 21 % steps"),
    ])
  }
  return Table(
    id: "training-published", title: "Published figures beside the closed forms",
    columns: [
      Table.Column("Run"), Table.Column("What"), Table.Column("Here", format: .significant3),
      Table.Column("Published", format: .significant3), Table.Column("Error", format: .percent),
      Table.Column("Source"),
    ], rows: rows)
}
