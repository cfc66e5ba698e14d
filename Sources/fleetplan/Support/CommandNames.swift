import ArgumentParser
import FleetData

/// The first words of a command line: which command is meant?
enum CommandNames {
  /// - Throws: exit 64 with the nearest name when there is no such command; all else is left to the parser.
  static func check(_ arguments: [String]) throws {
    var group: any ParsableCommand.Type = Fleetplan.self
    var path = "fleetplan"
    for word in arguments {
      let commands = group.configuration.subcommands
      guard !commands.isEmpty, !word.hasPrefix("-") else { return }
      if word == "help", path == "fleetplan" { continue }
      guard let next = commands.first(where: { name($0) == word }) else {
        if group.configuration.defaultSubcommand != nil { return }
        throw ExitError(.usage, [unknown(word, in: path, commands.map(name))])
      }
      group = next
      path += " " + word
    }
  }

  static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }

  private static func unknown(_ word: String, in path: String, _ names: [String]) -> Diagnostic {
    let near = nearest(to: word, among: names).map { "did you mean '\(path) \($0)'?" }
    return Diagnostic(
      "\(path) has no command '\(word)'", expected: names.joined(separator: ", "),
      help: near ?? "'\(path) --help' says what each does")
  }
}
