import ArgumentParser
import FleetData
import Foundation
import Ingest
import Performance
import Quantities
import Simulation

/// `simulate`: replays traces on given replicas; latencies, throughput, utilisation, and whether it is steady.
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Replay a trace on given replicas, or a setup file of services and groups.",
    discussion: """
      Continuous batching with chunked prefill and a limited KV cache on every replica. TTFT is the time to the
      first token, TPOT the time per token after it. A run that is not in steady state says so, and why.

      Example: fleetplan simulate --trace trace.csv --model llama-3.1-8b --chip h100-sxm --chips 1 --replicas 4

      Several services, models, chips and sites, network, priorities, disaggregation, autoscaling: write them into a \
      setup file (`fleetplan init DIR --template simulation` writes one, `fleetplan schema setup` lists its keys) and run
      fleetplan simulate setup.yaml

      Failures, maintenance, spares and power caps: --fail chip:20000h:30min, --outage slice/3@10min+5min, --maintenance \
      slice/0@1h+20min, --spares 1, --power-cap 20kW@1h+30min, or a --script of such lines.

      Ctrl-C ends a run early: what has been simulated is shown, marked as a part, and the exit status is 130.
      """)
  @Argument(help: "A setup file (setup/1) in place of --trace, --model and --chip.") var setup: String?
  @OptionGroup(title: "Requests") var demand: SimulatedDemand
  @OptionGroup(title: "One replica") var replica: SimulatedReplica
  @OptionGroup(title: "The fleet") var serving: SimulatedServing
  @OptionGroup(title: "Caches and sessions") var caches: SimulatedCaches
  @OptionGroup(title: "Promises") var promises: SimulatedObjective
  @OptionGroup(title: "Failures and power") var disruptions: SimulatedDisruptions
  @OptionGroup(title: "The run") var execution: SimulatedRun
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var output: FormatOption

  /// Flags that change a setup file's run; everything else stands in the file.
  private static let ofAnyRun: Set<String> = [
    "--seed", "--warm-up", "--horizon", "--replications", "--jobs", "--requests-csv", "--routing",
    "--catalog",
    "--format", "--smallest-steady",
  ]

  func validate() throws {
    guard [.text, .json].contains(output.format) else {
      throw ValidationError("a simulation is written as text or json")
    }
    guard setup != nil else {
      let missing = [("--trace", demand.trace), ("--model", replica.model), ("--chip", replica.chip)]
        .filter { $0.1 == nil }.map(\.0)
      guard missing.isEmpty else {
        throw ValidationError(
          missing.count == 3
            ? "what is simulated? Give a setup file, or --trace, --model and --chip"
            : "Missing \(missing.joined(separator: " and "))")
      }
      return
    }
    let flags = GlobalFlags.current.arguments.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    // What is no flag at all is for the parser to say.
    let known = Self.helpMessage(columns: 200)
    let others = flags.filter { !Self.ofAnyRun.contains($0) && known.contains("  \($0) ") }
    guard others.isEmpty else {
      throw ValidationError(
        "with a setup file \(others.joined(separator: " and ")) \(others.count == 1 ? "stands" : "stand") in the file; "
          + "flags beside it are \(Self.ofAnyRun.sorted().joined(separator: ", "))")
    }
  }

  func run() async throws {
    let catalog = try catalog.load()
    var item: SimulatedCase
    if let setup {
      item = try SetupSimulation(setup: try SimulationSetup.read(setup, catalog: catalog)).made()
    } else {
      item = try simulated(by: catalog)
    }
    override(&item.simulation)
    if serving.smallestSteady { try findSmallest(&item.simulation) }
    let runs = try await results(of: item)
    if let broken = runs.flatMap(\.brokenLaws).first {
      throw ExitError(.internalError, "a law is broken: \(broken.law): \(broken.left) and \(broken.right)")
    }
    let report = SimulationReport(runs, item, asked: execution.replications)
    if output.format == .json { try Output.json(report) } else { Output.text(SimulationText(report).text) }
    if report.interrupted { throw ExitCode(128 + SIGINT) }
  }

  private func results(of item: SimulatedCase) async throws -> [SimulationResult] {
    guard execution.replications > 1 else {
      let requests = try execution.requestsCSV.map { try RequestFile(path: $0, item) }
      let result = try SimulationConsole.run(item.simulation, requests: requests)
      try requests?.finish()
      return [result]
    }
    guard item.hasChance else {
      throw ExitError(
        .usage,
        "nothing in this run is left to chance: \(execution.replications) replications would all be the same",
        help: "leave out --replications, or draw something: --fail, or arrivals in a setup file")
    }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return try await SimulationConsole.replications(
      item.simulation, execution.replications, jobs: execution.jobs ?? cores)
  }

  /// What flags say beside a setup file, or beside other flags.
  private func override(_ simulation: inout FleetSimulation) {
    if let seed = execution.seed { simulation.seed = seed }
    if let routing = serving.routing { simulation.routing = routing }
    if let warmUp = execution.warmUp { simulation.warmUp = .fixed(Seconds(warmUp)) }
    if let horizon = execution.horizon { simulation.horizon = Seconds(horizon) }
  }

  private func findSmallest(_ simulation: inout FleetSimulation) throws {
    guard simulation.groups.count == 1 else {
      throw ExitError(
        .usage, "--smallest-steady counts replicas of one group, and here are \(simulation.groups.count)",
        help: "change replicas in the setup file, one group at a time")
    }
    let limit = max(simulation.groups[0].replicas, 4096)
    let progress = Progress()
    defer { progress.finish() }
    let found = try simulation.smallestSteadyReplicas(upTo: limit) {
      progress.phase("trying \($0) replicas")
    }
    guard let found else {
      throw ExitError(.infeasible, "no fleet of up to \(limit) replicas is steady", help: "use larger slices")
    }
    simulation.groups[0].replicas = found + simulation.groups[0].spares
  }

  // MARK: One service on one kind of replica

  private func simulated(by catalog: Catalog) throws -> SimulatedCase {
    guard let path = demand.trace else { throw ExitError(.usage, "--trace says what arrives") }
    let trace = try demand.read(path)
    let choice = try replica.choice(catalog: catalog, trace: trace, limits: serving.limits)
    let made: ReplicaChoice.Made
    do {
      made = try choice.made()
    } catch {
      throw ExitError(
        .badContent, "\(choice.model.id) cannot run on \(choice.chips) \(choice.chip.id): \(error)")
    }
    let stream = ServiceStream(
      service: made.profile.model,
      arrivals: .trace(trace, rateScale: try demand.scale(of: trace), repeats: demand.repeats),
      thinkingMultiplier: demand.thinking, slo: promises.objective, queueLimit: serving.queueLimit,
      queueDeadline: serving.deadline.map { Seconds($0.value) }, sessions: caches.sessions)
    var simulation = FleetSimulation(
      groups: groups(made, peak: choice.peak), streams: [stream], limits: serving.limits)
    try disruptions.apply(to: &simulation, chip: choice.chip)
    return SimulatedCase(
      simulation: simulation, priceIncludesEnergy: simulation.groups.map { $0.price != nil })
  }

  private func groups(_ made: ReplicaChoice.Made, peak: FLOPsPerSecond) -> [ReplicaGroup] {
    let group = ReplicaGroup(
      id: "\(made.profile.chip) \(made.profile.slice)", site: "site", pod: "pod", profile: made.profile,
      replicas: serving.replicas, services: [made.profile.model],
      price: serving.chipHourPrice.map { USDPerSecond($0 / 3600) }, speculation: made.speculation,
      prefixCache: caches.cache, peakPerChip: peak)
    guard let count = serving.prefillReplicas, let link = serving.kvLink else { return [group] }
    var (prefill, decode) = (group, group)
    prefill.id = "prefill"
    prefill.replicas = count
    prefill.speculation = nil
    prefill.role = .prefill(.init(bandwidth: BytesPerSecond(link.bandwidth), latency: Seconds(link.latency)))
    decode.id = "decode"
    decode.role = .decode
    decode.prefixCache = nil
    return [prefill, decode]
  }
}
