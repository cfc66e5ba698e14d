import FleetData
import Quantities

/// Decodes what varies over time and what limits a site or a kind of chip: ramps, hours, retirements, commitments,
/// quotas.
struct InventoryReader {
  let log: StudyLog

  // MARK: Sites

  /// `power_ramp: [{from: 6, cap: 8MW}]`, months ascending.
  func powerRamp(_ fields: FieldReader) -> [Site.PowerStep] {
    let steps = items("power_ramp", of: fields).compactMap { node, path -> Site.PowerStep? in
      let step = FieldReader(node, path: path, known: ["from", "cap"], log: log)
      guard let cap = step.requiredNumber("cap", .power, in: 1...1e12),
        let month = requiredMonth("from", step)
      else { return nil }
      return Site.PowerStep(fromMonth: month, cap: Watts(cap))
    }
    for (step, next) in zip(steps, steps.dropFirst()) where next.fromMonth <= step.fromMonth {
      log.report(
        Diagnostic(
          "the months of '\(fields.path).power_ramp' do not ascend", at: fields.node("power_ramp")?.location,
          found: "\(step.fromMonth), then \(next.fromMonth)", expected: "each step later than the one before")
      )
    }
    return steps
  }

  /// One value for each of the 24 hours (UTC) of a day; empty when absent.
  func hours(_ key: String, _ fields: FieldReader, _ dimension: Dimension, in range: ClosedRange<Double>)
    -> [Double]
  {
    guard let node = fields.node(key) else { return [] }
    guard case .sequence(let items) = node.content, items.count == 24 else {
      var found = node.kind
      if case .sequence(let items) = node.content { found = "\(items.count) values" }
      log.report(
        Diagnostic(
          "'\(fields.path).\(key)' needs 24 values", at: node.location, found: found,
          expected: "a list of \(dimension.name) for each hour (UTC), such as \(dimension.example)"))
      return []
    }
    let values = items.compactMap { item -> Double? in
      let text = if case .scalar(let text) = item.content { text } else { "" }
      do throws(Diagnostic) {
        let value = try dimension.parse(text, rates: log.rates)
        guard range.contains(value) else {
          throw Diagnostic("out of range", found: "'\(text)'", expected: "such as \(dimension.example)")
        }
        return value
      } catch {
        var diagnostic = error
        diagnostic.what = "'\(key)': \(error.what)"
        diagnostic.location = item.location
        log.report(diagnostic)
        return nil
      }
    }
    return values.count == 24 ? values : []
  }

  // MARK: Pods

  /// `retirements: [{from: 6, count: 2}]`; together no more blocks than stand.
  func retirements(_ fields: FieldReader, count: Int) -> [Pod.Retirement] {
    let found = items("retirements", of: fields).compactMap { node, path -> Pod.Retirement? in
      let reader = FieldReader(node, path: path, known: ["from", "count"], log: log)
      guard let month = requiredMonth("from", reader) else { return nil }
      if reader.node("count") == nil { reader.reportMissing("count", example: "2") }
      guard let blocks = reader.integer("count", in: 1...100_000) else { return nil }
      return Pod.Retirement(fromMonth: month, blocks: blocks)
    }
    let total = found.reduce(0) { $0 + $1.blocks }
    if total > count {
      log.report(
        Diagnostic(
          "'\(fields.path)' retires more blocks than stand", at: fields.node("retirements")?.location,
          found: "\(total)", expected: "at most \(count)"))
    }
    return found
  }

  /// `commitment: {from: 0, until: 12, otherwise: $3/chip.h}`: the months the pod's price was agreed for.
  func commitment(_ fields: FieldReader) -> Pod.Commitment? {
    guard let node = fields.node("commitment") else { return nil }
    let reader = FieldReader(
      node, path: fields.path + ".commitment", known: ["from", "until", "otherwise"], log: log)
    let from = reader.month("from", in: -1200...600) ?? 0
    guard let until = requiredMonth("until", reader, in: -1200...600) else { return nil }
    if until <= from {
      log.report(
        Diagnostic(
          "a commitment ends after it starts", at: reader.node("until")?.location,
          found: "from month \(from) until month \(until)", expected: "until: \(from + 12)",
          help: "`until` is the first month after it"))
    }
    return Pod.Commitment(
      fromMonth: from, untilMonth: until,
      otherwise: reader.number("otherwise", .chipPrice).map { USDPerSecond($0) })
  }

  /// The month a pod is gone must come after the month it is there.
  func checkDates(_ fields: FieldReader, available: Int, retired: Int?) {
    guard let retired, retired <= available else { return }
    log.report(
      Diagnostic(
        "'\(fields.path)' is retired before it can be used", at: fields.node("retired_from")?.location,
        found: "available from month \(available), retired from month \(retired)",
        expected: "retired_from after available_from"))
  }

  // MARK: The fleet as a whole

  /// `quotas: [{chip: h100, site: iowa, chips: 512}]`
  func quotas(_ fields: FieldReader, catalog: Catalog, sites: [String]) -> [ChipQuota] {
    items("quotas", of: fields).compactMap { node, path in
      let reader = FieldReader(node, path: path, known: ["chip", "site", "chips"], log: log)
      if reader.node("chips") == nil { reader.reportMissing("chips", example: "512") }
      guard let name = reader.requiredText("chip"), let chips = reader.integer("chips", in: 0...100_000_000)
      else { return nil }
      let site = reader.text("site")
      if let site, !sites.contains(site) {
        log.report(
          Diagnostic(
            "a quota names an unknown site", at: reader.node("site")?.location, found: "'\(site)'",
            expected: "one of \(sites.joined(separator: ", "))",
            help: suggestion(for: site, among: sites)))
        return nil
      }
      do throws(Diagnostic) {
        return ChipQuota(chip: try catalog.chip(name).id, site: site, chips: chips)
      } catch {
        var diagnostic = error
        diagnostic.location = reader.node("chip")?.location
        log.report(diagnostic)
        return nil
      }
    }
  }

  /// What no pod says alone: racks are counted for all pods of a site or for none, and what stands fits.
  func check(_ fleet: Fleet, at location: Diagnostic.Location) {
    for site in fleet.sites {
      guard let racks = site.racks else { continue }
      let pods = fleet.pods.filter { $0.site == site.id }
      for pod in pods where pod.racksPerBlock == nil {
        log.report(
          Diagnostic(
            "'pods.\(pod.id)' needs 'racks_per_block'", at: location, expected: "racks_per_block: 4",
            help: "\(site.id) counts its racks, so every pod there says how many it fills"))
      }
      let used = pods.reduce(0) {
        $0 + ($1.racksPerBlock ?? 0) * Double($1.standingBlocks(inMonth: $1.availableFromMonth))
      }
      guard used > racks else { continue }
      log.report(
        Diagnostic(
          "the pods of '\(site.id)' do not fit its racks", at: location, found: "\(used) racks",
          expected: "at most \(racks)"))
    }
  }

  // MARK: Parts

  private func items(_ key: String, of fields: FieldReader) -> [(node: ConfigNode, path: String)] {
    guard let node = fields.node(key) else { return [] }
    guard case .sequence(let items) = node.content else {
      log.report(Diagnostic("'\(key)' must be a list", at: node.location, found: node.kind))
      return []
    }
    return items.enumerated().map { ($0.element, "\(fields.path).\(key).\($0.offset + 1)") }
  }

  private func requiredMonth(
    _ key: String, _ fields: FieldReader, in range: ClosedRange<Int> = 0...600
  ) -> Int? {
    if fields.node(key) == nil {
      fields.reportMissing(
        key, example: "6",
        help: "months are counted from the first of the plan, which is 0, or written as 2027-04")
    }
    return fields.month(key, in: range)
  }
}
