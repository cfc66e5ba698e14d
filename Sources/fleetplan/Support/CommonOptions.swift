import ArgumentParser
import FleetData

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json, csv, md, svg }

/// `--format`, for commands whose result is text or JSON.
struct FormatOption: ParsableArguments {
  @Option(name: .long, help: "How the result is written to stdout: text or json.")
  var format: OutputFormat = .text
}

/// `--catalog`, for commands that need chips or models.
struct CatalogOption: ParsableArguments {
  @Option(name: .long, help: "A directory whose chips.json and models.json overlay the built-in catalog.")
  var catalog: String?

  func load() throws -> Catalog {
    let directory = try Settings.text(.catalog, flag: catalog)
    return directory.isEmpty ? .builtIn : try Catalog.builtIn.overlaid(byDirectory: directory)
  }
}

/// `--weights int8`, `--kv bf16`.
extension Precision: ExpressibleByArgument {}
