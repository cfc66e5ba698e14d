import FleetData
import Quantities

/// Decodes one pod with its price: no pod without a price, and none whose power is unknown.
struct PodReader {
  let catalog: Catalog
  let log: StudyLog

  /// The share of a chip's host, network and cooling fans in its wall power, before PUE.
  static let hostPowerFactor = 1.4

  func pod(_ entry: ConfigNode.Entry, siteIDs: [String]) -> Pod? {
    let fields = FieldReader(
      entry.value, path: "pods.\(entry.key)",
      known: [
        "site", "chip", "topology", "count", "price", "available_from", "retired_from", "chip_power",
        "idle_power", "purchasable", "lead_time", "availability", "retirements", "commitment", "restart",
        "racks_per_block", "source", "as_of",
      ], log: log)
    let site = known("site", fields, among: siteIDs)
    let chip = knownChip(fields)
    let topology = podTopology(fields, chip)
    let price = chipPrice(fields)
    let power = chip.flatMap { chipPower(fields, $0) }
    let count = fields.integer("count", in: 0...100_000) ?? 1
    guard let site, let chip, let topology, let price, let power else { return nil }
    let available = fields.month("available_from") ?? 0
    let retired = fields.month("retired_from")
    let inventory = InventoryReader(log: log)
    inventory.checkDates(fields, available: available, retired: retired)
    var pod = Pod(
      id: entry.key, site: site, chip: chip.id, topology: topology, count: count, price: price,
      availableFromMonth: available, retiredFromMonth: retired, powerPerChip: power,
      idlePowerShare: fields.number("idle_power", .ratio, in: 0...1) ?? idleDefault(fields),
      purchasable: fields.integer("purchasable", in: 0...100_000) ?? 0,
      leadTimeMonths: fields.integer("lead_time", .months, in: 0...60) ?? 0,
      availability: fields.number("availability", .ratio, in: 0.5...1))
    pod.retirements = inventory.retirements(fields, count: count)
    pod.commitment = inventory.commitment(fields)
    pod.restart = fields.number("restart", .duration, in: 0...86_400).map { Seconds($0) }
    pod.racksPerBlock = fields.number("racks_per_block", .count, in: 0...1e6)
    return pod
  }

  private func known(_ key: String, _ fields: FieldReader, among ids: [String]) -> String? {
    guard let name = fields.requiredText(key) else { return nil }
    if ids.contains(name) { return name }
    log.report(
      Diagnostic(
        "unknown \(key)", at: fields.node(key)?.location, found: "'\(name)'",
        expected: ids.isEmpty
          ? "a \(key) that was read without error" : "one of \(ids.joined(separator: ", "))",
        help: suggestion(for: name, among: ids)))
    return nil
  }

  private func knownChip(_ fields: FieldReader) -> ChipSpec? {
    guard let name = fields.requiredText("chip") else { return nil }
    do throws(Diagnostic) {
      return try catalog.chip(name)
    } catch {
      var diagnostic = error
      diagnostic.location = fields.node("chip")?.location
      log.report(diagnostic)
      return nil
    }
  }

  private func podTopology(_ fields: FieldReader, _ chip: ChipSpec?) -> SliceTopology? {
    guard let text = fields.requiredText("topology", help: "the chips of one block: 16x16, 4x4x8 or 8") else {
      return nil
    }
    guard let topology = SliceTopology(parsing: text) else {
      log.report(
        Diagnostic(
          "not a topology", at: fields.node("topology")?.location, found: "'\(text)'",
          expected: "chips along each axis, such as 16x16"))
      return nil
    }
    guard case .torus(let links)? = chip?.interconnect, topology.chips > links.maxPodChips else {
      return topology
    }
    log.report(
      Diagnostic(
        "a pod of \(chip?.id ?? "this chip") is smaller", at: fields.node("topology")?.location,
        found: "\(topology.chips) chips", expected: "at most \(links.maxPodChips)",
        help: "use `count` for several pods"))
    return nil
  }

  private func chipPower(_ fields: FieldReader, _ chip: ChipSpec) -> Figure<Watts>? {
    if let watts = fields.number("chip_power", .power, in: 1...1e5) {
      return Figure(
        Watts(watts),
        Provenance(
          source: fields.text("source") ?? fields.location.file, asOf: fields.text("as_of") ?? "",
          grade: .quoted))
    }
    guard let published = chip.power else {
      fields.reportMissing(
        "chip_power", example: "450W",
        help: "no source gives the power of \(chip.id): say what one chip draws")
      return nil
    }
    let watts = published.value * Self.hostPowerFactor
    fields.recordDefault(
      "chip_power", watts.value, unit: "W",
      why: "\(chip.id) \(published.value.value) W × \(Self.hostPowerFactor) for host and network")
    return Figure(
      watts,
      Provenance(
        source: "\(published.provenance.source), × \(Self.hostPowerFactor) for host and network",
        asOf: published.provenance.asOf, grade: .assumed))
  }

  private func idleDefault(_ fields: FieldReader) -> Double {
    fields.recordDefault(
      "idle_power", 0.3, unit: "ratio", why: "an idle accelerator draws about 30 % of its busy power")
    return 0.3
  }

  private func chipPrice(_ fields: FieldReader) -> ChipPrice? {
    guard let node = fields.node("price") else {
      fields.reportMissing(
        "price", example: "{on_demand: $1.20/chip.h}", help: "a chip without a price would count as free")
      return nil
    }
    let price = FieldReader(
      node, path: fields.path + ".price",
      known: [
        "owned", "depreciation", "interest", "committed", "on_demand", "spot", "interruptions", "source",
        "as_of",
      ], log: log)
    let kinds = ["owned", "committed", "on_demand", "spot"].filter { price.node($0) != nil }
    guard kinds.count == 1 else {
      log.report(
        Diagnostic(
          "'\(fields.path).price' needs one kind of price", at: node.location,
          found: kinds.isEmpty ? "none" : kinds.joined(separator: " and "),
          expected: "owned, committed, on_demand or spot"))
      return nil
    }
    let provenance = Provenance(
      source: price.text("source") ?? fields.text("source") ?? fields.location.file,
      asOf: price.text("as_of") ?? fields.text("as_of") ?? "", grade: .quoted)
    return kind(kinds[0], price).map { ChipPrice($0, provenance) }
  }

  private func kind(_ name: String, _ price: FieldReader) -> ChipPrice.Kind? {
    switch name {
    case "owned":
      guard let capital = price.number("owned", .capital),
        let period = price.requiredNumber("depreciation", .duration, in: 86_400...1e10)
      else { return nil }
      return .owned(
        capital: USD(capital), depreciation: Seconds(period),
        annualInterest: price.number("interest", .yearlyRate, in: 0...1) ?? 0)
    case "committed": return price.number("committed", .chipPrice).map { .committed(USDPerSecond($0)) }
    case "on_demand": return price.number("on_demand", .chipPrice).map { .onDemand(USDPerSecond($0)) }
    default:
      return price.number("spot", .chipPrice).map {
        .spot(USDPerSecond($0), interruptionsPerSecond: price.number("interruptions", .eventRate) ?? 0)
      }
    }
  }
}
