import FleetData
import Quantities

/// Decodes `scenario.yaml` (`scenario/1`) around an already decoded fleet.
struct ScenarioReader {
  static let keys = [
    "schema", "name", "fleet", "start", "horizon", "seed", "budget", "discount_rate", "max_utilization",
    "survive_site_loss", "standby_replicas", "utilization_after_loss", "spare_confidence", "objective",
    "carbon_price",
    "services", "gates", "training", "changes", "sweep", "note",
  ]
  let catalog: Catalog
  let log: StudyLog

  func scenario(_ node: ConfigNode, fleet: Fleet) -> Scenario {
    let fields = FieldReader(node, path: "scenario", known: Self.keys, log: log)
    requireSchema("scenario/1", fields, log)
    let services = FieldReader.named(fields.node("services"), path: "services", log: log)
      .compactMap { ServiceReader(catalog: catalog, log: log).service($0, fleet: fleet) }
    if services.isEmpty, fields.node("services") == nil { fields.reportMissing("services", example: nil) }
    var scenario = Scenario(
      name: fields.text("name") ?? "plan", fleet: fleet, services: services,
      horizonMonths: fields.integer("horizon", .months, in: 1...120) ?? 12,
      startMonth: startMonth(fields), seed: UInt64(fields.integer("seed", in: 0...1_000_000_000) ?? 1),
      monthlyBudget: fields.number("budget", .monthlyMoney).map { USD($0) },
      discountRate: fields.number("discount_rate", .yearlyRate, in: 0...1) ?? 0,
      survivesSiteLoss: fields.flag("survive_site_loss") ?? false,
      maxUtilization: fields.number("max_utilization", .ratio, in: 0.05...1) ?? utilizationDefault(fields),
      gates: gates(fields.node("gates")), training: fields.node("training").flatMap(training),
      utilizationAfterLoss: fields.number("utilization_after_loss", .ratio, in: 0.05...1)
        ?? utilizationAfterLossDefault(fields),
      spareConfidence: fields.number("spare_confidence", .ratio, in: 0.5...0.999_999)
        ?? spareDefault(fields, fleet),
      objective: PlanObjective(
        fields.choice("objective", PlanObjective.Kind.self) ?? .cost,
        carbonPrice: fields.number("carbon_price", .carbonPrice) ?? 0))
    scenario.standbyReplicas = fields.integer("standby_replicas", in: 0...1000) ?? 0
    return scenario
  }

  private func utilizationAfterLossDefault(_ fields: FieldReader) -> Double {
    guard fields.flag("survive_site_loss") == true || fields.node("standby_replicas") != nil else {
      return 0.9
    }
    fields.recordDefault(
      "utilization_after_loss", 0.9, unit: "ratio", why: "after a loss, a tenth is left for noise")
    return 0.9
  }

  /// Spares are planned as soon as a pod says how often its chips are up.
  private func spareDefault(_ fields: FieldReader, _ fleet: Fleet) -> Double? {
    guard fleet.pods.contains(where: { $0.availability != nil }) else { return nil }
    fields.recordDefault(
      "spare_confidence", 0.999, unit: "ratio", why: "enough replicas are up 99.9 % of the time")
    return 0.999
  }

  private func utilizationDefault(_ fields: FieldReader) -> Double {
    fields.recordDefault("max_utilization", 0.8, unit: "ratio", why: "a fifth of capacity is left for noise")
    return 0.8
  }

  private func startMonth(_ fields: FieldReader) -> String {
    guard let text = fields.requiredText("start", help: "the first month, such as 2027-01") else { return "" }
    let parts = text.split(separator: "-").map { Int($0) }
    if parts.count == 2, let year = parts[0], let month = parts[1], (1970...2200).contains(year),
      (1...12).contains(month)
    {
      return text
    }
    log.report(
      Diagnostic("not a month", at: fields.node("start")?.location, found: "'\(text)'", expected: "YYYY-MM"))
    return text
  }

  // MARK: Gates and training

  private func gates(_ node: ConfigNode?) -> [Gate] {
    guard let node else { return [] }
    guard case .sequence(let items) = node.content else {
      log.report(Diagnostic("'gates' must be a list", at: node.location, found: node.kind))
      return []
    }
    return items.enumerated().compactMap { index, item in
      let fields = FieldReader(
        item, path: "gates.\(index + 1)", known: ["name", "expr", "severity", "why", "owner"], log: log)
      guard let name = fields.requiredText("name"), let expression = fields.requiredText("expr") else {
        return nil
      }
      return Gate(
        name: name, expression: expression,
        severity: fields.choice("severity", Gate.Severity.self) ?? .error,
        why: fields.text("why"), owner: fields.text("owner"), location: fields.node("expr")?.location)
    }
  }

  private func training(_ node: ConfigNode) -> TrainingQuestion? {
    let fields = FieldReader(
      node, path: "training", known: ["parameters", "tokens_per_parameter", "chip", "chips"], log: log)
    guard let name = fields.requiredText("chip"), let chips = fields.integer("chips", in: 1...10_000_000)
    else {
      if fields.node("chips") == nil { fields.reportMissing("chips", example: "4096") }
      return nil
    }
    do throws(Diagnostic) {
      return TrainingQuestion(
        parameters: fields.number("parameters", .parameters, in: 1e6...1e15),
        tokensPerParameter: fields.number("tokens_per_parameter", .count, in: 1...100_000) ?? 20,
        chip: try catalog.chip(name).id, chips: chips)
    } catch {
      var diagnostic = error
      diagnostic.location = fields.node("chip")?.location
      log.report(diagnostic)
      return nil
    }
  }
}
