import FleetData
import Quantities

/// Decodes `scenario.yaml` (`scenario/1`) around an already decoded fleet.
struct ScenarioReader {
  static let keys = [
    "schema", "name", "fleet", "start", "horizon", "seed", "budget", "discount_rate", "max_utilization",
    "survive_site_loss", "services", "gates", "training", "changes", "sweep", "note",
  ]
  let catalog: Catalog
  let log: StudyLog

  func scenario(_ node: ConfigNode, fleet: Fleet) -> Scenario {
    let fields = FieldReader(node, path: "scenario", known: Self.keys, log: log)
    requireSchema("scenario/1", fields, log)
    let services = FieldReader.named(fields.node("services"), path: "services", log: log)
      .compactMap { service($0, fleet: fleet) }
    if services.isEmpty, fields.node("services") == nil { fields.reportMissing("services", example: nil) }
    return Scenario(
      name: fields.text("name") ?? "plan", fleet: fleet, services: services,
      horizonMonths: fields.integer("horizon", .months, in: 1...120) ?? 12,
      startMonth: startMonth(fields), seed: UInt64(fields.integer("seed", in: 0...1_000_000_000) ?? 1),
      monthlyBudget: fields.number("budget", .monthlyMoney).map { USD($0) },
      discountRate: fields.number("discount_rate", .yearlyRate, in: 0...1) ?? 0,
      survivesSiteLoss: fields.flag("survive_site_loss") ?? false,
      maxUtilization: fields.number("max_utilization", .ratio, in: 0.05...1) ?? utilizationDefault(fields),
      gates: gates(fields.node("gates")), training: fields.node("training").flatMap(training))
  }

  private func utilizationDefault(_ fields: FieldReader) -> Double {
    fields.recordDefault("max_utilization", 0.8, unit: "ratio", why: "a fifth of capacity is left for noise")
    return 0.8
  }

  private func loadFactorDefault(_ fields: FieldReader) -> Double {
    fields.recordDefault(
      "load_factor", 0.6, unit: "ratio", why: "a month's mean load is about 60 % of its peak hour")
    return 0.6
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

  // MARK: Services

  private func service(_ entry: ConfigNode.Entry, fleet: Fleet) -> Service? {
    let fields = FieldReader(
      entry.value, path: "services.\(entry.key)",
      known: [
        "model", "weights", "kv", "trace", "peak_rate", "load_factor", "growth", "thinking", "slo", "regions",
        "residency", "chips", "priority",
      ], log: log)
    let model = knownModel(fields)
    let shares = regionShares(fields, fleet.regions)
    if fields.node("trace") == nil { fields.reportMissing("trace", example: "traces/chat.csv") }
    guard let model else { return nil }
    return Service(
      id: entry.key, model: model.id, weights: fields.choice("weights", Precision.self) ?? .bf16,
      kv: fields.choice("kv", Precision.self) ?? .bf16, slo: objective(fields), trace: fields.text("trace"),
      requestsPerSecond: fields.number("peak_rate", .requestRate, in: 1e-9...1e9), regionShares: shares,
      monthlyGrowth: fields.number("growth", .growth, in: -0.9...10) ?? 0,
      thinkingMultiplier: fields.number("thinking", .ratio, in: 0.01...10_000) ?? 1,
      loadFactor: fields.number("load_factor", .ratio, in: 0.01...1) ?? loadFactorDefault(fields),
      residency: fields.text("residency"), allowedChips: chips(fields),
      priority: fields.integer("priority", in: 0...1000) ?? 0)
  }

  private func knownModel(_ fields: FieldReader) -> TransformerSpec? {
    guard let name = fields.requiredText("model") else { return nil }
    do throws(Diagnostic) {
      return try catalog.model(name)
    } catch {
      var diagnostic = error
      diagnostic.location = fields.node("model")?.location
      log.report(diagnostic)
      return nil
    }
  }

  private func chips(_ fields: FieldReader) -> [String] {
    fields.texts("chips").compactMap { name in
      do throws(Diagnostic) {
        return try catalog.chip(name).id
      } catch {
        var diagnostic = error
        diagnostic.location = fields.node("chips")?.location
        log.report(diagnostic)
        return nil
      }
    }
  }

  private func objective(_ fields: FieldReader) -> ServiceLevelObjective {
    guard let node = fields.node("slo") else {
      fields.reportMissing(
        "slo", example: "{ttft: 1s, tpot: 50ms}", help: "what was promised decides the capacity")
      return ServiceLevelObjective()
    }
    let slo = FieldReader(
      node, path: fields.path + ".slo", known: ["ttft", "tpot", "end_to_end", "percentile"], log: log)
    return ServiceLevelObjective(
      ttft: slo.number("ttft", .duration, in: 1e-6...1e6).map { Seconds($0) },
      tpot: slo.number("tpot", .duration, in: 1e-6...1e6).map { Seconds($0) },
      endToEnd: slo.number("end_to_end", .duration, in: 1e-6...1e7).map { Seconds($0) },
      percentile: slo.number("percentile", .ratio, in: 0.5...0.9999) ?? 0.99)
  }

  private func regionShares(_ fields: FieldReader, _ regions: [UserRegion]) -> [Service.RegionShare] {
    guard let node = fields.node("regions") else {
      guard regions.count != 1 else { return [.init(region: regions[0].id, share: 1)] }
      fields.reportMissing("regions", example: "{\(regions.first?.id ?? "us"): 100%}")
      return []
    }
    let reader = FieldReader(node, path: fields.path + ".regions", known: regions.map(\.id), log: log)
    let shares = regions.compactMap { region in
      reader.number(region.id, .ratio, in: 0...1).map { Service.RegionShare(region: region.id, share: $0) }
    }
    let total = shares.reduce(0) { $0 + $1.share }
    if abs(total - 1) > 1e-6 {
      log.report(
        Diagnostic(
          "region shares do not sum to 100%", at: node.location, found: "\((total * 1e4).rounded() / 100)%",
          expected: "100%"))
    }
    return shares
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
        severity: fields.text("severity").flatMap(Gate.Severity.init(rawValue:)) ?? .error,
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
