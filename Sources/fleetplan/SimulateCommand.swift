import ArgumentParser
import FleetData
import Foundation
import Ingest
import Performance
import Quantities
import Simulation

/// `simulate`: replays a trace on given replicas; latencies, throughput, utilisation, and whether it is steady.
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Replay a trace on given replicas.",
    discussion: """
      Continuous batching with chunked prefill and a limited KV cache on every replica. TTFT is the time to the
      first token, TPOT the time per token after it. A run that is not in steady state says so, and why.

      Example: fleetplan simulate --trace trace.csv --model llama-3.1-8b --chip h100-sxm --chips 1 --replicas 4

      Failures, maintenance, spares and power caps: --fail chip:20000h:30min, --outage slice/3@10min+5min, --maintenance \
      slice/0@1h+20min, --spares 1, --power-cap 20kW@1h+30min, or a --script of such lines.

      Ctrl-C ends a run early: what has been simulated is shown, marked as a part, and the exit status is 130.
      """)
  @OptionGroup var demand: SimulatedDemand
  @OptionGroup var replica: SimulatedReplica
  @OptionGroup var serving: SimulatedServing
  @OptionGroup(title: "Failures and power") var disruptions: SimulatedDisruptions
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var output: FormatOption

  func validate() throws {
    guard [.text, .json].contains(output.format) else {
      throw ValidationError("a simulation is written as text or json")
    }
  }

  func run() async throws {
    let catalog = try catalog.load()
    let trace = try demand.read()
    let profile = try replica.profile(catalog: catalog, trace: trace, limits: serving.limits)
    let chip = try catalog.chip(replica.chip)
    var simulation = try simulation(of: trace, on: profile)
    simulation.groups[0].peakPerChip = chip.peak[replica.arithmetic]?.value ?? 0
    try disruptions.apply(to: &simulation, chip: chip)
    if serving.smallestSteady { try findSmallest(&simulation) }
    let requests = try serving.requestsCSV.map { try RequestFile(path: $0) }
    let result = try SimulationConsole.run(simulation, requests: requests)
    try requests?.finish()
    if let broken = result.brokenLaws.first {
      throw ExitError(.internalError, "a law is broken: \(broken.law): \(broken.left) and \(broken.right)")
    }
    let report = SimulationReport(result, simulation)
    if output.format == .json { try Output.json(report) } else { Output.text(report.text) }
    if result.interrupted { throw ExitCode(128 + SIGINT) }
  }

  private func findSmallest(_ simulation: inout FleetSimulation) throws {
    let limit = max(serving.replicas, 4096)
    guard let found = try simulation.smallestSteadyReplicas(upTo: limit) else {
      throw ExitError(.infeasible, "no fleet of up to \(limit) replicas is steady", help: "use larger slices")
    }
    simulation.groups[0].replicas = found + simulation.groups[0].spares
  }

  private func simulation(of trace: WorkloadTrace, on profile: ReplicaProfile) throws -> FleetSimulation {
    let stream = ServiceStream(
      service: profile.model,
      arrivals: .trace(trace, rateScale: try demand.scale(of: trace), repeats: demand.repeats),
      thinkingMultiplier: demand.thinking, slo: serving.objective,
      sessions: serving.sessionHold.map { SessionKeeping(hold: Seconds($0)) })
    let group = ReplicaGroup(
      id: "\(profile.chip) \(profile.slice)", site: "site", pod: "pod", profile: profile,
      replicas: serving.replicas, services: [profile.model],
      price: serving.chipHourPrice.map { USDPerSecond($0 / 3600) }, prefixCache: serving.cache)
    return FleetSimulation(
      groups: [group], streams: [stream], routing: serving.routing, limits: serving.limits,
      seed: serving.seed,
      warmUp: serving.warmUp.map { .fixed(Seconds($0)) } ?? .automatic,
      horizon: serving.horizon.map { Seconds($0) })
  }
}

extension RoutingPolicy: ExpressibleByArgument {}
