import FleetData
import Foundation
import Quantities

/// Decodes a setup file (`setup/1`): who serves, who asks, what lies between and what goes wrong.
struct SetupReader {
  static let keys = [
    "schema", "name", "fleet", "seed", "warm_up", "horizon", "routing", "scheduler", "regions", "sites",
    "links",
    "groups", "services", "disruptions", "lose_failed", "note",
  ]
  let catalog: Catalog
  let log: StudyLog

  func setup(_ node: ConfigNode, file: String, fleet: Fleet?) -> SimulationSetup? {
    let fields = FieldReader(node, path: "setup", known: Self.keys, log: log)
    requireSchema("setup/1", fields, log)
    let places = SetupPlaces(fields, fleet: fleet, catalog: catalog, log: log)
    let serviceEntries = FieldReader.named(fields.node("services"), path: "services", log: log)
    let groupEntries = FieldReader.named(fields.node("groups"), path: "groups", log: log)
    for (key, isEmpty) in [("groups", groupEntries.isEmpty), ("services", serviceEntries.isEmpty)]
    where isEmpty {
      fields.reportMissing(key, example: nil)
    }
    let serviceReader = SetupServiceReader(
      catalog: catalog, places: places, directory: (file as NSString).deletingLastPathComponent, log: log)
    let services = serviceReader.services(serviceEntries)
    let groupReader = SetupGroupReader(catalog: catalog, places: places, services: serviceEntries, log: log)
    let groups = groupReader.groups(groupEntries, of: services)
    // What is missing because it could not be read is no second mistake.
    if services.count == serviceEntries.count, groups.count == groupEntries.count, !groups.isEmpty {
      checkServing(services, groups)
    }
    let disruptionReader = SetupDisruptionReader(
      groups: groups, names: groupEntries.map(\.key), places: places, log: log)
    let disruptions = disruptionReader.disruptions(fields.node("disruptions"))
    disruptionReader.check(places.powerCaps)
    let limits = scheduler(fields)
    return SimulationSetup(
      name: fields.text("name") ?? (file as NSString).lastPathComponent, file: file, groups: groups,
      services: services, sites: places.sites, regions: places.regions, links: places.links,
      routing: fields.choice("routing", RoutingPolicy.self) ?? .leastLoaded, limits: limits,
      disruptions: Disruptions(
        outages: disruptions.outages, rates: disruptions.rates,
        retries: !(fields.flag("lose_failed") ?? false)),
      powerCaps: places.powerCaps + disruptions.caps,
      seed: UInt64(fields.integer("seed", in: 0...1_000_000_000) ?? 1),
      warmUp: fields.number("warm_up", .duration).map { Seconds($0) },
      horizon: fields.number("horizon", .duration, in: 1e-3...1e10).map { Seconds($0) })
  }

  /// `scheduler: {max_batch: 256, chunk: 2048, kv_block: 16, watermark: 1%, swap: 25GB/s}`.
  private func scheduler(_ fields: FieldReader) -> SchedulerLimits {
    var limits = SchedulerLimits()
    guard let node = fields.node("scheduler") else { return limits }
    let reader = FieldReader(
      node, path: "scheduler", known: ["max_batch", "chunk", "kv_block", "watermark", "swap"], log: log)
    limits.maxBatch = reader.integer("max_batch", in: 1...1_000_000) ?? limits.maxBatch
    limits.chunkTokens = reader.integer("chunk", in: 1...10_000_000) ?? limits.chunkTokens
    limits.kvBlockTokens = reader.integer("kv_block", in: 1...1_000_000) ?? limits.kvBlockTokens
    limits.watermark = reader.number("watermark", .ratio, in: 0...0.99) ?? limits.watermark
    if let bandwidth = reader.number("swap", .bandwidth, in: 1...1e15) {
      limits.preemption = .swap(BytesPerSecond(bandwidth))
    }
    return limits
  }

  /// Every service needs somebody who begins its requests, and somebody to hand them to where they only begin them.
  private func checkServing(_ services: [SetupService], _ groups: [SetupGroup]) {
    for service in services {
      let serving = groups.filter { $0.services.contains(service.id) }
      if serving.allSatisfy({ $0.role == .decode }) {
        log.report(
          Diagnostic(
            serving.isEmpty
              ? "no group serves '\(service.id)'"
              : "'\(service.id)' has groups that decode and none that prefill",
            at: service.location, found: "model \(service.models.joined(separator: " or "))",
            expected: "a group of that model"
              + (serving.isEmpty ? "" : " with role: prefill or role: both"),
            help: serving.isEmpty ? "groups here run " + Self.models(groups) : nil))
      } else if let prefill = serving.first(where: { $0.role == .prefill }),
        !serving.contains(where: { $0.role == .decode })
      {
        log.report(
          Diagnostic(
            "'groups.\(prefill.id)' has nobody to hand the caches of '\(service.id)' to",
            at: prefill.location,
            found: "role: prefill", expected: "another group of its model with role: decode"))
      }
    }
  }

  private static func models(_ groups: [SetupGroup]) -> String {
    Array(Set(groups.map(\.model.id))).sorted().joined(separator: ", ")
  }
}
