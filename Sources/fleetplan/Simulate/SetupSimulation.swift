import Economics
import FleetData
import Foundation
import Ingest
import Performance
import Quantities
import Simulation

/// From a setup as written to a simulation: reads its traces, and asks the performance model what its groups can do.
struct SetupSimulation {
  let setup: SimulationSetup

  /// - Throws: `ExitError` with everything that is wrong with traces and groups.
  func made() throws -> SimulatedCase {
    var problems: [Diagnostic] = []
    var isMissing = false
    var streams: [ServiceStream] = []
    for service in setup.services {
      do {
        streams.append(try stream(service))
      } catch let error as ExitError {
        problems += error.diagnostics
        isMissing = isMissing || error.status == .inputMissing
      }
    }
    guard problems.isEmpty else { throw ExitError(isMissing ? .inputMissing : .badContent, problems) }
    var groups: [ReplicaGroup] = []
    for group in setup.groups {
      do throws(Diagnostic) {
        groups.append(try replicas(group, streams))
      } catch { problems.append(error) }
    }
    guard problems.isEmpty else { throw ExitError(.badContent, problems) }
    let simulation = FleetSimulation(
      groups: groups, streams: streams,
      roundTrips: setup.links.map {
        RoundTrip(region: $0.from, site: $0.to, time: $0.roundTrip, bandwidth: $0.bandwidth)
      }, routing: setup.routing, limits: setup.limits, seed: setup.seed,
      warmUp: setup.warmUp.map { .fixed($0) } ?? .automatic, horizon: setup.horizon,
      disruptions: setup.disruptions, autoscaling: setup.groups.compactMap(\.autoscaling),
      powerCaps: setup.powerCaps)
    return SimulatedCase(
      simulation: simulation, name: setup.name, sites: setup.sites,
      priceIncludesEnergy: setup.groups.map { $0.price.map { !$0.isOwned } ?? false })
  }

  // MARK: Services

  private func stream(_ service: SetupService) throws -> ServiceStream {
    var stream = ServiceStream(
      service: service.id, arrivals: .trace(WorkloadTrace()), thinkingMultiplier: service.thinking,
      regionShares: service.regionShares, slo: service.slo, priorityClass: service.priorityClass,
      queueLimit: service.queueLimit, queueDeadline: service.deadline, sessions: service.sessions,
      bytesPerToken: service.bytesPerToken)
    switch service.demand {
    case .drawn(let arrivals): stream.arrivals = .synthetic(arrivals)
    case .trace(let source):
      let trace = try read(source)
      try checkRegions(of: trace, service, source)
      stream.arrivals = .trace(trace, rateScale: try scale(source, trace), repeats: source.repeats)
    }
    return stream
  }

  private func read(_ source: SetupTrace) throws -> WorkloadTrace {
    var options = TraceOptions(format: source.format)
    options.hashing = false
    do throws(TraceError) {
      do {
        options.columns = try source.columns.map(TraceInputOptions.choices) ?? []
      } catch {
        throw .columns(what: "\(error)", found: source.columns ?? "", help: "timestamp=time,input=prompt")
      }
      let reading = try TraceInputOptions.reading(source.file.path, options)
      if reading.rejected > 0 {
        Output.note("\(source.file.path): \(reading.rejected) rows rejected, \(reading.accepted) read")
      }
      return reading.trace
    } catch {
      if case .missing = error { throw ExitError(.inputMissing, [source.file.missing]) }
      throw TraceInputOptions.exit(error, source.file.path)
    }
  }

  private func scale(_ source: SetupTrace, _ trace: WorkloadTrace) throws -> Double {
    guard let rate = source.rate else { return source.rateScale }
    let span = trace.arrivals.last?.seconds ?? 0
    guard trace.count > 1, span > 0 else {
      throw ExitError(
        .badContent,
        [Diagnostic("a rate needs a trace whose requests come at different times", at: source.file.asked)])
    }
    return rate * span / Double(trace.count - 1)
  }

  /// Users are somewhere: in regions of the setup, by the trace's own column or by shares.
  private func checkRegions(of trace: WorkloadTrace, _ service: SetupService, _ source: SetupTrace) throws {
    guard !setup.regions.isEmpty else { return }
    if trace.regionNames.isEmpty {
      guard service.regionShares.isEmpty else { return }
      throw ExitError(
        .badContent,
        [
          Diagnostic(
            "where do the requests of '\(service.id)' come from?", at: service.location,
            found: "several regions and a trace without a column of them",
            expected: "regions: {\(setup.regions[0]): 100%}")
        ])
    }
    let unknown = trace.regionNames.filter { !setup.regions.contains($0) }
    guard unknown.isEmpty else {
      throw ExitError(
        .badContent,
        [
          Diagnostic(
            "the trace has regions that the setup does not know", at: source.file.asked,
            found: unknown.map { "'\($0)'" }.joined(separator: ", "),
            expected: setup.regions.joined(separator: ", "))
        ])
    }
  }

  // MARK: Groups

  private func replicas(_ group: SetupGroup, _ streams: [ServiceStream]) throws(Diagnostic) -> ReplicaGroup {
    let choice = ReplicaChoice(
      model: group.model, chip: group.chip, chips: group.chips, slice: group.slice, sharding: group.sharding,
      weights: group.weights, kv: group.kv, drafts: group.drafts, limits: setup.limits,
      lengths: MeanLengths(streams.filter { group.services.contains($0.service) }.map(\.meanLengths)))
    let made: ReplicaChoice.Made
    do throws(EstimateError) {
      made = try choice.made()
    } catch {
      throw Diagnostic(
        "\(group.model.id) cannot run on \(group.chips) \(group.chip.id): \(error)", at: group.location)
    }
    var role = ReplicaGroup.Role.both
    if group.role == .decode { role = .decode }
    if let bandwidth = group.linkBandwidth, group.role == .prefill {
      role = .prefill(.init(bandwidth: bandwidth, latency: group.linkLatency))
    }
    return ReplicaGroup(
      id: group.id, site: group.site, pod: group.pod, profile: made.profile,
      replicas: group.replicas + group.spares, services: group.services, role: role,
      powerPerChip: group.powerPerChip ?? 0, idlePowerShare: group.idlePowerShare, price: try price(group),
      speculation: made.speculation, prefixCache: group.prefixCache, spares: group.spares,
      startDelay: group.startDelay, peakPerChip: choice.peak)
  }

  private func price(_ group: SetupGroup) throws(Diagnostic) -> USDPerSecond? {
    guard let kind = group.price else { return nil }
    do {
      let price = try ChipHourPrice(ChipPrice(kind, Provenance(source: setup.file, asOf: "", grade: .quoted)))
      return USDPerSecond(price.usdPerHour / Seconds.hour.value)
    } catch {
      throw Diagnostic("\(error)", at: group.location)
    }
  }
}

extension ServiceStream {
  /// Mean lengths with the requests per second they come at.
  fileprivate var meanLengths: (lengths: MeanLengths, weight: Double) {
    switch arrivals {
    case .trace(let trace, let rateScale, _):
      let span = max(trace.arrivals.last?.seconds ?? 0, 1e-9)
      return (MeanLengths(trace).thinking(thinkingMultiplier), Double(trace.count) * rateScale / span)
    case .synthetic(let drawn):
      return (MeanLengths(drawn).thinking(thinkingMultiplier), drawn.requestsPerSecond)
    }
  }
}

extension ChipPrice.Kind {
  fileprivate var isOwned: Bool { if case .owned = self { true } else { false } }
}
