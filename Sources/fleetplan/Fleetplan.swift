import ArgumentParser
import FleetData
import Foundation

/// The command line: what did the user ask? Every subcommand lives in a file of its own.
struct Fleetplan: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "fleetplan",
    abstract: "Plan the cost and capacity of fleets of AI accelerators.",
    discussion: "Results go to stdout, everything else to stderr. No network, no telemetry.",
    version: version,
    subcommands: [
      InitCommand.self,
      CatalogCommand.self,
      ValidateCommand.self,
      EstimateCommand.self,
      CalibrateCommand.self,
      PlanCommand.self,
      SweepCommand.self,
      ReportCommand.self,
      DiffCommand.self,
      CheckCommand.self,
      ExplainCommand.self,
      ShowCommand.self,
      SchemaCommand.self,
      CompletionsCommand.self,
      ManualCommand.self,
      StudyCommand.self,
      SimulateCommand.self,
      TraceCommand.self,
      VerifyCommand.self,
      DoctorCommand.self,
    ])

  @OptionGroup var globals: GlobalOptions
}

@main
enum Main {
  static func main() async {
    PartialFiles.guardAgainstSignals()
    do {
      if let problem = GlobalFlags.current.problem { throw ExitError(.usage, [problem]) }
      try CommandNames.check(GlobalFlags.current.arguments)
      if GlobalFlags.current.isVerbose { try Settings.current.get().say() }
      var command = try Fleetplan.parseAsRoot(GlobalFlags.current.arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      Self.sayTotals()
    } catch let error as ExitError {
      stop(error)
    } catch  where Fleetplan.exitCode(for: error) == .validationFailure || isParserError(error) {
      Fleetplan.exit(withError: error)
    } catch {
      stop(ExitError(wrapping: error))
    }
  }

  /// Help, version and usage errors are the parser's own to print.
  private static func isParserError(_ error: any Error) -> Bool {
    let name = String(reflecting: type(of: error))
    return name.hasPrefix("ArgumentParser.") || error is CleanExit || error is ExitCode
  }

  private static func sayTotals() {
    let flags = GlobalFlags.current
    if flags.isVerbose, flags.problem == nil { Output.progress("fleetplan: \(RunInfo.soFar.sentence)") }
  }

  private static func stop(_ error: ExitError) {
    Output.diagnostics(error.diagnostics)
    sayTotals()
    exit(error.status.rawValue)
  }
}
