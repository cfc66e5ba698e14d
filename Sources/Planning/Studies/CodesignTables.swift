import Economics
import FleetData
import Foundation
import Performance

func knobTable(_ effects: [KnobEffect], _ question: CodesignQuestion, _ base: FleetOutcome) -> Table {
  Table(
    id: "codesign-knobs",
    title: "Each property improved by \(StudyText.percent(question.change)), everything re-optimised",
    columns: [
      Table.Column("Property"), Table.Column("Fleet cost", format: .percent),
      Table.Column("Elasticity of cost", format: .decimal3), Table.Column("Speed alone", format: .percent),
      Table.Column("Fleet cost when worsened", format: .percent),
      Table.Column("Worth", unit: "$/h", format: .significant3),
    ],
    rows: effects.map { effect -> [Cell] in
      let speed = base.services[0].aloneSeconds / effect.better.alone[0] - 1
      return [
        .text(effect.knob.rawValue), .number(effect.better.usd / base.usd - 1, grade: .derived),
        .number(effect.elasticity(base.usd, change: question.change), grade: .derived), .number(speed),
        effect.worse.why.map { .absent(reason: $0) } ?? .number(effect.worse.usd / base.usd - 1),
        .number(base.usd - effect.better.usd, grade: .derived),
      ]
    },
    note:
      "Latency and power are improved by lowering them. The chip's price is kept, so the last column is what the "
      + "change may cost per hour of this fleet.")
}

/// The improved fleet's cost, service by service.
func perServiceTable(_ effects: [KnobEffect], _ question: CodesignQuestion, _ base: FleetOutcome) -> Table {
  Table(
    id: "codesign-services", title: "The same, service by service",
    columns: [
      Table.Column("Service"), Table.Column("Chips needed", format: .significant3),
      Table.Column("Cost", unit: "$/h", format: .significant3),
    ]
      + effects.map { Table.Column($0.knob.rawValue, format: .percent) },
    rows: question.services.indices.map { i -> [Cell] in
      [
        .text(question.services[i].name), .number(base.services[i].chips),
        .number(base.services[i].usdPerHour, grade: .derived),
      ] + effects.map { .number($0.better.perService[i] / base.services[i].usdPerHour - 1) }
    })
}

/// Chip time of the mix by phase and by what it waits for.
func timeTable(_ question: CodesignQuestion, _ base: FleetOutcome) throws(StudyError) -> Table {
  var rows: [[Cell]] = []
  for (service, one) in zip(question.services, base.services) {
    let shape = service.serving.shape
    let step = one.point.profile.step
    let batch = Double(one.point.batch)
    let context = shape.meanContext
    // Seconds of slice time per request.
    let parts: [(String, String, Double)] = [
      (
        "prefill", "matmul",
        shape.input * (step.computePerPrefillToken + step.computePerPrefill / StepCost.usualChunk)
      ),
      ("prefill", "attention", shape.input * shape.input / 2 * step.computePerAttentionPair),
      ("prefill", "collectives", shape.input * step.overheadPerPrefillToken),
      ("decode", "reading weights", shape.output * step.weightRead / batch),
      (
        "decode", "reading experts",
        shape.output * step.expertRead * (1 - pow(step.expertMissShare, batch)) / batch
      ),
      (
        "decode", "reading caches",
        shape.output * step.cacheSeconds(decoding: batch, cachedTokens: batch * context) / batch
      ),
      ("decode", "matmul (hidden under reads)", shape.output * step.computePerSequence),
      (
        "decode", "collectives and launches",
        shape.output * (step.overhead / batch + step.overheadPerSequence)
      ),
    ]
    let total = one.point.residence(shape) / batch
    for part in parts where part.2 > 0 {
      rows.append([
        .text(service.name), .text(part.0), .text(part.1), .number(part.2 * 1000, grade: .derived),
        .number(part.2 / max(total, 1e-12)),
      ])
    }
  }
  return Table(
    id: "codesign-time", title: "Where a request's time goes, at the cheapest sharding and batch",
    columns: [
      Table.Column("Service"), Table.Column("Phase"), Table.Column("Operation"),
      Table.Column("Slice time per request", unit: "ms", format: .significant3),
      Table.Column("Share of its slot's time", format: .percent),
    ], rows: rows,
    note:
      "Decode takes the larger of matmul and reads; the smaller is hidden, so shares may pass 100 % in sum.")
}

func hypotheticalTable(_ question: CodesignQuestion, _ base: FleetOutcome) -> Table {
  let outcome = try? FleetOutcome(question, knobs: question.hypothetical)
  let factors = question.hypothetical.sorted { $0.key.rawValue < $1.key.rawValue }
    .map { "\($0.key.rawValue) × \(StudyText.number($0.value))" }.joined(separator: ", ")
  return Table(
    id: "codesign-hypothetical", title: "A hypothetical chip: \(factors)",
    columns: [
      Table.Column("Service"), Table.Column("Cost now", unit: "$/h", format: .significant3),
      Table.Column("Cost then", unit: "$/h", format: .significant3), Table.Column("Change", format: .percent),
      Table.Column("Speed alone", format: .percent),
    ],
    rows: question.services.indices.map { i -> [Cell] in
      let now = base.services[i]
      guard let then = outcome?.services[i] else {
        return [.text(question.services[i].name), .number(now.usdPerHour)]
          + (0..<3).map { _ in Cell.absent(reason: "the service fits nowhere on it") }
      }
      return [
        .text(question.services[i].name), .number(now.usdPerHour), .number(then.usdPerHour, grade: .derived),
        .number(then.usdPerHour / now.usdPerHour - 1), .number(now.aloneSeconds / then.aloneSeconds - 1),
      ]
    })
}

/// Work per joule, chip by chip.
func generationTable(_ chips: [ChipSpec]) -> Table {
  let none = Cell.absent(reason: "the datasheet does not say")
  return Table(
    id: "codesign-generations", title: "Performance per watt, generation by generation",
    columns: [
      Table.Column("Chip"), Table.Column("Power", unit: "W", format: .integer),
      Table.Column("bf16", unit: "TFLOP/s/W", format: .decimal2),
      Table.Column("8 bit", unit: "TFLOP/s/W", format: .decimal2),
      Table.Column("HBM", unit: "GB/s/W", format: .decimal2),
      Table.Column("FLOPs per byte of HBM", format: .integer),
    ],
    rows: chips.map { chip -> [Cell] in
      let bf16 = chip.peak[.bf16]?.value.value
      let eight = [chip.peak[.fp8]?.value.value, chip.peak[.int8]?.value.value].compactMap { $0 }.max()
      let watts = chip.power?.value.value
      func per(_ value: Double?, _ scale: Double) -> Cell {
        guard let value, let watts else { return none }
        return .number(value / scale / watts, grade: .derived)
      }
      return [
        .text(chip.id), watts.map { .number($0, grade: .quoted) } ?? none, per(bf16, 1e12), per(eight, 1e12),
        per(chip.hbmBandwidth.value.value, 1e9),
        bf16.map { .number($0 / chip.hbmBandwidth.value.value, grade: .derived) } ?? none,
      ]
    }, note: "Chip power alone, without host and cooling.")
}

/// Fleet cost with each property worse and better.
func knobTornado(_ effects: [KnobEffect], _ base: FleetOutcome) -> Chart {
  Chart(
    id: "codesign-knobs", title: "Fleet cost when one property changes", kind: .tornado,
    x: Chart.Axis("Fleet cost", unit: "$/h"), y: Chart.Axis("", unit: ""),
    categories: effects.map(\.knob.rawValue),
    series: [
      Chart.Series(
        "fleet cost",
        effects.enumerated().map { i, effect in
          let more = effect.knob.moreIsBetter
          return Chart.Point(
            x: Double(i), y: base.usd, low: more ? effect.worse.usd : effect.better.usd,
            high: more ? effect.better.usd : effect.worse.usd)
        })
    ],
    altText: "Improving \(effects.first?.knob.rawValue ?? "nothing") saves most")
}

func codesignSentences(
  _ question: CodesignQuestion, _ base: FleetOutcome, _ ranked: [KnobEffect], _ uncertainty: Uncertainty
) -> [String] {
  let best = ranked[0]
  let chip = question.services[0].serving.chip.id
  let saving = 1 - best.better.usd / base.usd
  let first = base.services[0]
  let step = first.point.profile.step
  let shape = question.services[0].serving.shape
  let weights = step.weightRead + step.expertRead
  let batch = Double(first.point.batch)
  let caches = step.cacheSeconds(decoding: batch, cachedTokens: batch * shape.meanContext)
  let fastest = ranked.min { $0.better.alone[0] < $1.better.alone[0] }!
  return [
    "Of all single changes to \(chip) at +\(StudyText.percent(question.change)), \(best.knob.rawValue) is worth most: "
      + "it saves \(StudyText.percent(saving)) of a fleet that costs \(StudyText.money(base.usd)) an hour, "
      + "\(StudyText.money(base.usd - best.better.usd)) of it.",
    "For a lone user \(fastest.knob.rawValue) helps most: "
      + "\(StudyText.percent(base.services[0].aloneSeconds / fastest.better.alone[0] - 1)) more speed.",
    "A decode step of \(question.services[0].name) reads weights for \(StudyText.number(weights * 1000)) ms and caches for "
      + "\(StudyText.number(caches * 1000)) ms, and multiplies for "
      + "\(StudyText.number(step.matmulSeconds(decoding: batch) * 1000)) ms.",
    "Its tokens cost \(StudyText.money(uncertainty.result.value)) per million "
      + "(\(StudyText.money(uncertainty.result.low)) to \(StudyText.money(uncertainty.result.high))).",
  ]
}

func codesignFindings(
  _ base: FleetOutcome, _ ranked: [KnobEffect], _ uncertainty: Uncertainty
) -> [StudyResult.Finding] {
  [
    .init("fleet_usd_per_hour", base.usd, "$/h"),
    .init(
      "usd_per_million_output", uncertainty.result.value, "$/M output tokens", low: uncertainty.result.low,
      high: uncertainty.result.high),
  ]
    + ranked.map { .init("cost_ratio/\($0.knob.rawValue)", $0.better.usd / base.usd, "") }
}
