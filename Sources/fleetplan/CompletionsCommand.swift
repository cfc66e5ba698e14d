import ArgumentParser

/// `completions SHELL`: a script for the shell, from the same model that reads the arguments.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a completion script for bash, zsh or fish.",
    discussion: "Example: fleetplan completions bash > fleetplan.bash")

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "bash, zsh or fish.") var shell: Shell

  func run() {
    let script =
      switch shell {
      case .bash: Fleetplan.completionScript(for: .bash)
      case .zsh: Fleetplan.completionScript(for: .zsh)
      case .fish: Fleetplan.completionScript(for: .fish)
      }
    Output.text(script)
  }
}
