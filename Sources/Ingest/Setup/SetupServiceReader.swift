import FleetData
import Quantities

/// Decodes the services of a setup: whose requests come, when, how long they are, and what they were promised.
struct SetupServiceReader {
  static let keys = [
    "model", "trace", "trace_format", "columns", "rate", "rate_scale", "repeat", "arrivals", "thinking",
    "regions",
    "slo", "priority", "queue_limit", "deadline", "sessions", "bytes_per_token",
  ]
  let catalog: Catalog
  let places: SetupPlaces
  let directory: String
  let log: StudyLog

  func services(_ entries: [ConfigNode.Entry]) -> [SetupService] {
    let classes = priorityClasses(entries)
    return entries.compactMap { service($0, classes) }
  }

  /// Higher is more important in the file; the simulator serves class 0 first and knows four.
  private func priorityClasses(_ entries: [ConfigNode.Entry]) -> [Int: Int] {
    var all: [Int] = []
    for entry in entries {
      let priority = entry.value["priority"].flatMap { $0.scalarText }.flatMap { Int($0) } ?? 0
      guard !all.contains(priority) else { continue }
      all.append(priority)
      guard all.count == 5 else { continue }
      log.report(
        Diagnostic(
          "there are more priorities than classes",
          at: entry.value["priority"]?.location ?? entry.keyLocation,
          found: all.map(String.init).joined(separator: ", "), expected: "at most 4 different ones"))
    }
    let sorted = all.sorted(by: >)
    return Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
  }

  private func service(_ entry: ConfigNode.Entry, _ classes: [Int: Int]) -> SetupService? {
    let fields = FieldReader(entry.value, path: "services.\(entry.key)", known: Self.keys, log: log)
    let shared = ServiceReader(catalog: catalog, log: log)
    let models = shared.models(fields)
    let demand = demand(fields, of: entry.key)
    let slo = fields.node("slo") == nil ? ServiceLevelObjective() : shared.objective(fields)
    let priority = fields.integer("priority", in: 0...1000) ?? 0
    let shares = regionShares(fields, shared)
    let queueLimit = fields.integer("queue_limit", in: 0...1_000_000_000)
    let deadline = fields.number("deadline", .duration, in: 1e-6...1e9)
    let sessions = sessions(fields)
    let thinking = fields.number("thinking", .ratio, in: 0.01...10_000) ?? 1
    let bytes = fields.number("bytes_per_token", .count, in: 0...1e9) ?? 4
    guard !models.isEmpty, let demand else { return nil }
    return SetupService(
      id: entry.key, location: entry.keyLocation, models: models, demand: demand, thinking: thinking,
      regionShares: shares, slo: slo, priorityClass: classes[priority] ?? 0, queueLimit: queueLimit,
      deadline: deadline.map { Seconds($0) }, sessions: sessions, bytesPerToken: Bytes(bytes))
  }

  /// Left out where there is one region, or where a trace may have a column of them.
  private func regionShares(_ fields: FieldReader, _ shared: ServiceReader) -> [Service.RegionShare] {
    let regions = places.regions.map { UserRegion(id: $0, latitude: nil, longitude: nil) }
    if let node = fields.node("regions"), regions.isEmpty {
      log.report(
        Diagnostic(
          "there are no regions to take shares of", at: node.location,
          found: "regions in '\(fields.path)' alone",
          expected: "regions: {us: {catalog: gcp/us-east4}} at the top of the file"))
      return []
    }
    if regions.isEmpty || (fields.node("regions") == nil && regions.count > 1 && fields.node("trace") != nil)
    {
      return []
    }
    return shared.regionShares(fields, regions)
  }

  /// `sessions: {hold: 5min, state: 2GB, state_bandwidth: 10GB/s}`.
  private func sessions(_ fields: FieldReader) -> SessionKeeping? {
    guard let node = fields.node("sessions") else { return nil }
    let reader = FieldReader(
      node, path: fields.path + ".sessions", known: ["hold", "state", "state_bandwidth"], log: log)
    var keeping = SessionKeeping(hold: Seconds(reader.number("hold", .duration) ?? 0))
    keeping.stateBytes = Bytes(reader.number("state", .bytes) ?? 0)
    if let bandwidth = reader.number("state_bandwidth", .bandwidth, in: 1...1e15) {
      keeping.stateBandwidth = BytesPerSecond(bandwidth)
    }
    return keeping
  }

  // MARK: Demand

  private func demand(_ fields: FieldReader, of service: String) -> SetupService.Demand? {
    switch (fields.node("trace"), fields.node("arrivals")) {
    case (nil, nil):
      fields.reportMissing(
        "trace", example: "traces/chat.csv",
        help: "or arrivals: {rate: 4req/s, count: 10000, input: 900, output: 200}")
      return nil
    case (_?, let arrivals?):
      log.report(
        Diagnostic(
          "'\(fields.path)' says both 'trace' and 'arrivals'", at: arrivals.location, expected: "one of them")
      )
      return nil
    case (_?, nil): return trace(fields, of: service).map { .trace($0) }
    case (nil, let arrivals?):
      for key in ["trace_format", "columns", "rate", "rate_scale", "repeat"] {
        guard let node = fields.node(key) else { continue }
        log.report(
          Diagnostic(
            "'\(key)' is of a trace", at: node.location, found: "arrivals and \(key)",
            expected: "a trace, or rate and count in arrivals"))
      }
      return SetupArrivalsReader(log: log).arrivals(arrivals, path: fields.path + ".arrivals").map {
        .drawn($0)
      }
    }
  }

  private func trace(_ fields: FieldReader, of service: String) -> SetupTrace? {
    let format = fields.choice("trace_format", TraceFormat.self)
    let rate = fields.number("rate", .requestRate, in: 1e-9...1e9)
    let scale = fields.number("rate_scale", .ratio, in: 1e-9...1e9)
    let repeats = fields.integer("repeat", in: 1...1_000_000_000)
    if rate != nil, scale != nil {
      log.report(
        Diagnostic(
          "'\(fields.path)' says both 'rate' and 'rate_scale'", at: fields.node("rate_scale")?.location,
          expected: "one of them", help: "rate says how many requests come, rate_scale how many times as many"
        ))
    }
    guard let name = fields.text("trace"), let node = fields.node("trace") else { return nil }
    return SetupTrace(
      file: Study.TraceFile(
        service: service, path: Study.resolve(name, in: directory), asked: node.location), format: format,
      columns: fields.text("columns"), rate: rate, rateScale: scale ?? 1, repeats: repeats ?? 1)
  }
}

/// Decodes drawn requests: `{rate: 4req/s, count: 10000, process: poisson, input: {mean: 900, sigma: 0.8}, output: 200}`.
struct SetupArrivalsReader {
  let log: StudyLog

  func arrivals(_ node: ConfigNode, path: String) -> SyntheticArrivals? {
    let fields = FieldReader(
      node, path: path, known: ["rate", "count", "process", "input", "output"], log: log)
    let rate = fields.requiredNumber("rate", .requestRate, in: 1e-9...1e9)
    if fields.node("count") == nil { fields.reportMissing("count", example: "10000") }
    let count = fields.integer("count", in: 1...1_000_000_000)
    let process = fields.choice("process", SyntheticArrivals.Process.self) ?? .poisson
    let input = lengths("input", fields)
    let output = lengths("output", fields)
    guard let rate, let count, let input, let output else { return nil }
    return SyntheticArrivals(
      requestsPerSecond: rate, count: count, process: process, input: input, output: output)
  }

  /// `512`, or a mean with the sigma of a lognormal, the scv of a hyperexponential, or alone for an exponential.
  private func lengths(_ key: String, _ fields: FieldReader) -> SyntheticArrivals.Lengths? {
    guard let node = fields.node(key) else {
      fields.reportMissing(
        key, example: "{mean: 900, sigma: 0.8}", help: "tokens of a request, or one number for all")
      return nil
    }
    guard case .mapping = node.content else {
      return fields.integer(key, in: 1...100_000_000).map { .fixed($0) }
    }
    let reader = FieldReader(node, path: "\(fields.path).\(key)", known: ["mean", "sigma", "scv"], log: log)
    let mean = reader.requiredNumber("mean", .count, in: 1...1e8)
    let sigma = reader.number("sigma", .count, in: 0...5)
    let scv = reader.number("scv", .count, in: 1.000001...1000)
    if sigma != nil, scv != nil {
      log.report(
        Diagnostic(
          "'\(reader.path)' is of two distributions", at: node.location, found: "sigma and scv",
          expected: "sigma for a lognormal or scv for a hyperexponential"))
    }
    guard let mean else { return nil }
    if let sigma { return .lognormal(mean: mean, sigma: sigma) }
    return scv.map { .hyperexponential(mean: mean, scv: $0) } ?? .exponential(mean: mean)
  }
}
