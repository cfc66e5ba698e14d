import FleetData
import Foundation
import Testing

@testable import Reporting

/// Writes every format of the sample plan to the folder named in `FLEETPLAN_PREVIEW`, to be looked at.
struct PreviewTests {
  @Test(
    "Every format of the sample plan can be written out to be looked at",
    .enabled(
      if: ProcessInfo.processInfo.environment["FLEETPLAN_PREVIEW"] != nil, "FLEETPLAN_PREVIEW names no folder"
    ))
  func writeAll() throws {
    let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["FLEETPLAN_PREVIEW"]!)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let plan = try PlanFile.canonical(SamplePlan().make())
    try Data(try PlanFile.encode(plan)).write(to: folder.appending(path: "plan.json"))
    try CapacityWorkbook.write(plan, to: folder.appending(path: "plan.xlsx").path)
    let document = Markdown.render(plan)
    try Data(document.text.utf8).write(to: folder.appending(path: "report.md"))
    for picture in document.pictures + Self.gallery {
      try Data(picture.svg.utf8).write(to: folder.appending(path: picture.fileName))
    }
  }

  @Test("The saved plans under fixtures are the sample plan; FLEETPLAN_UPDATE_GOLDEN=1 rewrites them")
  func savedPlans() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures/plans")
    let update = ProcessInfo.processInfo.environment["FLEETPLAN_UPDATE_GOLDEN"] == "1"
    for (name, plan) in Self.saved {
      let file = folder.appending(path: "\(name).plan.json")
      let bytes = Data(try PlanFile.encode(plan))
      if update { try bytes.write(to: file) }
      #expect(try Data(contentsOf: file) == bytes, "\(name)")
    }
  }

  static var saved: [(String, Plan)] {
    var dearer = SamplePlan(months: 3, chatGrowth: 0.09, prices: ["us-east-v5e": 1.75, "eu-west-v6e": 2.97])
      .make()
    dearer.id = "sample-dearer"
    var broken = SamplePlan(months: 1).make()
    broken.checks.append(.init(name: "cost lines sum to the total", passed: false, detail: "off by $3"))
    var infeasible = SamplePlan(months: 1).make()
    infeasible.verdict = .init(
      status: .infeasible, sentence: "No plan serves chat in 2027-01.", bindingConstraint: "chips at us-east",
      smallestRelaxation: "16 chips more at us-east")
    (infeasible.months, infeasible.gates, infeasible.costs, infeasible.deployments) = ([], [], [], [])
    return [
      ("small", SamplePlan(months: 3).make()), ("small-dearer", dearer), ("broken-law", broken),
      ("infeasible", infeasible), ("hostile", hostilePlan),
    ]
  }

  /// Names that each format could mistake for its own syntax.
  static var hostilePlan: Plan {
    var plan = SamplePlan(months: 2).make()
    plan.name = "=HYPERLINK(\"http://x\") <img src=x onerror=alert(1)> \u{202E}gnp"
    let names = [
      "chat": "=cmd|' /C calc'!A0 </script><b>😀", "code": "a|b`c\n# d ](x) ${{ github }} \u{5E9}\u{5DC}",
    ]
    func renamed(_ name: String) -> String { names[name] ?? name }
    for i in plan.services.indices { plan.services[i].id = renamed(plan.services[i].id) }
    for i in plan.deployments.indices { plan.deployments[i].service = renamed(plan.deployments[i].service) }
    for i in plan.demand.indices { plan.demand[i].service = renamed(plan.demand[i].service) }
    for i in plan.costs.indices { plan.costs[i].service = plan.costs[i].service.map(renamed) }
    for i in plan.unitCosts.indices { plan.unitCosts[i].service = renamed(plan.unitCosts[i].service) }
    for i in plan.serviceLevels.indices {
      plan.serviceLevels[i].service = renamed(plan.serviceLevels[i].service)
    }
    for i in plan.gates.indices { plan.gates[i].gate.name += " ::error::%0A\"><svg onload=x>" }
    return plan
  }

  /// Shapes the sample plan has no use for.
  static var gallery: [Markdown.Picture] {
    [bridge, frontier, scatter, hostile].map {
      .init(fileName: "gallery-\(SVGChart.fileName($0))", svg: SVGChart.render($0))
    }
  }

  static let bridge = Chart(
    id: "bridge", title: "From the baseline to the candidate", kind: .waterfall, x: .init("Change", unit: ""),
    y: .init("Cost", unit: "$ per month"),
    categories: [
      "baseline", "price drift", "chat on v6e", "renewal at -10%", "retire l40s", "interaction", "candidate",
    ],
    series: [
      .init(
        "cost",
        [250_000, 4_000, -31_000, -12_500, -8_000, 1_200, 203_700].enumerated().map {
          .init(x: Double($0), y: $1)
        })
    ], altText: "The candidate costs 46,300 dollars a month less.")

  static let frontier = Chart(
    id: "frontier", title: "Throughput per dollar against speed per user", kind: .line,
    x: .init("Output speed", unit: "tok/s per user", logarithmic: true),
    y: .init("Cost", unit: "$/M tokens", logarithmic: true),
    series: [
      .init("tpu-v5e 4x2", [(12.0, 0.4), (25, 0.7), (50, 1.4), (90, 4.1)].map { .init(x: $0, y: $1) }),
      .init("h100 8", [(14.0, 0.7), (35, 1.1), (70, 1.9), (140, 6.0)].map { .init(x: $0, y: $1) }),
      .init("budget", [.init(x: 12, y: 2)], isReference: true),
    ], altText: "The faster each user is served, the dearer a token.")

  static let scatter = Chart(
    id: "predicted", title: "Predicted against measured step time", kind: .scatter,
    x: .init("Measured", unit: "s", logarithmic: true), y: .init("Predicted", unit: "s", logarithmic: true),
    series: [
      .init(
        "decode",
        (1...30).map {
          .init(x: 0.004 * Double($0), y: 0.004 * Double($0) * (1 + 0.2 * Double($0 % 5 - 2) / 2))
        }),
      .init("prefill", (1...8).map { .init(x: 0.2 * Double($0), y: 0.22 * Double($0), label: "case \($0)") }),
      .init("exact", [.init(x: 0.004, y: 0.004), .init(x: 2, y: 2)], isReference: true),
    ], altText: "Points lie within 20% of the diagonal.")

  static let hostile = Chart(
    id: "../../etc",
    title: "=cmd|' /C calc'!A0 <script>alert(1)</script> \u{202E}gnp.exe 😀 "
      + String(repeating: "long ", count: 60),
    kind: .columns, x: .init("<b>", unit: "&"), y: .init("y \"quoted\"", unit: "%"),
    categories: ["a very long category name that will not fit", "😀😀😀", "", "x|y`z", "\u{202E}abc"],
    series: [
      .init(
        "one <&> " + String(repeating: "w", count: 90),
        (0..<5).map { .init(x: Double($0), y: Double($0) - 2) }),
      .init("two", (0..<5).map { .init(x: Double($0), y: 1.5, low: 1, high: 2) }),
    ], altText: "hostile")
}
