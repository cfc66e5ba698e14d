import FleetData
import Foundation

/// The closed part of each study, for the workbook's live sheet.
enum StudyLive {
  private static func v(_ key: String) -> LiveExpression { .named(key) }

  /// $/M output = price / 3600 · 1e6 / (tokens/s per chip · utilisation).
  static func scale(_ point: ServingPoint, _ question: ScaleQuestion) -> LiveModel {
    LiveModel(
      title: "Cost of a token", inputs: servingInputs(point, question),
      steps: servingSteps + [
        .init("per_usd", "Output tokens per dollar", 1_000_000 / v("per_million"), unit: "tokens/$")
      ])
  }

  static func servingInputs(_ point: ServingPoint, _ question: ScaleQuestion) -> [LiveModel.Input] {
    [
      .init("price", "Price", question.usdPerChipHour.base, unit: "$/chip.h"),
      .init("utilization", "Utilisation", question.utilization.base, format: .percent),
      .init("rate", "Output per chip while busy", point.tokensPerSecondPerChip, unit: "tok/s"),
      .init("output", "Output tokens per request", question.shape.output, unit: "tokens"),
    ]
  }

  static let servingSteps: [LiveModel.Step] = [
    .init("per_second", "Price per chip-second", v("price") / 3600, unit: "$/chip.s", format: .scientific),
    .init(
      "per_token", "Cost of one output token", v("per_second") / (v("rate") * v("utilization")), unit: "$",
      format: .scientific),
    .init("per_million", "Cost of a million output tokens", v("per_token") * 1_000_000, unit: "$/M"),
    .init("per_request", "Cost of a request", v("per_token") * v("output"), unit: "$", format: .scientific),
  ]

  /// C = 6·N·r·N·(1 + attention); dollars by chip-hours; requests by compound growth.
  static func spend(_ life: SpendLife, goodput: Double) -> LiveModel {
    let growth = life.demand.monthlyGrowth
    let compound: LiveExpression =
      growth == 0 ? v("months") : (.power(1 + v("growth"), v("months")) - 1) / v("growth")
    let inputs: [LiveModel.Input] = [
      .init("n", "Parameters", life.parameters, format: .scientific),
      .init("r", "Tokens per parameter", life.question.tokensPerParameter.base),
      .init("attention", "Attention over 6ND", life.terms.attentionShare, format: .percent),
      .init("peak", "Peak of a training chip", life.terms.peak.value, unit: "FLOP/s", format: .scientific),
      .init("mfu", "MFU", life.terms.mfu, format: .percent),
      .init("goodput", "Goodput", goodput, format: .percent),
      .init("training_price", "Price of a training chip", life.terms.usdPerChipHour, unit: "$/chip.h"),
      .init("size_ratio", "Size over that of the served model", life.sizeRatio),
      .init("per_day", "Requests per day", life.demand.requestsPerDay),
      .init("growth", "Growth per month", growth, format: .percent),
      .init("months", "Months", Double(life.demand.months), format: .integer),
    ]
    let steps: [LiveModel.Step] = [
      .init("d", "Training tokens", v("r") * v("n"), format: .scientific),
      .init("dense", "Dense FLOPs", 6 * v("n") * v("d"), unit: "FLOP", format: .scientific),
      .init(
        "flops", "FLOPs with attention", v("dense") * (1 + v("attention")), unit: "FLOP", format: .scientific),
      .init(
        "chip_hours", "Chip-hours", v("flops") / (v("peak") * v("mfu") * v("goodput")) / 3600, unit: "chip.h"),
      .init("training", "Training", v("chip_hours") * v("training_price"), unit: "$", format: .dollars),
      .init("first_month", "Requests of the first month", v("per_day") * 30.4375, format: .scientific),
      .init("requests", "Requests over the life", v("first_month") * compound, format: .scientific),
      .init(
        "serving", "Serving", v("requests") * v("per_request") * v("size_ratio"), unit: "$", format: .dollars),
      .init("life", "The whole life", v("training") + v("serving"), unit: "$", format: .dollars),
      .init("share", "Training's share", v("training") / v("life"), format: .percent),
      .init(
        "crossover", "Requests per day at which serving costs as much",
        v("per_day") * v("training") / v("serving")),
    ]
    return LiveModel(
      title: "Training and serving", inputs: servingInputs(life.point, life.question.serving) + inputs,
      steps: servingSteps + steps)
  }

  /// $/M for reading the cache alone: bytes per token · context · 1e6 / bandwidth · price / 3600.
  static func context(_ at: ContextPoint, _ serving: ScaleQuestion) -> LiveModel {
    let perToken = at.counts.kvBytesPerToken(serving.kv).value
    return LiveModel(
      title: "Reading the cache of \(at.model.id)",
      inputs: [
        .init("bytes", "Cache per token", perToken, unit: "B", format: .integer),
        .init("context", "Context", Double(at.context), unit: "tokens", format: .integer),
        .init(
          "bandwidth", "HBM bandwidth of a chip", serving.chip.hbmBandwidth.value.value, unit: "B/s",
          format: .scientific),
        .init("price", "Price", serving.usdPerChipHour.base, unit: "$/chip.h"),
        .init(
          "weights", "Weights read by a step", at.counts.alwaysRead * serving.weights.bytesPerElement,
          unit: "B", format: .scientific),
        .init("batch", "Sequences per step", Double(at.point?.batch ?? 1), format: .integer),
      ],
      steps: [
        .init("cache", "Cache of one sequence", v("bytes") * v("context"), unit: "B", format: .scientific),
        .init("seconds", "Chip time to read it once", v("cache") / v("bandwidth"), unit: "chip.s"),
        .init(
          "per_million", "Reading it for a million tokens", v("seconds") * 1_000_000 * v("price") / 3600,
          unit: "$/M"),
        .init(
          "share", "Cache's share of the reads",
          v("batch") * v("cache") / (v("batch") * v("cache") + v("weights")), format: .percent),
      ])
  }

  /// Chips = rate / (requests/s per chip · utilisation); cost = chips · price.
  static func codesign(_ one: FleetOutcome.One, _ service: CodesignQuestion.Service) -> LiveModel {
    LiveModel(
      title: "Chips for \(service.name)",
      inputs: servingInputs(one.point, service.serving) + [
        .init("demand", "Requests per second", service.requestsPerSecond.base, unit: "req/s")
      ],
      steps: servingSteps + [
        .init(
          "chips", "Chips needed", v("demand") * v("output") / (v("rate") * v("utilization")), unit: "chips"),
        .init("per_hour", "Cost per hour", v("chips") * v("price"), unit: "$/h"),
      ])
  }

  /// Gbit/s = k·16·N / (t·(H(1/CU − 1) + f)); cost by chip-hours.
  static func training(_ plan: SitesPlan) -> LiveModel {
    let question = plan.question
    return LiveModel(
      title: "A run over sites",
      inputs: [
        .init("n", "Parameters at work on a token", plan.parameters, format: .scientific),
        .init("all", "Parameters in all", plan.allParameters, format: .scientific),
        .init("tokens", "Training tokens", question.tokens.base, format: .scientific),
        .init("step", "Step", plan.stepSeconds, unit: "s"),
        .init("h", "Steps between synchronisations", plan.best.method.localSteps, format: .integer),
        .init("cu", "Utilisation wanted", 0.95, format: .percent),
        .init("k", "Traffic over the ideal", 0.7215),
        .init("f", "Share of a step that hides traffic", 0.5674),
        .init("busy", "Utilisation reached", plan.best.utilization, format: .percent),
        .init(
          "peak", "Peak of a chip", question.chip.peak[.bf16]?.value.value ?? 0, unit: "FLOP/s",
          format: .scientific),
        .init("mfu", "MFU inside a site", plan.mfu, format: .percent),
        .init("chips", "Chips", plan.chips, format: .integer),
        .init("price", "Price", question.usdPerChipHour.base, unit: "$/chip.h"),
        .init("for_loss", "Compute that makes up for the loss", plan.best.computeForLoss, format: .decimal3),
      ],
      steps: [
        .init("hidden", "Steps of stall allowed", v("h") * (1 / v("cu") - 1) + v("f")),
        .init(
          "bits", "Link for that, two replicas", v("k") * 16 * v("all") / (v("step") * v("hidden")),
          unit: "bit/s", format: .scientific),
        .init("flops", "FLOPs", 6 * v("n") * v("tokens"), unit: "FLOP", format: .scientific),
        .init(
          "chip_hours", "Chip-hours", v("flops") / (v("peak") * v("mfu") * v("busy")) / 3600, unit: "chip.h"),
        .init("days", "Days", v("chip_hours") / v("chips") / 24, unit: "days"),
        .init("cost", "Cost", v("chip_hours") * v("price"), unit: "$", format: .dollars),
        .init("equal", "Cost at equal loss", v("cost") * v("for_loss"), unit: "$", format: .dollars),
      ])
  }
}
