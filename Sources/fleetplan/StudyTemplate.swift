import ArgumentParser
import FleetData
import Ingest
import Workloads

/// A runnable study that `init` writes: a scenario, its fleet and traces made on the spot with a fixed seed.
enum StudyTemplate: String, ExpressibleByArgument, CaseIterable {
  case chat, agents, train, ci
  case multiSite = "multi-site"

  var scenario: [UInt8] {
    switch self {
    case .chat: PackageResources.chat_scenario_yaml
    case .agents: PackageResources.agents_scenario_yaml
    case .multiSite: PackageResources.multi_site_scenario_yaml
    case .train: PackageResources.train_scenario_yaml
    case .ci: PackageResources.ci_scenario_yaml
    }
  }

  var fleet: [UInt8] {
    self == .multiSite ? PackageResources.multi_fleet_yaml : PackageResources.small_fleet_yaml
  }

  /// File names under `traces/` with the demand each is made from.
  var traces: [(name: String, recipe: WorkloadRecipe, format: TraceFormat)] {
    switch self {
    case .agents: [("agents.csv", Self.agentsRecipe, .burstgpt)]
    case .multiSite: [("chat.csv", Self.chatRecipe, .burstgpt), ("code.csv", Self.codeRecipe, .azure)]
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
