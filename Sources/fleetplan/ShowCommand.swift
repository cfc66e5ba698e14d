import ArgumentParser
import FleetData
import Foundation
import Ingest
import Reporting

/// `show`: what is in force — settings and where they came from, or a scenario as its changes leave it.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the settings in force, or a scenario with its changes made.",
    discussion: """
      Without a scenario: every setting; --origin adds where it came from (a flag, the environment, a file, the \
      default). With a scenario: the effective YAML of scenario and fleet; --diff shows only what the changes \
      changed; --origin lists every value with its file:line:column.

      Example: fleetplan show scenario.yaml --origin
      """)

  @Argument(help: "A scenario file.") var scenario: String?
  @Flag(name: .long, help: "Say where each value came from.") var origin = false
  @Flag(name: .long, help: "Scenario and fleet with all changes made (the default).") var resolved = false
  @Flag(name: .long, help: "Only the lines that the changes change.") var diff = false
  @Option(
    name: .customLong("set"), help: "Overrides one value: --set services.chat.growth=8%/month. May repeat.")
  var assignments: [String] = []
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var output: FormatOption

  func run() throws {
    guard [.text, .json].contains(output.format) else {
      throw ExitError(.usage, "show writes text or json", help: "--format json")
    }
    guard let scenario else { return try showSettings() }
    let documents = try StudyDocuments.read(scenario: scenario)
    var changed = documents
    for change in try documents.changes() + assignments.map({ try Change.assignment($0) }) {
      changed = try changed.applying(change)
    }
    if origin { return try showOrigins(changed) }
    guard output.format == .text else {
      return try Output.json(
        Documents(scenario: YAMLText.render(changed.scenario), fleet: YAMLText.render(changed.fleet)))
    }
    Output.text(diff ? Self.differences(documents, changed) : Self.yaml(changed).joined(separator: "\n"))
  }

  private func showSettings() throws {
    let settings = try Settings.current.get()
    let rows = SettingKey.allCases.map { key in
      Row(
        key: key.rawValue, value: settings.text(key), origin: settings.value(key).origin,
        meaning: key.meaning,
        variable: key.variable)
    }
    if output.format == .json { return try Output.json(List(settings: rows)) }
    let width = rows.map(\.key.count).max() ?? 0
    Output.text(
      rows.map { row in
        let name = row.key + String(repeating: " ", count: width + 2 - row.key.count)
        let value = row.value.isEmpty ? "(none)" : row.value
        return name + value + (origin ? "  [\(row.origin)]" : "  (\(row.meaning ?? ""))")
      }.joined(separator: "\n"))
  }

  private func showOrigins(_ documents: StudyDocuments) throws {
    let study = try Study.decode(documents, catalog: try catalog.load())
    let rows = study.inputs.sorted { $0.id < $1.id }.map { row in
      let place = row.location.map { place in
        ([place.file] + [place.line, place.column].compactMap { $0.map(String.init) }).joined(separator: ":")
      }
      let value = row.text ?? row.value.map { "\(NumberText().text($0, .text)) \(row.unit)" } ?? "n/a"
      return Row(
        key: row.id, value: value, origin: row.isDefault ? "default" : place ?? row.source, meaning: nil,
        variable: nil)
    }
    if output.format == .json { return try Output.json(List(settings: rows)) }
    Output.text(rows.map { "\($0.key) = \($0.value)  [\($0.origin)]" }.joined(separator: "\n"))
  }

  private static func yaml(_ documents: StudyDocuments) -> [String] {
    ["# \(documents.files[0])"] + YAMLText.lines(documents.scenario) + ["---", "# \(documents.files[1])"]
      + YAMLText.lines(documents.fleet)
  }

  private static func differences(_ before: StudyDocuments, _ after: StudyDocuments) -> String {
    let lines = LineDiff.unified(yaml(before), yaml(after))
    return lines.isEmpty ? "no differences" : lines.joined(separator: "\n")
  }

  private struct Row: Encodable {
    var key: String
    var value: String
    var origin: String
    var meaning: String?
    var variable: String?
  }
  private struct List: Encodable {
    var schema = "settings/1"
    var settings: [Row]
  }
  private struct Documents: Encodable {
    var schema = "documents/1"
    var scenario: String
    var fleet: String
  }
}
