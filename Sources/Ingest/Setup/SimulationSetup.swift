import FleetData
import Foundation
import Quantities

/// What `simulate` replays, as a file says it: groups of replicas at sites, services with their demand, and what goes
/// wrong.
public struct SimulationSetup: Sendable {
  public var name: String
  public var file: String
  public var groups: [SetupGroup]
  public var services: [SetupService]
  public var sites: [SetupSite]
  public var regions: [String]
  /// From every region to every site.
  public var links: [Link]
  public var routing: RoutingPolicy
  public var limits: SchedulerLimits
  public var disruptions: Disruptions
  public var powerCaps: [SitePowerCap]
  public var seed: UInt64
  /// nil = found from the run.
  public var warmUp: Seconds?
  public var horizon: Seconds?
}

/// A site of a setup; what is not known of it is not reported.
public struct SetupSite: Sendable {
  public var id: String
  public var pue: Double?
  public var electricity: USDPerJoule?
}

/// A group of like replicas as written; what they can do is for the performance model to say.
public struct SetupGroup: Sendable {
  public enum Role: String, Sendable, CaseIterable { case both, prefill, decode }

  public var id: String
  public var location: Diagnostic.Location
  public var site: String
  public var pod: String
  public var model: TransformerSpec
  public var chip: ChipSpec
  /// Of one replica.
  public var chips: Int
  public var slice: SliceTopology?
  /// nil = the sharding with the most capacity.
  public var sharding: Sharding?
  public var weights: Precision
  public var kv: Precision
  /// Spares not counted.
  public var replicas: Int
  public var spares: Int
  public var startDelay: Seconds
  public var role: Role
  public var linkBandwidth: BytesPerSecond?
  public var linkLatency: Seconds
  public var price: ChipPrice.Kind?
  /// nil = nobody says what the chip draws.
  public var powerPerChip: Watts?
  public var idlePowerShare: Double
  public var drafts: SetupDrafts?
  public var prefixCache: PrefixCache?
  public var autoscaling: Autoscaling?
  /// Ids of the services it serves.
  public var services: [String]
}

/// Speculative decoding as written.
public struct SetupDrafts: Sendable {
  public var tokens: Int
  public var acceptance: Double
  /// nil = the model's own prediction layer.
  public var model: TransformerSpec?
  /// nil = from the performance model.
  public var step: Seconds?

  public init(tokens: Int, acceptance: Double, model: TransformerSpec?, step: Seconds?) {
    self.tokens = tokens
    self.acceptance = acceptance
    self.model = model
    self.step = step
  }
}

/// A service of a setup: its requests and what they were promised.
public struct SetupService: Sendable {
  public enum Demand: Sendable {
    case trace(SetupTrace)
    case drawn(SyntheticArrivals)
  }

  public var id: String
  public var location: Diagnostic.Location
  public var models: [String]
  public var demand: Demand
  public var thinking: Double
  /// Empty where the trace says it, or where there are no regions.
  public var regionShares: [Service.RegionShare]
  public var slo: ServiceLevelObjective
  /// 0 is served first.
  public var priorityClass: Int
  public var queueLimit: Int?
  public var deadline: Seconds?
  public var sessions: SessionKeeping?
  public var bytesPerToken: Bytes
}

/// A trace to replay.
public struct SetupTrace: Sendable {
  public var file: Study.TraceFile
  public var format: TraceFormat?
  /// Which column holds what, as for `--columns`.
  public var columns: String?
  public var rate: Double?
  public var rateScale: Double
  public var repeats: Int
}

extension SimulationSetup {
  /// The traces that services name, in their order.
  public var traces: [Study.TraceFile] {
    services.compactMap { if case .trace(let trace) = $0.demand { trace.file } else { nil } }
  }

  /// Reads a setup and, when it names one, the fleet whose pods its groups stand in.
  /// - Throws: `Diagnostics` with all that is wrong.
  public static func read(_ path: String, catalog: Catalog) throws(Diagnostics) -> SimulationSetup {
    let node = try ConfigNode.parse(try Study.readText(path), file: path)
    if let schema = node["schema"]?.scalarText, schema != "setup/1" {
      throw Diagnostics([
        Diagnostic(
          "this file is of another schema", at: node["schema"]?.location, found: "'\(schema)'",
          expected: "'setup/1'", help: schema == "scenario/1" ? "fleetplan plan reads scenarios" : nil)
      ])
    }
    let log = StudyLog()
    var fleet: Fleet?
    if let name = node["fleet"]?.scalarText {
      let file = Study.resolve(name, in: (path as NSString).deletingLastPathComponent)
      let document = try ConfigNode.parse(
        try Study.readText(file, asked: node["fleet"]?.location), file: file)
      fleet = FleetReader(catalog: catalog, sites: .builtIn, log: log).fleet(document)
    }
    let setup = SetupReader(catalog: catalog, log: log).setup(node, file: path, fleet: fleet)
    guard !log.diagnostics.contains(where: { $0.severity == .error }), let setup else {
      throw Diagnostics(log.diagnostics)
    }
    return setup
  }
}
