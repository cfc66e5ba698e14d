import ArgumentParser
import FleetData
import Foundation
import Quantities

/// `catalog list|show`: chips, models and sites with their sources.
struct CatalogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog", abstract: "Show chips, models and sites, each figure with its source.",
    discussion: "Example: fleetplan catalog show tpu-v6e",
    subcommands: [CatalogList.self, CatalogShow.self])
}

enum CatalogKind: String, ExpressibleByArgument, CaseIterable { case chips, models, sites }

struct CatalogList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the ids of the catalog.",
    discussion: "Example: fleetplan catalog list chips")
  @Argument(help: "chips, models or sites; all of them when left out.") var kind: CatalogKind?
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var output: FormatOption

  func run() async throws {
    let loaded = try catalog.load()
    var ids: [String: [String]] = [:]
    for kind in kind.map({ [$0] }) ?? CatalogKind.allCases {
      ids[kind.rawValue] =
        switch kind {
        case .chips: loaded.chips.map(\.id)
        case .models: loaded.models.map(\.id)
        case .sites: SiteCatalog.builtIn.sites.map(\.id)
        }
    }
    if output.format == .json {
      return try Output.json(
        CatalogIDs(chips: ids["chips"], models: ids["models"], sites: ids["sites"]))
    }
    for (kind, names) in ids.sorted(by: { $0.key < $1.key }) {
      Output.text("\(kind) (\(names.count))\n" + names.map { "  " + $0 }.joined(separator: "\n"))
    }
  }
}

struct CatalogShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one chip, model or site, with the source of each figure.",
    discussion: "Example: fleetplan catalog show llama-3.1-70b")
  @Argument(help: "An id of `catalog list`.") var id: String
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var output: FormatOption

  func run() async throws {
    let rows = try facts(in: try catalog.load())
    if output.format == .json { return try Output.json(CatalogFacts(id: id, facts: rows)) }
    for row in rows { Output.text(row.line) }
  }

  private func facts(in catalog: Catalog) throws -> [CatalogFact] {
    if let chip = try? catalog.chip(id) { return chip.facts }
    if let model = try? catalog.model(id) { return model.facts }
    if let site = try? SiteCatalog.builtIn.site(id) { return site.facts }
    let known = catalog.chips.map(\.id) + catalog.models.map(\.id) + SiteCatalog.builtIn.sites.map(\.id)
    throw ExitError(
      .badContent, "the catalog has no '\(id)'",
      help: suggestion(for: id, among: known) ?? "see `fleetplan catalog list`")
  }
}

private struct CatalogIDs: Encodable {
  var schema = "catalog/1"
  var chips: [String]?
  var models: [String]?
  var sites: [String]?
}

private struct CatalogFacts: Encodable {
  var schema = "catalog/1"
  var id: String
  var facts: [CatalogFact]
}
