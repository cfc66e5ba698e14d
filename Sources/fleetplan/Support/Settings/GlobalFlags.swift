import ArgumentParser
import FleetData

/// Flags that every command takes, before or after its name; they are read before the parser sees the rest.
struct GlobalFlags {
  /// The process's own.
  static let current = GlobalFlags(Array(CommandLine.arguments.dropFirst()))

  private(set) var settings: [SettingKey: String] = [:]
  /// A configuration file instead of the nearest one.
  private(set) var configuration: String?
  /// Errors alone on stderr.
  private(set) var isQuiet = false
  /// Gates of severity warn fail the command too.
  private(set) var warningsAreErrors = false
  /// Settings in force, phases with their times, time and memory in all.
  private(set) var isVerbose = false
  /// What remains for the parser.
  private(set) var arguments: [String] = []
  private(set) var problem: Diagnostic?

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        self.arguments += [argument] + rest
        break
      }
      if !take(argument, &rest) { self.arguments.append(argument) }
    }
    if isQuiet, isVerbose { problem = problem ?? Diagnostic("--quiet and --verbose exclude each other") }
  }

  private mutating func take(_ argument: String, _ rest: inout ArraySlice<String>) -> Bool {
    switch argument {
    case "-q", "--quiet": isQuiet = true
    case "-v", "--verbose": isVerbose = true
    case "--warnings-as-errors": warningsAreErrors = true
    case "--no-color": settings[.color] = "never"
    case "--offline": break
    default:
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      guard ["--color", "--progress", "--config"].contains(parts[0]) else { return false }
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
        problem = Diagnostic("'\(argument)' needs a value")
        return true
      }
      set(String(parts[0].dropFirst(2)), value)
    }
    return true
  }

  private mutating func set(_ name: String, _ value: String) {
    guard let key = SettingKey(rawValue: name) else {
      configuration = value
      return
    }
    settings[key] = value
    problem = problem ?? key.problem(value, at: Diagnostic.Location(file: "--\(name)"))
  }
}

/// The same flags, for help and completions.
struct GlobalOptions: ParsableArguments {
  @Option(name: .long, help: "Colour on the terminal: auto, always or never; NO_COLOR is honoured.")
  var color: String?
  @Flag(name: .long, help: "The same as --color never.") var noColor = false
  @Option(name: .long, help: "auto: a bar on a terminal, lines elsewhere; plain: lines; none.")
  var progress: String?
  @Option(name: .long, help: "A configuration file instead of the nearest fleetplan.yaml.") var config:
    String?
  @Flag(name: .shortAndLong, help: "Nothing on stderr but errors and gates that fail.") var quiet = false
  @Flag(name: .shortAndLong, help: "Settings in force, each phase with its time, time and memory in all.")
  var verbose = false
  @Flag(name: .long, help: "A gate of severity warn that fails ends the command with 99 too.")
  var warningsAsErrors = false
  @Flag(name: .long, help: "Always on: fleetplan uses no network.") var offline = false
}
