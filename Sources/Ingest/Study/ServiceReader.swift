import FleetData
import Quantities

/// Decodes one service of `scenario.yaml`: its models, its demand, what was promised and where it may run.
struct ServiceReader {
  static let keys = [
    "model", "weights", "kv", "trace", "peak_rate", "load_factor", "load_curve", "growth", "history",
    "forecast", "thinking", "bytes_per_token", "slo", "regions", "residency", "chips", "priority",
  ]
  let catalog: Catalog
  let log: StudyLog

  func service(_ entry: ConfigNode.Entry, fleet: Fleet) -> Service? {
    let fields = FieldReader(entry.value, path: "services.\(entry.key)", known: Self.keys, log: log)
    let models = models(fields)
    let shares = regionShares(fields, fleet.regions)
    if fields.node("trace") == nil { fields.reportMissing("trace", example: "traces/chat.csv") }
    let history = history(fields)
    let curve = loadCurve(fields)
    var service = Service(
      id: entry.key, model: models.first ?? "", weights: fields.choice("weights", Precision.self) ?? .bf16,
      kv: fields.choice("kv", Precision.self) ?? .bf16, slo: objective(fields), trace: fields.text("trace"),
      requestsPerSecond: fields.number("peak_rate", .requestRate, in: 1e-9...1e9), regionShares: shares,
      monthlyGrowth: fields.number("growth", .growth, in: -0.9...10) ?? 0,
      thinkingMultiplier: fields.number("thinking", .ratio, in: 0.01...10_000) ?? 1,
      residency: residency(fields, fleet.sites), allowedChips: chips(fields),
      priority: fields.integer("priority", in: 0...1000) ?? 0)
    service.modelAlternatives = Array(models.dropFirst())
    service.history = history
    service.loadCurve = curve
    service.loadFactor = loadFactor(fields, curve)
    service.bytesPerToken = bytesPerToken(fields, fleet.links)
    return models.isEmpty ? nil : service
  }

  /// Counts only where a link to users has a price or a width.
  private func bytesPerToken(_ fields: FieldReader, _ links: [Link]) -> Double {
    if let given = fields.number("bytes_per_token", .count, in: 0...1e9) { return given }
    if links.contains(where: { $0.egressPrice != nil || $0.bandwidth != nil }) {
      fields.recordDefault(
        "bytes_per_token", 4, unit: "B",
        why: "a token is about four characters of English; events of a stream take more")
    }
    return 4
  }

  // MARK: Models and chips

  /// One model or a list of models that may answer, each known to the catalog.
  func models(_ fields: FieldReader) -> [String] {
    guard let node = fields.node("model") else {
      _ = fields.requiredText("model")
      return []
    }
    var names: [String] = []
    if case .sequence = node.content {
      names = fields.texts("model")
    } else {
      names = [fields.text("model") ?? ""]
    }
    return known(names, at: node.location) { name throws(Diagnostic) in try catalog.model(name).id }
  }

  private func chips(_ fields: FieldReader) -> [String] {
    known(fields.texts("chips"), at: fields.node("chips")?.location) { name throws(Diagnostic) in
      try catalog.chip(name).id
    }
  }

  private func known(
    _ names: [String], at location: Diagnostic.Location?, _ id: (String) throws(Diagnostic) -> String
  ) -> [String] {
    names.compactMap { name in
      do throws(Diagnostic) {
        return try id(name)
      } catch {
        var diagnostic = error
        diagnostic.location = location
        log.report(diagnostic)
        return nil
      }
    }
  }

  // MARK: Demand

  private func loadFactor(_ fields: FieldReader, _ curve: LoadCurve?) -> Double {
    let given = fields.number("load_factor", .ratio, in: 0.01...1)
    guard curve != nil else { return given ?? loadFactorDefault(fields) }
    if given != nil { conflict(fields, "load_factor", "load_curve", "the curve says how the mean compares") }
    return 1
  }

  private func loadFactorDefault(_ fields: FieldReader) -> Double {
    fields.recordDefault(
      "load_factor", 0.6, unit: "ratio", why: "a month's mean load is about 60 % of its peak hour")
    return 0.6
  }

  /// `load_curve: trace`, or a list of 24 loads by local hour.
  private func loadCurve(_ fields: FieldReader) -> LoadCurve? {
    guard let node = fields.node("load_curve") else { return nil }
    if case .scalar("trace") = node.content { return .trace }
    let hours = numbers(fields, "load_curve", .ratio)
    guard hours.count == 24, hours.contains(where: { $0 > 0 }) else {
      log.report(
        Diagnostic(
          "a load curve has 24 hours, the peak above zero", at: node.location,
          found: "\(hours.count) values", expected: "24 loads by local hour, or trace"))
      return nil
    }
    return .hours(hours)
  }

  /// `history: [80req/s, 84req/s, …]` or `history: trace`, looked ahead from as `forecast` says.
  private func history(_ fields: FieldReader) -> DemandHistory? {
    guard let node = fields.node("history") else {
      if let forecast = fields.node("forecast") {
        log.report(
          Diagnostic(
            "'\(fields.path)' forecasts from nothing", at: forecast.location,
            expected: "history: [80req/s, 84req/s, 90req/s]"))
      }
      return nil
    }
    for key in ["growth", "peak_rate"] where fields.node(key) != nil {
      conflict(fields, key, "history", "the forecast says how demand goes on")
    }
    var history = DemandHistory(.trace)
    if case .scalar("trace") = node.content {
    } else {
      history.source = .rates(numbers(fields, "history", .requestRate))
    }
    readForecast(fields, into: &history)
    checkLength(history, node)
    return history
  }

  private func readForecast(_ fields: FieldReader, into history: inout DemandHistory) {
    guard let node = fields.node("forecast") else { return }
    let forecast = FieldReader(
      node, path: fields.path + ".forecast", known: ["every", "season", "quantile"], log: log)
    if let every = forecast.number("every", .duration, in: 3600...Seconds.year.value) {
      history.every = Seconds(every)
    }
    history.season = forecast.integer("season", in: 1...10_000) ?? 1
    history.quantile = forecast.number("quantile", .ratio, in: 0.01...0.9999) ?? 0.5
  }

  private func checkLength(_ history: DemandHistory, _ node: ConfigNode) {
    guard case .rates(let rates) = history.source else { return }
    let needed = history.season > 1 ? 2 * history.season : 3
    if rates.count < needed {
      log.report(
        Diagnostic(
          "the history is too short to forecast from", at: node.location, found: "\(rates.count) steps",
          expected: "at least \(needed): two seasons, or three steps without one"))
    }
    if rates.contains(where: { $0 <= 0 }) {
      log.report(Diagnostic("a history needs rates above zero", at: node.location, found: "0req/s"))
    }
  }

  private func conflict(_ fields: FieldReader, _ key: String, _ other: String, _ why: String) {
    log.report(
      Diagnostic(
        "'\(fields.path)' says both '\(key)' and '\(other)'", at: fields.node(key)?.location,
        expected: "one of them", help: why))
  }

  /// A list of quantities; each that cannot be read is reported at its own place.
  private func numbers(_ fields: FieldReader, _ key: String, _ dimension: Dimension) -> [Double] {
    guard let node = fields.node(key) else { return [] }
    guard case .sequence(let items) = node.content else {
      log.report(
        Diagnostic(
          "'\(key)' must be a list or 'trace'", at: node.location, found: node.kind,
          expected: "[\(dimension.example), ...]"))
      return []
    }
    return items.compactMap { item in
      do throws(Diagnostic) {
        guard case .scalar(let text) = item.content else { throw Diagnostic("not a value", found: item.kind) }
        let value = try dimension.parse(text)
        guard value >= 0 else { throw Diagnostic("out of range", found: "'\(text)'") }
        return value
      } catch {
        var diagnostic = error
        diagnostic.what = "'\(key)': \(error.what)"
        diagnostic.location = item.location
        log.report(diagnostic)
        return nil
      }
    }
  }

  // MARK: Promises and places

  func objective(_ fields: FieldReader) -> ServiceLevelObjective {
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

  /// Where data must stay: a residency that some site has, or the service could run nowhere.
  private func residency(_ fields: FieldReader, _ sites: [Site]) -> String? {
    guard let wanted = fields.text("residency") else { return nil }
    let known = Array(Set(sites.compactMap(\.residency))).sorted()
    if !known.contains(wanted), !sites.isEmpty {
      log.report(
        Diagnostic(
          "no site has this residency, so nobody may host '\(fields.path)'",
          at: fields.node("residency")?.location, found: "'\(wanted)'",
          expected: known.isEmpty ? "`residency: \(wanted)` on a site" : known.joined(separator: ", "),
          help: suggestion(for: wanted, among: known)
            ?? "write `residency: \(wanted)` on a site that may hold its data"))
    }
    return wanted
  }

  func regionShares(_ fields: FieldReader, _ regions: [UserRegion]) -> [Service.RegionShare] {
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
}
