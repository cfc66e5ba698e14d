import ArgumentParser

/// `verify measured|golden|kernel|formulas`: how far is the performance model from what was measured?
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare the models with measurements and published figures.",
    subcommands: [
      VerifyMeasuredCommand.self, VerifyGoldenCommand.self, VerifyKernelCommand.self,
      VerifyFormulasCommand.self,
    ])
}
