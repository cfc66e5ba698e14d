import FleetData
import Quantities

/// Decodes the groups of a setup: which model on which slices, where, how many, and what each group does.
struct SetupGroupReader {
  static let keys = [
    "site", "pod", "model", "chip", "chips", "slice", "sharding", "weights", "kv", "replicas", "spares",
    "start_delay", "role", "kv_link", "price", "chip_power", "idle_power", "speculation", "prefix_cache",
    "autoscale", "services",
  ]
  let catalog: Catalog
  let places: SetupPlaces
  /// As written; those that cannot be read are no reason to call a group's list wrong.
  let services: [ConfigNode.Entry]
  let log: StudyLog

  func groups(_ entries: [ConfigNode.Entry], of known: [SetupService]) -> [SetupGroup] {
    entries.compactMap { group($0, known) }
  }

  private func group(_ entry: ConfigNode.Entry, _ known: [SetupService]) -> SetupGroup? {
    let fields = FieldReader(entry.value, path: "groups.\(entry.key)", known: Self.keys, log: log)
    let pod = pod(fields)
    let model = named("model", fields) { name throws(Diagnostic) in try catalog.model(name) }
    let chip = chip(fields, pod)
    let site = site(fields, pod)
    let role = fields.node("role") == nil ? .both : fields.choice("role", SetupGroup.Role.self)
    let link = kvLink(fields, role)
    let counts = counts(fields)
    let drafts = drafts(fields)
    let power = fields.number("chip_power", .power, in: 1...1e5).map { Watts($0) }
    let price = fields.number("price", .chipPrice).map { ChipPrice.Kind.onDemand(USDPerSecond($0)) }
    let cache = prefixCache(fields)
    let (slice, sharding) = shape(fields, chips: counts.chips)
    guard let model, let chip, let site else { return nil }
    var group = SetupGroup(
      id: entry.key, location: entry.keyLocation, site: site, pod: pod?.id ?? entry.key, model: model,
      chip: chip,
      chips: counts.chips, slice: slice, sharding: sharding,
      weights: fields.choice("weights", Precision.self) ?? .bf16,
      kv: fields.choice("kv", Precision.self) ?? .bf16, replicas: counts.replicas, spares: counts.spares,
      startDelay: Seconds(fields.number("start_delay", .duration) ?? 0), role: role ?? .both,
      linkBandwidth: link?.bandwidth, linkLatency: link?.latency ?? 0,
      price: price ?? pod?.price.kind,
      powerPerChip: power ?? pod?.powerPerChip.value
        ?? chip.power.map { $0.value * PodReader.hostPowerFactor },
      idlePowerShare: fields.number("idle_power", .ratio, in: 0...1) ?? pod?.idlePowerShare ?? 0.3,
      drafts: drafts, prefixCache: cache, services: serves(fields, model, known))
    group.autoscaling = autoscaling(fields, group)
    return group
  }

  // MARK: Where and what

  private func pod(_ fields: FieldReader) -> Pod? {
    guard let name = fields.text("pod"), let node = fields.node("pod") else { return nil }
    if let pod = places.pods.first(where: { $0.id == name }) { return pod }
    let ids = places.pods.map(\.id)
    log.report(
      Diagnostic(
        "unknown pod", at: node.location, found: "'\(name)'",
        expected: ids.isEmpty
          ? "site and chip: pods are of a fleet" : "one of \(ids.joined(separator: ", "))",
        help: nearest(to: name, among: ids).map { "did you mean '\($0)'?" }
          ?? (ids.isEmpty ? "name it with fleet: fleet.yaml" : nil)))
    return nil
  }

  private func chip(_ fields: FieldReader, _ pod: Pod?) -> ChipSpec? {
    if let pod {
      for key in ["chip", "site"] where fields.node(key) != nil {
        log.report(
          Diagnostic(
            "'\(fields.path)' takes its \(key) from its pod", at: fields.node(key)?.location,
            found: "pod and \(key)", expected: "one of them"))
      }
      return try? catalog.chip(pod.chip)
    }
    // An unknown pod has been reported; its chip is not missing besides.
    if fields.node("pod") != nil, fields.node("chip") == nil { return nil }
    return named("chip", fields) { name throws(Diagnostic) in try catalog.chip(name) }
  }

  private func site(_ fields: FieldReader, _ pod: Pod?) -> String? {
    if let pod { return pod.site }
    if fields.node("site") != nil { return places.site(fields) }
    if places.sites.count == 1 { return places.sites[0].id }
    if fields.node("pod") == nil {
      fields.reportMissing("site", example: places.sites.first?.id)
    }
    return nil
  }

  private func named<Value>(
    _ key: String, _ fields: FieldReader, _ find: (String) throws(Diagnostic) -> Value
  ) -> Value? {
    guard let name = fields.requiredText(key) else { return nil }
    do throws(Diagnostic) {
      return try find(name)
    } catch {
      var diagnostic = error
      diagnostic.location = fields.node(key)?.location
      log.report(diagnostic)
      return nil
    }
  }

  /// The services it lists, or all of its model.
  private func serves(_ fields: FieldReader, _ model: TransformerSpec, _ known: [SetupService]) -> [String] {
    guard let node = fields.node("services") else {
      return known.filter { $0.models.contains(model.id) }.map(\.id)
    }
    let names = fields.texts("services")
    for name in names {
      guard services.contains(where: { $0.key == name }) else {
        let ids = services.map(\.key)
        log.report(
          Diagnostic(
            "'\(fields.path)' serves an unknown service", at: node.location, found: "'\(name)'",
            expected: "one of \(ids.joined(separator: ", "))",
            help: nearest(to: name, among: ids).map { "did you mean '\($0)'?" }))
        continue
      }
      guard let service = known.first(where: { $0.id == name }), !service.models.contains(model.id) else {
        continue
      }
      log.report(
        Diagnostic(
          "'\(fields.path)' runs a model that '\(name)' does not answer with", at: node.location,
          found: "'\(model.id)'", expected: service.models.joined(separator: " or ")))
    }
    return names
  }

  // MARK: How many and how

  private func counts(_ fields: FieldReader) -> (chips: Int, replicas: Int, spares: Int) {
    let spares = fields.integer("spares", in: 0...1_000_000) ?? 0
    if spares > 0, let node = fields.node("autoscale") {
      log.report(
        Diagnostic(
          "'\(fields.path)' has spares and scales", at: node.location, found: "spares and autoscale",
          expected: "one of them", help: "autoscale powers replicas by load, spares by losses"))
    }
    return (
      fields.integer("chips", in: 1...100_000) ?? 1, fields.integer("replicas", in: 1...1_000_000) ?? 1,
      spares
    )
  }

  private func shape(_ fields: FieldReader, chips: Int) -> (SliceTopology?, Sharding?) {
    var slice: SliceTopology?
    if let text = fields.text("slice") {
      slice = SliceTopology(parsing: text)
      if slice?.chips != chips {
        log.report(
          Diagnostic(
            "this is no shape of \(chips) chips", at: fields.node("slice")?.location, found: "'\(text)'",
            expected: "chips along each axis, such as 2x4, whose product is chips"))
      }
    }
    guard let node = fields.node("sharding") else { return (slice, nil) }
    let axes = ["tensor", "pipeline", "expert", "data", "sequence"]
    let reader = FieldReader(node, path: fields.path + ".sharding", known: axes, log: log)
    let ways = axes.map { reader.integer($0, in: 1...100_000) }
    let others = ways.dropFirst().reduce(1) { $0 * ($1 ?? 1) }
    let sharding = Sharding(
      data: ways[3] ?? 1, tensor: ways[0] ?? max(1, chips / others), pipeline: ways[1] ?? 1,
      expert: ways[2] ?? 1, sequence: ways[4] ?? 1)
    if sharding.chips != chips {
      log.report(
        Diagnostic(
          "the axes do not make up the chips", at: node.location, found: "\(sharding.chips) ways",
          expected: "a product of \(chips)"))
    }
    return (slice, sharding)
  }

  /// `kv_link: 50GB/s` or `kv_link: {bandwidth: 50GB/s, latency: 100us}` of a group that prefills.
  private func kvLink(
    _ fields: FieldReader, _ role: SetupGroup.Role?
  ) -> (bandwidth: BytesPerSecond, latency: Seconds)? {
    guard let node = fields.node("kv_link") else {
      if role == .prefill {
        fields.reportMissing(
          "kv_link", example: "50GB/s", help: "prompts are processed here and decoded elsewhere")
      }
      return nil
    }
    if let role, role != .prefill {
      log.report(
        Diagnostic(
          "'\(fields.path)' sends no caches", at: node.location, found: "kv_link with role: \(role.rawValue)",
          expected: "role: prefill"))
    }
    if case .scalar = node.content {
      return fields.number("kv_link", .bandwidth, in: 1...1e15).map { (BytesPerSecond($0), 0) }
    }
    let reader = FieldReader(node, path: fields.path + ".kv_link", known: ["bandwidth", "latency"], log: log)
    let latency = reader.number("latency", .duration, in: 0...60) ?? 0
    return reader.requiredNumber("bandwidth", .bandwidth, in: 1...1e15)
      .map { (BytesPerSecond($0), Seconds(latency)) }
  }

  /// `speculation: {draft_tokens: 3, acceptance: 70%, draft_model: llama-3.1-8b}`.
  private func drafts(_ fields: FieldReader) -> SetupDrafts? {
    guard let node = fields.node("speculation") else { return nil }
    let reader = FieldReader(
      node, path: fields.path + ".speculation",
      known: ["draft_tokens", "acceptance", "draft_model", "draft_step"],
      log: log)
    if reader.node("draft_tokens") == nil { reader.reportMissing("draft_tokens", example: "3") }
    let tokens = reader.integer("draft_tokens", in: 1...1000)
    let acceptance = reader.requiredNumber("acceptance", .ratio, in: 0...0.999999)
    var model: TransformerSpec?
    if reader.node("draft_model") != nil {
      model = named("draft_model", reader) { name throws(Diagnostic) in try catalog.model(name) }
    }
    let step = reader.number("draft_step", .duration, in: 0...60).map { Seconds($0) }
    guard let tokens, let acceptance else { return nil }
    return SetupDrafts(tokens: tokens, acceptance: acceptance, model: model, step: step)
  }

  /// `prefix_cache: {device: 20%, host_tokens: 1000000, host_bandwidth: 50GB/s, remote_tokens: …, remote_bandwidth: …}`.
  private func prefixCache(_ fields: FieldReader) -> PrefixCache? {
    guard let node = fields.node("prefix_cache") else { return nil }
    let reader = FieldReader(
      node, path: fields.path + ".prefix_cache",
      known: ["device", "host_tokens", "host_bandwidth", "remote_tokens", "remote_bandwidth"], log: log)
    var cache = PrefixCache(
      deviceShare: reader.number("device", .ratio, in: 0...0.99) ?? 0,
      hostTokens: reader.integer("host_tokens", in: 0...1_000_000_000_000) ?? 0,
      remoteTokens: reader.integer("remote_tokens", in: 0...1_000_000_000_000) ?? 0)
    if let bandwidth = reader.number("host_bandwidth", .bandwidth, in: 1...1e15) {
      cache.hostBandwidth = BytesPerSecond(bandwidth)
    }
    if let bandwidth = reader.number("remote_bandwidth", .bandwidth, in: 1...1e15) {
      cache.remoteBandwidth = BytesPerSecond(bandwidth)
    }
    return cache
  }

  /// `autoscale: {minimum: 0, target: 32, interval: 30s}` up to the group's replicas.
  private func autoscaling(_ fields: FieldReader, _ group: SetupGroup) -> Autoscaling? {
    guard let node = fields.node("autoscale") else { return nil }
    let reader = FieldReader(
      node, path: fields.path + ".autoscale", known: ["minimum", "initial", "target", "interval"], log: log)
    let minimum = reader.integer("minimum", in: 0...group.replicas) ?? 0
    let initial = reader.integer("initial", in: 0...group.replicas) ?? minimum
    let interval = reader.number("interval", .duration, in: 1e-3...1e9) ?? 30
    guard let target = reader.requiredNumber("target", .count, in: 1e-6...1e9) else { return nil }
    return Autoscaling(
      group: group.id, minimum: minimum, initial: initial, targetInFlight: target,
      interval: Seconds(interval),
      startDelay: group.startDelay)
  }
}
