import ArgumentParser

@main
struct Fleetplan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleetplan", abstract: "Plan the cost and capacity of fleets of AI accelerators.")
}
