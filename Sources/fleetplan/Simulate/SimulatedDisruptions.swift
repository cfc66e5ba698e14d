import ArgumentParser
import FleetData
import Foundation
import Ingest
import Quantities
import Simulation

/// What goes wrong, what stands by, and what is switched off.
struct SimulatedDisruptions: ParsableArguments {
  @Option(
    name: .customLong("fail"),
    help: """
      Drawn failures, PART:MTBF:MTTR, such as chip:20000h:30min; PART is chip, host, host/CHIPS, slice, site or link. May be \
      repeated.
      """)
  var failures: [String] = []
  @Option(
    name: .customLong("outage"),
    help: """
      An outage at a stated time, WHAT@START+DURATION, such as slice/3@10min+5min; WHAT is slice/INDEX from 0, site, or \
      link: the users' way to the site. May be repeated.
      """)
  var outages: [String] = []
  @Option(
    name: .customLong("maintenance"),
    help: """
      The same, planned: slices take nothing new from START on and go down when their last request has left. May be \
      repeated.
      """)
  var maintenance: [String] = []
  @Option(
    name: .customLong("power-cap"),
    help:
      "The most power of all busy chips, WATTS[@START[+DURATION]], such as 20kW@1h+30min. May be repeated.")
  var powerCaps: [String] = []
  @Option(
    help: """
      A file of such words, one per line: fail, outage, maintenance or power-cap and its value; # begins a comment.
      """)
  var script: String?
  @Flag(name: .long, help: "Requests on a slice that fails are lost; by default they start again elsewhere.")
  var loseFailed = false
  @Option(help: "Replicas besides --replicas that stand by, unpowered, until one leaves.") var spares = 0
  @Option(
    help: """
      MINIMUM:TARGET[:INTERVAL], such as 0:32:30s: run from MINIMUM to --replicas of them, so that each has TARGET \
      requests in flight.
      """)
  var autoscale: String?
  @Option(name: .long, help: "Seconds from the decision to power a replica until it serves.") var startDelay:
    Double?

  func validate() throws {
    guard spares >= 0 else { throw ValidationError("--spares is not negative") }
    guard startDelay ?? 0 >= 0 else { throw ValidationError("--start-delay is not negative") }
    if autoscale != nil, spares > 0 {
      throw ValidationError("--autoscale powers replicas by load, --spares by losses: give one of them")
    }
    if startDelay != nil, autoscale == nil, spares == 0, powerCaps.isEmpty, script == nil {
      throw ValidationError(
        "--start-delay needs something that powers replicas: --spares, --autoscale or --power-cap")
    }
    if loseFailed, failures.isEmpty, outages.isEmpty, script == nil {
      throw ValidationError("--lose-failed needs something that fails: --fail, --outage or --script")
    }
  }

  /// Writes everything asked for into the simulation, whose groups stand at one site.
  func apply(to simulation: inout FleetSimulation, chip: ChipSpec) throws {
    let group = simulation.groups[0]
    if simulation.groups.count > 1, spares > 0 || autoscale != nil {
      throw ExitError(
        .usage, "--spares and --autoscale are of one kind of replica, and --prefill-replicas makes two",
        help: "say it for each group in a setup file")
    }
    simulation.groups[0].replicas += spares
    simulation.groups[0].spares = spares
    for g in simulation.groups.indices { simulation.groups[g].startDelay = Seconds(startDelay ?? 0) }
    var words = DisruptionWords(simulation.places(chip: chip))
    do throws(Diagnostic) {
      for text in failures { try words.add("fail", text) }
      for text in outages { try words.add("outage", text) }
      for text in maintenance { try words.add("maintenance", text) }
      for text in powerCaps { try words.add("power-cap", text) }
    } catch { throw ExitError(.usage, [error]) }
    if let script { try words.addLines(of: script) }
    simulation.disruptions = Disruptions(
      outages: words.outages, rates: words.rates, retries: !loseFailed)
    simulation.powerCaps = words.caps
    if !words.caps.isEmpty {
      for g in simulation.groups.indices { simulation.groups[g].powerPerChip = chip.power?.value ?? 0 }
    }
    if let autoscale {
      do throws(Diagnostic) {
        simulation.autoscaling = [try scaler(autoscale, for: group)]
      } catch { throw ExitError(.usage, [error]) }
    }
  }

  private func scaler(_ text: String, for group: ReplicaGroup) throws(Diagnostic) -> Autoscaling {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), let minimum = Int(parts[0]), let target = Double(parts[1]),
      target > 0,
      (0...group.replicas).contains(minimum)
    else {
      throw Diagnostic(
        "wrong autoscaling", found: "'--autoscale \(text)'",
        expected: "MINIMUM:TARGET[:INTERVAL] with at most \(group.replicas) replicas and a positive target")
    }
    let interval = parts.count > 2 ? try DisruptionWords.positive(parts[2], "interval") : 30
    return Autoscaling(
      group: group.id, minimum: minimum, initial: minimum, targetInFlight: target,
      interval: Seconds(interval),
      startDelay: Seconds(startDelay ?? 0))
  }
}

extension FleetSimulation {
  /// Where requests come from; one region without a name when nobody says.
  private var regions: [String] {
    guard case .trace(let trace, _, _) = streams[0].arrivals, !trace.regionNames.isEmpty else { return [""] }
    return trace.regionNames
  }

  fileprivate func places(chip: ChipSpec) -> [DisruptionPlace] {
    groups.map { group in
      let power = chip.power.map { $0.value * Double(group.profile.chips) }
      var sends = false
      if case .prefill = group.role { sends = true }
      return DisruptionPlace(
        group: group.id, site: group.site, slices: group.replicas, regions: regions, chip: chip,
        least: power.map { ($0, "\(group.profile.chips) \(chip.id)") }, sendsCaches: sends)
    }
  }
}
