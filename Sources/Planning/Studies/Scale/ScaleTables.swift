import Economics
import FleetData
import Foundation

/// One instance over more and more chips.
func scaleUpTable(_ sweep: ScaleSweep) -> Table {
  let question = sweep.question
  var rows: [[Cell]] = []
  for (i, size) in sweep.sizes.enumerated() {
    let before = i > 0 ? sweep.sizes[i - 1].alone.stepSeconds : nil
    var row: [Cell] = [
      .number(Double(size.chips)), .text(size.alone.profile.slice.description),
      .text(size.alone.profile.sharding.shortText), .number(1 / size.alone.stepSeconds, grade: .derived),
      before.map { .number($0 / size.alone.stepSeconds) } ?? .absent(reason: "the smallest that fits"),
      .text(size.aloneBound.rawValue), .number(1 / size.floorSeconds),
    ]
    if let value = size.value {
      row += [
        .number(Double(value.batch)), .number(value.tokensPerSecondPerUser),
        .number(value.tokensPerSecondPerChip, grade: .derived),
        .number(value.usdPerMillionOutput(question), grade: .derived),
      ]
    } else {
      row += (0..<4).map { _ in .absent(reason: "no batch is fast enough") }
    }
    rows.append(row)
  }
  return Table(
    id: "scale-up", title: "One instance of \(question.model.id), scaled up on \(question.chip.id)",
    columns: [
      Table.Column("Chips", format: .integer), Table.Column("Slice"), Table.Column("Sharding"),
      Table.Column("Alone", unit: "tok/s", format: .significant3),
      Table.Column("Speed-up of the doubling", unit: "×", format: .decimal2), Table.Column("Bound by"),
      Table.Column("Closed form", unit: "tok/s", format: .significant3),
      Table.Column("Best batch", format: .integer),
      Table.Column("Per user", unit: "tok/s", format: .significant3),
      Table.Column("Per chip", unit: "tok/s", format: .significant3),
      Table.Column("Cost", unit: "$/M output", format: .significant3),
    ], rows: rows,
    note: "Alone is one user at batch 1, without prefill. The closed form is that of arXiv:2506.04645 "
      + "(weights over HBM plus all-reduces over √n hops of GPU meshes), which knows neither overheads nor shardings and "
      + "is no bound for rings that overlap.")
}

/// The same chips as replicas, at the same promise.
func scaleOutTable(_ sweep: ScaleSweep, _ out: ScaleOut) -> Table {
  let question = sweep.question
  func dollars(_ load: Double) -> Double {
    question.usdPerChipHour.base * Double(question.maxChips) / 3600 * 1e6 / (load * question.shape.output)
  }
  let late = Cell.absent(reason: "demand exceeds capacity: the queue grows without end")
  let never = Cell.absent(reason: "the prefill alone takes longer")
  return Table(
    id: "scale-out",
    title: "The same \(question.maxChips) chips, scaled out, at \(StudyText.number(out.load)) requests/s",
    columns: [
      Table.Column("Replicas", format: .integer), Table.Column("Chips each", format: .integer),
      Table.Column("Sharding"), Table.Column("Slots", format: .integer),
      Table.Column("Per user", unit: "tok/s", format: .significant3),
      Table.Column("Capacity", unit: "req/s", format: .significant3),
      Table.Column("Load", format: .percent), Table.Column("Mean wait", unit: "s", format: .significant3),
      Table.Column("p99 wait", unit: "s", format: .significant3),
      Table.Column("p99 wait, random routing", unit: "s", format: .significant3),
      Table.Column("Within the promise, one queue", unit: "req/s", format: .significant3),
      Table.Column("Within it, random routing", unit: "req/s", format: .significant3),
      Table.Column("Cost within the promise", unit: "$/M output", format: .significant3),
    ],
    rows: out.splits.map { split in
      [
        .number(Double(split.replicas)), .number(Double(split.point.chips)),
        .text(split.point.profile.sharding.shortText), .number(Double(split.slots)),
        .number(split.point.tokensPerSecondPerUser), .number(split.capacity, grade: .derived),
        .number(split.utilization), split.pooled.map { .number($0.mean) } ?? late,
        split.pooled.map { .number($0.p99) } ?? late, split.random.map { .number($0.p99) } ?? late,
        split.promised > 0 ? .number(split.promised, grade: .derived) : never,
        split.promisedAtRandom > 0 ? .number(split.promisedAtRandom, grade: .derived) : never,
        split.promised > 0 ? .number(dollars(split.promised), grade: .derived) : never,
      ]
    },
    note:
      "Slots queue as M/G/c after Kimura, before one queue for all replicas or one each with requests sent at random. "
      + "The promise: "
      + (question.secondsToFirstToken.map {
        "99 % wait and prefill within \(StudyText.number($0.base)) s, "
      } ?? "a queue that does not grow, ")
      + (question.secondsPerToken.map { "tokens every \(StudyText.number($0.base * 1000)) ms." }
        ?? "tokens at any speed."))
}

/// Tokens per second of a lone user against chips.
func speedChart(_ sweep: ScaleSweep) -> Chart {
  Chart(
    id: "scale-speed", title: "One fast agent: speed of one instance", kind: .line,
    x: Chart.Axis("Chips in the instance", unit: "", logarithmic: true),
    y: Chart.Axis("Speed at batch 1", unit: "tok/s", logarithmic: true),
    series: [
      Chart.Series(
        "predicted", sweep.sizes.map { Chart.Point(x: Double($0.chips), y: 1 / $0.alone.stepSeconds) }),
      Chart.Series(
        "closed form", sweep.sizes.map { Chart.Point(x: Double($0.chips), y: 1 / $0.floorSeconds) },
        isReference: true),
    ],
    altText: "Speed peaks at \(sweep.fastest.chips) chips with "
      + "\(StudyText.number(1 / sweep.fastest.alone.stepSeconds)) tokens per second")
}

/// Dollars against speed: every instance size, every batch.
func frontierChart(_ sweep: ScaleSweep) -> Chart {
  let question = sweep.question
  return Chart(
    id: "scale-frontier", title: "Many agents: what speed costs", kind: .line,
    x: Chart.Axis("Speed per user", unit: "tok/s", logarithmic: true),
    y: Chart.Axis("Cost", unit: "$/M output", logarithmic: true),
    series: sweep.sizes.map { size in
      Chart.Series(
        "\(size.chips) chips",
        frontier(sweep.points.filter { $0.chips == size.chips }).map {
          Chart.Point(
            x: $0.tokensPerSecondPerUser, y: $0.usdPerMillionOutput(question), label: "batch \($0.batch)")
        })
    },
    altText: "The cheapest tokens come from \(sweep.cheapest.size.chips) chips per instance")
}

/// The points that no other beats in both speed and throughput per chip, slowest first.
func frontier(_ points: [ServingPoint]) -> [ServingPoint] {
  var kept: [ServingPoint] = []
  for point in points.sorted(by: {
    ($0.tokensPerSecondPerUser, $0.tokensPerSecondPerChip) > (
      $1.tokensPerSecondPerUser, $1.tokensPerSecondPerChip
    )
  }) where point.tokensPerSecondPerChip > (kept.last?.tokensPerSecondPerChip ?? 0) {
    kept.append(point)
  }
  return kept.reversed()
}
