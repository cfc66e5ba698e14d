import FleetData

extension SamplePlan {
  /// Gates, risks, assumptions, sources and a study with a picture.
  func addEvidence(_ plan: inout Plan) {
    plan.shortfalls = [
      .init(
        month: min(9, months - 1), resource: "tpu-v5p chips", site: "us-east", missing: 16, unit: "chips",
        sentence: "us-east-v5p is 16 chips short from 2027-10.")
    ]
    plan.rounds = [
      .init(round: 1, month: 0, service: "chat", replicas: 8, verdict: .fail, action: "one more replica"),
      .init(round: 2, month: 0, service: "chat", replicas: 9, verdict: .pass, action: "none"),
    ]
    let total = plan.months[0].totalCost
    plan.alternatives = [
      .init(
        name: "cheapest", monthlyCost: total * 0.93, chips: 300, carbonKilograms: 41_000,
        givesUp: "survival of a site loss", chosen: false),
      .init(
        name: "chosen", monthlyCost: total, chips: 332, carbonKilograms: 44_000, givesUp: "nothing asked for",
        chosen: true),
      .init(
        name: "safest", monthlyCost: total * 1.21, chips: 420, carbonKilograms: nil,
        givesUp: "21% more money", chosen: false),
    ]
    plan.sensitivity = [
      .init(
        driver: "growth of chat", low: "3%/month", high: "9%/month", baseCost: total, costAtLow: total * 0.91,
        costAtHigh: total * 1.14),
      .init(
        driver: "decode efficiency", low: "-15%", high: "+15%", baseCost: total, costAtLow: total * 1.1,
        costAtHigh: total * 0.93),
      .init(
        driver: "electricity", low: "-20%", high: "+20%", baseCost: total, costAtLow: total * 0.98,
        costAtHigh: total * 1.02),
    ]
    plan.gates = [
      .init(
        gate: Gate(
          name: "budget", expression: "cost.month.total <= $360k", why: "FY27 plan", owner: "finance",
          location: .init(file: "scenario.yaml", line: 14, column: 5)),
        status: .pass, value: total, limit: 360_000, unit: "$", detail: "worst month 2027-01"),
      .init(
        gate: Gate(name: "chat latency", expression: "slo.ttft.p99[service=chat] <= 800ms", severity: .warn),
        status: .inconclusive, value: 0.76, low: 0.71, high: 0.82, limit: 0.8, unit: "s",
        detail: "4,000 more requests would decide"),
      .init(
        gate: Gate(
          name: "headroom", expression: "headroom.chips[pod=*] >= 10%", owner: "capacity",
          location: .init(file: "scenario.yaml", line: 16, column: 5)),
        status: .fail, value: 0.04, limit: 0.1, unit: "", detail: "us-east-v5p in 2027-10"),
    ]
    plan.checks = [
      .init(name: "cost lines sum to the month's total", passed: true, detail: "12 of 12 months"),
      .init(name: "used + free + stranded = installed", passed: true, detail: "48 of 48 pod-months"),
    ]
    plan.inputs = [
      .init(
        id: "services.chat.growth", value: chatGrowth, unit: "per month", source: "scenario.yaml",
        asOf: "2026-11", grade: .assumed, isDefault: false,
        location: .init(file: "scenario.yaml", line: 9, column: 13)),
      .init(
        id: "max_utilization", value: maxUtilization, unit: "", source: "built-in default", asOf: "2026-11",
        grade: .assumed, isDefault: true),
      .init(
        id: "services.chat.model", text: "llama-3.1-70b", unit: "", source: "scenario.yaml", asOf: "2026-11",
        grade: .quoted, isDefault: false),
    ]
    plan.sources = [
      .init(path: "fleet.yaml", sha256: String(repeating: "a1", count: 32)),
      .init(path: "scenario.yaml", sha256: String(repeating: "b2", count: 32)),
    ]
    plan.dataQuality = [
      .init(
        trace: "traces/chat.csv", format: "azure-2023", accepted: 8819, rejected: 1,
        firstRejections: ["line 77: ContextTokens is negative"], notes: ["times span 3,501 s; gaps none"])
    ]
    plan.studies = [scaleStudy]
  }

  private var scaleStudy: Report.Section {
    let chips: [Double] = [4, 8, 16, 32, 64]
    func up(_ n: Double) -> Double { 900 * n / (1 + n / 24) }
    let table = Table(
      id: "scale", title: "One instance scaled up, and replicas scaled out",
      columns: [
        .init("Chips", format: .integer), .init("Scale up", unit: "tok/s", format: .integer),
        .init("Scale out", unit: "tok/s", format: .integer),
      ],
      rows: chips.map { [.number($0), .number(up($0), grade: .derived), .number(880 * $0)] })
    let chart = Chart(
      id: "scale", title: "Scaling up meets a ceiling, scaling out does not", kind: .line,
      x: .init("Chips", unit: "chips", logarithmic: true), y: .init("Throughput", unit: "tok/s"),
      series: [
        .init("scale up", chips.map { Chart.Point(x: $0, y: up($0)) }),
        .init("scale out", chips.map { Chart.Point(x: $0, y: 880 * $0) }),
      ], altText: "Throughput of one instance flattens at 20,000 tok/s; replicas grow in proportion.")
    return Report.Section(
      "Scale up or scale out",
      [
        .paragraph("One instance reaches 15,700 tok/s on 64 chips; replicas reach 56,300."), .table(table),
        .chart(chart),
      ])
  }
}
