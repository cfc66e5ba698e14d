import ArgumentParser

/// `manual`: the manual page, from the same model that reads the arguments.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page as roff.",
    discussion: "For example: fleetplan manual > /usr/share/man/man1/fleetplan.1")

  func run() {
    var page = ".TH FLEETPLAN 1 \"\" \"fleetplan \(Fleetplan.version)\"\n.SH NAME\nfleetplan \\- "
    page += Self.escaped(Fleetplan.configuration.abstract) + "\n"
    page += Self.section("SYNOPSIS", Fleetplan.helpMessage(columns: 78))
    for command in Fleetplan.configuration.subcommands {
      let name = command.configuration.commandName ?? "command"
      page += Self.section("FLEETPLAN \(name.uppercased())", Fleetplan.helpMessage(for: command, columns: 78))
    }
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
