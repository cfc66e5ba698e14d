import FleetData

/// The JSON Schemas (draft-07) of the planner's files, for editors and for tools that read its results.
public enum JSONSchemas {
  /// Files that people write, then results of commands.
  public static let names =
    ["fleet", "scenario", "setup", "gates", "config", "plan", "comparison", "sweep"]
    + ResultShapes.all.map(\.name)

  /// - Throws: a `Diagnostic` with a suggestion when there is no such schema.
  public static func schema(_ name: String) throws -> [UInt8] {
    switch name {
    case "plan": return document("plan/1", try SchemaProbe.schema(Plan.self))
    case "comparison": return document("comparison/1", try SchemaProbe.schema(Comparison.self))
    case "fleet": return document("fleet/1", InputSchemas.fleet)
    case "scenario": return document("scenario/1", InputSchemas.scenario)
    case "setup": return document("setup/1", InputSchemas.setup)
    case "gates": return document("gates", InputSchemas.gates)
    case "config": return document("config/1", InputSchemas.configuration)
    case "sweep": return document("sweep/1", ResultShapes.sweep.schema)
    default:
      if let result = ResultShapes.all.first(where: { $0.name == name }) {
        return document(result.title, result.shape.schema)
      }
      throw Diagnostic(
        "there is no schema '\(name)'", expected: names.joined(separator: ", "),
        help: suggestion(for: name, among: names))
    }
  }

  private static func document(_ title: String, _ schema: JSONValue) -> [UInt8] {
    guard case .object(var members) = schema else { return [] }
    members.append(.init("$schema", .string("http://json-schema.org/draft-07/schema#")))
    members.append(.init("title", .string(title)))
    if title.contains("/"), let i = members.firstIndex(where: { $0.key == "properties" }),
      case .object(var properties) = members[i].value
    {
      properties.removeAll { $0.key == "schema" }
      properties.append(.init("schema", .object([.init("const", .string(title))])))
      members[i].value = .object(properties)
    }
    return JSONWriter.bytes(.object(members))
  }
}
