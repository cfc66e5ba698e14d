import ArgumentParser
import FleetData
import Ingest
import Workloads

/// A runnable study that `init` writes: a scenario, its fleet and traces made on the spot with a fixed seed.
enum StudyTemplate: String, ExpressibleByArgument, CaseIterable {
  case chat, agents, train, ci
  case multiSite = "multi-site"
  /// A setup for `simulate` instead of a scenario and its fleet.
  case simulation

  /// File names with what stands in them, traces apart.
  var documents: [(name: String, bytes: [UInt8])] {
    let small = PackageResources.small_fleet_yaml
    switch self {
    case .chat: return Self.study(PackageResources.chat_scenario_yaml, small)
    case .agents: return Self.study(PackageResources.agents_scenario_yaml, small)
    case .multiSite:
      return Self.study(PackageResources.multi_site_scenario_yaml, PackageResources.multi_fleet_yaml)
    case .train: return Self.study(PackageResources.train_scenario_yaml, small)
    case .ci: return Self.study(PackageResources.ci_scenario_yaml, small)
    case .simulation: return [("setup.yaml", PackageResources.simulation_setup_yaml)]
    }
  }

  private static func study(_ scenario: [UInt8], _ fleet: [UInt8]) -> [(name: String, bytes: [UInt8])] {
    [("scenario.yaml", scenario), ("fleet.yaml", fleet)]
  }

  /// What to type next, in a directory.
  func next(_ path: (String) -> String) -> String {
    self == .simulation
      ? "fleetplan simulate \(path("setup.yaml"))"
      : "fleetplan plan \(path("scenario.yaml")) --out \(path("out"))"
  }

  /// File names under `traces/` with the demand each is made from.
  var traces: [(name: String, recipe: WorkloadRecipe, format: TraceFormat)] {
    switch self {
    case .agents: [("agents.csv", Self.agentsRecipe, .burstgpt)]
    case .multiSite, .simulation:
      [("chat.csv", Self.chatRecipe, .burstgpt), ("code.csv", Self.codeRecipe, .azure)]
    case .chat, .train, .ci: [("chat.csv", Self.chatRecipe, .burstgpt)]
    }
  }

  /// An hour of chat: medium prompts, medium answers, bursts.
  private static var chatRecipe: WorkloadRecipe {
    var client = ClientRecipe(
      name: "chat", ratePerSecond: 0.8, input: .lognormal(mean: 900, sigma: 1.0),
      output: .lognormal(mean: 240, sigma: 0.8))
    client.renewal = .gamma(cv: 1.5)
    return WorkloadRecipe(durationSeconds: 3600, clients: [client])
  }

  /// An hour of code completion: long prompts, short answers, strong bursts.
  private static var codeRecipe: WorkloadRecipe {
    var client = ClientRecipe(
      name: "code", ratePerSecond: 1.1, input: .lognormal(mean: 2000, sigma: 0.8),
      output: .lognormal(mean: 30, sigma: 0.9))
    client.renewal = .gamma(cv: 2.5)
    return WorkloadRecipe(durationSeconds: 3600, clients: [client])
  }

  /// An hour of agents: loops of model and tool calls on a growing context.
  private static var agentsRecipe: WorkloadRecipe {
    var client = ClientRecipe(
      name: "agents", ratePerSecond: 0.8, input: .lognormal(mean: 1500, sigma: 0.7),
      output: .lognormal(mean: 350, sigma: 0.9))
    client.agent = AgentRecipe(steps: 6, toolSeconds: 4, toolTokens: .lognormal(mean: 500, sigma: 1.0))
    return WorkloadRecipe(durationSeconds: 3600, clients: [client])
  }
}
