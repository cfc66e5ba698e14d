import ArgumentParser
import Foundation

/// `manual`: the manual page, from the same model that reads the arguments.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page as roff.",
    discussion: "Example: fleetplan manual > fleetplan.1")

  func run() {
    var page = ".TH FLEETPLAN 1 \"\" \"fleetplan \(Fleetplan.version)\"\n.SH NAME\nfleetplan \\- "
    page += Self.escaped(Fleetplan.configuration.abstract) + "\n"
    page += Self.section("SYNOPSIS", Fleetplan.helpMessage(columns: 78))
    for command in Fleetplan.configuration.subcommands { page += Self.sections(command, below: "fleetplan") }
    page += Self.section("ENVIRONMENT", Self.variables)
    page += Self.section(
      "FILES",
      """
      fleetplan.yaml                          the nearest one upward to the root of the repository
      $XDG_CONFIG_HOME/fleetplan/config.yaml  a person's own; ~/.config where the variable is not set
      run-info.json                           beside a plan: time, host, memory and command line of the run

      A flag goes before the environment, that before the files, these before what is built in;
      `fleetplan show --origin` says where each setting came from.
      """)
    page += Self.section(
      "EXIT STATUS",
      """
      0   done; every gate of severity error holds
      64  wrong flags or arguments
      65  an input file says something wrong
      66  an input is missing
      70  a bug of fleetplan
      73  an output cannot be written
      78  a configuration file is wrong
      98  no plan meets the hard limits; the report names the binding one
      99  a gate failed
      """)
    Output.text(page)
  }

  /// A command, then those within it.
  private static func sections(_ command: any ParsableCommand.Type, below path: String) -> String {
    let name = path + " " + CommandNames.name(command)
    return section(name.uppercased(), Fleetplan.helpMessage(for: command, columns: 78))
      + command.configuration.subcommands.map { sections($0, below: name) }.joined()
  }

  private static var variables: String {
    let own = SettingKey.allCases.map { ($0.variable, $0.meaning) }
    let others = [
      ("NO_COLOR", "when not empty: no colour"),
      ("CLICOLOR_FORCE, FORCE_COLOR", "when not empty: colour, also where no terminal is"),
      ("CI", "when not empty: lines of progress instead of a bar"),
    ]
    return (own + others).map { $0.0.padding(toLength: 29, withPad: " ", startingAt: 0) + $0.1 }
      .joined(separator: "\n")
  }

  private static func section(_ title: String, _ text: String) -> String {
    ".SH \"\(title)\"\n.nf\n\(text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }.joined(separator: "\n"))\n.fi\n"
  }

  /// Backslashes and hyphens are escaped; a line may not begin with a dot or an apostrophe.
  private static func escaped(_ line: String) -> String {
    let plain = line.replacing("…", with: "...").replacing("≤", with: "<=").replacing("×", with: "x")
    let text = plain.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }
}
