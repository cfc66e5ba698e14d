import Economics
import FleetData
import Foundation
import Performance

func knobTable(_ effects: [KnobEffect], _ question: CodesignQuestion, _ base: FleetOutcome) -> Table {
  let logChange = log(1 + question.change)
  return Table(
    id: "codesign-knobs",
    title: "Each property improved by \(StudyText.percent(question.change)), everything re-optimised",
    columns: [
      Table.Column("Property"), Table.Column("Fleet cost", format: .percent),
      Table.Column("Elasticity of cost", format: .decimal3),
      Table.Column("Token time alone", format: .percent),
      Table.Column("Elasticity of token time", format: .decimal3),
      Table.Column("First token alone", format: .percent),
      Table.Column("Elasticity of first token", format: .decimal3),
      Table.Column("Fleet cost when worsened", format: .percent),
      Table.Column("Worth", unit: "$/h", format: .significant3),
    ],
    rows: effects.map { effect -> [Cell] in
      let sign = effect.knob.moreIsBetter ? 1.0 : -1.0
      let token = effect.better.alone[0] / base.services[0].aloneSeconds
      let first = effect.better.prefill[0] / max(1e-300, base.services[0].prefillSeconds)
      return [
        .text(effect.knob.rawValue), .number(effect.better.usd / base.usd - 1, grade: .derived),
        .number(effect.elasticity(base.usd, change: question.change), grade: .derived), .number(token - 1),
        .number(sign * log(token) / logChange, grade: .derived), .number(first - 1),
        .number(sign * log(max(1e-300, first)) / logChange, grade: .derived),
        effect.worse.why.map { .absent(reason: $0) } ?? .number(effect.worse.usd / base.usd - 1),
        .number(base.usd - effect.better.usd, grade: .derived),
      ]
    },
    note:
      "Elasticity is the change in percent for one percent more of the property. Latency and power are improved by "
      + "lowering them. The chip's price is kept, so the last column is what the change may cost per hour of this fleet. "
      + "Times are of a lone user of the first service.")
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

/// The fleet on a hypothetical chip; a factor that is a range shows its ends.
func hypotheticalTable(_ question: CodesignQuestion, _ base: FleetOutcome) -> Table {
  func outcome(_ value: (InputRange) -> Double) -> FleetOutcome? {
    try? FleetOutcome(question, knobs: question.hypothetical.mapValues(value))
  }
  let (low, then, high) = (outcome(\.low), outcome(\.base), outcome(\.high))
  let factors = question.hypothetical.sorted { $0.key.rawValue < $1.key.rawValue }
    .map { "\($0.key.rawValue) × \(rangeText($0.value))" }.joined(separator: ", ")
  let nowhere = Cell.absent(reason: "the service fits nowhere on it")
  return Table(
    id: "codesign-hypothetical", title: "A hypothetical chip: \(factors)",
    columns: [
      Table.Column("Service"), Table.Column("Cost now", unit: "$/h", format: .significant3),
      Table.Column("Cost then", unit: "$/h", format: .significant3), Table.Column("Change", format: .percent),
      Table.Column("With all factors low", unit: "$/h", format: .significant3),
      Table.Column("With all factors high", unit: "$/h", format: .significant3),
      Table.Column("Speed alone", format: .percent),
    ],
    rows: question.services.indices.map { i -> [Cell] in
      let now = base.services[i]
      func cost(_ outcome: FleetOutcome?) -> Cell {
        outcome.map { .number($0.services[i].usdPerHour, grade: .derived) } ?? nowhere
      }
      return [
        .text(question.services[i].name), .number(now.usdPerHour), cost(then),
        then.map { .number($0.services[i].usdPerHour / now.usdPerHour - 1) } ?? nowhere, cost(low),
        cost(high),
        then.map { .number(now.aloneSeconds / $0.services[i].aloneSeconds - 1) } ?? nowhere,
      ]
    })
}

/// The fleet on other chips, each at its own cheapest sharding, slice and batch.
func rivalTable(_ question: CodesignQuestion, _ base: FleetOutcome) -> Table {
  let own = question.services[0].serving
  func row(_ chip: ChipSpec, _ price: InputRange, isRival: Bool) -> [Cell] {
    var asked = question
    for i in asked.services.indices where isRival { asked.services[i].serving.setChip(chip, rent: price) }
    let head: [Cell] = [.text(chip.id), .text(rangeText(price, "$"))]
    do throws(StudyError) {
      let there = try FleetOutcome(asked, knobs: [:])
      let chips = there.services.reduce(0) { $0 + $1.chips }
      return head + [
        .number(chips), .number(there.usd, grade: .derived), .number(chips * price.low),
        .number(chips * price.high), .number(there.usd / base.usd - 1),
        .number(1 / there.services[0].aloneSeconds),
      ]
    } catch {
      let reason = error.description
      return head + (0..<6).map { _ in .absent(reason: reason) }
    }
  }
  return Table(
    id: "codesign-chips", title: "The same traffic on other chips",
    columns: [
      Table.Column("Chip"), Table.Column("Price of a chip-hour"),
      Table.Column("Chips needed", format: .significant3),
      Table.Column("Cost", unit: "$/h", format: .significant3),
      Table.Column("At the lowest price", unit: "$/h", format: .significant3),
      Table.Column("At the highest", unit: "$/h", format: .significant3),
      Table.Column("Change", format: .percent), Table.Column("Alone", unit: "tok/s", format: .significant3),
    ],
    rows: [row(own.chip, own.usdPerChipHour, isRival: false)]
      + question.rivals.map { row($0.chip, $0.usdPerChipHour, isRival: true) },
    note: "A chip without measurements takes its family's fitted constants.")
}

/// Work per joule, chip by chip, and the gain over the vendor's chip before.
func generationTable(_ question: CodesignQuestion) -> Table {
  let none = Cell.absent(reason: "the datasheet does not say")
  var before: [String: Double] = [:]
  let rows = question.generations.map { chip -> [Cell] in
    let watts = chip.power?.value.value
    func per(_ value: Double?, _ scale: Double) -> Cell {
      guard let value, let watts else { return none }
      return .number(value / scale / watts, grade: .derived)
    }
    let bf16 = chip.peak[.bf16]?.value.value
    var gain: Cell = .absent(reason: "the first of its vendor with a stated power")
    if let bf16, let watts {
      if let last = before[chip.vendor] { gain = .number(bf16 / watts / last, grade: .derived) }
      before[chip.vendor] = bf16 / watts
    }
    return [
      .text(chip.id), .text(chip.vendor), watts.map { .number($0, grade: .quoted) } ?? none,
      per(bf16, 1e12), gain, per(chip.peakEightBit, 1e12), per(chip.hbmBandwidth.value.value, 1e9),
      bf16.map { .number($0 / chip.hbmBandwidth.value.value, grade: .derived) } ?? none,
      tokensPerJoule(question.services[0], chip),
    ]
  }
  return Table(
    id: "codesign-generations", title: "Performance per watt, generation by generation",
    columns: [
      Table.Column("Chip"), Table.Column("Vendor"), Table.Column("Power", unit: "W", format: .integer),
      Table.Column("bf16", unit: "TFLOP/s/W", format: .decimal2),
      Table.Column("Over the vendor's before", unit: "×", format: .decimal2),
      Table.Column("8 bit", unit: "TFLOP/s/W", format: .decimal2),
      Table.Column("HBM", unit: "GB/s/W", format: .decimal2),
      Table.Column("FLOPs per byte of HBM", format: .integer),
      Table.Column("This traffic", unit: "output tok/J", format: .significant3),
    ], rows: rows,
    note:
      "Chip power alone, without host and cooling. The last column is the first service at its cheapest batch."
  )
}

/// Output tokens per joule of chip power when a chip serves a service as cheaply as its speed allows.
private func tokensPerJoule(_ service: CodesignQuestion.Service, _ chip: ChipSpec) -> Cell {
  guard let watts = chip.power?.value.value else { return .absent(reason: "the datasheet does not say") }
  var serving = service.serving
  if chip.id != serving.chip.id { serving.setChip(chip, rent: InputRange(0)) }
  do throws(StudyError) {
    return .number(try cheapestPoint(serving).tokensPerSecondPerChip / watts, grade: .derived)
  } catch {
    return .absent(reason: error.description)
  }
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
  _ question: CodesignQuestion, _ base: FleetOutcome, _ ranked: [KnobEffect], _ cost: Uncertainty,
  _ profile: ComputeProfile
) -> [String] {
  let best = ranked[0]
  let chip = question.services[0].serving.chip.id
  let saving = 1 - best.better.usd / base.usd
  let fastest = ranked.min { $0.better.alone[0] < $1.better.alone[0] }!
  let fleet = cost.result
  return [
    "Of all single changes to \(chip) at +\(StudyText.percent(question.change)), \(best.knob.rawValue) is worth most: "
      + "it saves \(StudyText.percent(saving)) of a fleet that costs \(StudyText.money(fleet.value)) an hour "
      + "(\(StudyText.money(fleet.low)) to \(StudyText.money(fleet.high))), "
      + "\(StudyText.money(base.usd - best.better.usd)) of it.",
    "For a lone user \(fastest.knob.rawValue) helps most: "
      + "\(StudyText.percent(base.services[0].aloneSeconds / fastest.better.alone[0] - 1)) more speed.",
    profile.sentence,
  ]
    + question.services.indices.dropFirst(question.services.count > 1 ? 0 : 1).map { i in
      let own = ranked.min { $0.better.perService[i] < $1.better.perService[i] }!
      return
        "\(question.services[i].name) alone gains most from \(own.knob.rawValue): "
        + "\(StudyText.percent(1 - own.better.perService[i] / base.services[i].usdPerHour)) of its cost."
    }
}

func codesignFindings(
  _ base: FleetOutcome, _ ranked: [KnobEffect], _ profile: ComputeProfile
) -> [StudyResult.Finding] {
  ranked.map { .init("cost_ratio/\($0.knob.rawValue)", $0.better.usd / base.usd, "") }
    + profile.bounds.map { .init("bound/\($0.bound.rawValue)", $0.share, "share of busy time") }
}

func codesignAssumptions(_ question: CodesignQuestion) -> [StudyResult.Assumption] {
  scaleAssumptions(question.services[0].serving).filter {
    question.services.count == 1 || $0.name != "request"
  }
    + question.services.map { service in
      .init(
        "traffic of \(service.name)",
        "\(rangeText(service.requestsPerSecond)) req/s of \(rangeText(service.serving.input)) tokens in, "
          + "\(rangeText(service.serving.output)) out",
        source: service.lengths.isEmpty
          ? "the question" : "\(service.lengths.count) requests of its trace, at the scenario's peak",
        grade: service.lengths.isEmpty ? .assumed : .measured)
    } + [
      .init(
        "power",
        "\(rangeText(question.power.usdPerKWh, "$")) per kWh at PUE \(rangeText(question.power.pue)), "
          + (question.power.watts.map { "\(rangeText($0)) W per chip with its host, " } ?? "")
          + "a change of the chip's power added to its price",
        source: "the question", grade: .assumed)
    ]
}
