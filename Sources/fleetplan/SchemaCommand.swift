import ArgumentParser
import Reporting

/// `schema NAME`: a JSON Schema for editors and other tools.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema (draft-07) of a file or of a command's JSON.",
    discussion: """
      Names: \(JSONSchemas.names.joined(separator: ", ")).
      For editors: # yaml-language-server: $schema=scenario.schema.json as the first line of a scenario.

      Example: fleetplan schema scenario
      """)

  @Argument(help: "fleet, scenario, config, plan, comparison, …", completion: .list(JSONSchemas.names))
  var name: String

  func run() throws { Output.text(String(decoding: try JSONSchemas.schema(name), as: UTF8.self)) }
}
