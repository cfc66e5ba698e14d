import ArgumentParser
import FleetData

/// Flags that every command takes, before or after its name; they are read before the parser sees the rest.
struct GlobalFlags {
  /// The process's own.
  static let current = GlobalFlags(Array(CommandLine.arguments.dropFirst()))

  private(set) var settings: [SettingKey: String] = [:]
  /// A configuration file instead of the nearest one.
  private(set) var configuration: String?
  private(set) var isQuiet = false
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
  }

  private mutating func take(_ argument: String, _ rest: inout ArraySlice<String>) -> Bool {
    switch argument {
    case "-q", "--quiet": isQuiet = true
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
  @Flag(name: .shortAndLong, help: "No progress on stderr.") var quiet = false
  @Flag(name: .long, help: "Always on: fleetplan uses no network.") var offline = false
}
