import ArgumentParser

/// `verify measured|golden|kernel`: how far is the performance model from what was measured?
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare the performance model with measurements.",
    subcommands: [VerifyMeasuredCommand.self, VerifyGoldenCommand.self, VerifyKernelCommand.self])
}
