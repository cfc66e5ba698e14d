import FleetData

/// `plan.json`: the artifact that every other format is made from.
public enum PlanFile {
  /// - Throws: `JSONError.notFinite` when a number of the plan is NaN or infinite.
  public static func encode(_ plan: Plan) throws -> [UInt8] {
    JSONWriter.bytes(try JSONTreeEncoder.tree(plan, textsLists: true))
  }

  /// The plan as a reader of its file sees it: numbers rounded as written. Reports made from it are the same bytes
  /// whether they are made with the plan or later from the file.
  public static func canonical(_ plan: Plan) throws -> Plan {
    let tree = try JSONTreeEncoder.tree(plan, textsLists: true)
    return try CanonicalJSON.decode(Plan.self, from: JSONWriter.bytes(tree, pretty: false))
  }

  /// - Throws: a `Diagnostic` at `file` that says what is wrong: not JSON, another schema, a missing member.
  public static func decode(_ bytes: [UInt8], file: String) throws(Diagnostic) -> Plan {
    let place = Diagnostic.Location(file: file)
    do {
      let index = try JSONIndex(bytes, defersLists: true)
      try checkSchema(index, at: place)
      return try JSONBytesDecoder.decode(Plan.self, index, 0)
    } catch let diagnostic as Diagnostic {
      throw diagnostic
    } catch let JSONError.syntax(offset, expected) {
      throw Diagnostic(
        "this is not JSON", at: lineAndColumn(of: offset, in: bytes, file: file), expected: expected)
    } catch {
      throw Diagnostic(
        "this plan cannot be read: \(error)", at: place, help: "make it anew with 'fleetplan plan'")
    }
  }

  private static func checkSchema(_ index: JSONIndex, at place: Diagnostic.Location) throws {
    let isObject = index.tokens[0].kind == .object
    guard isObject, let schema = index.member("schema", of: 0).flatMap({ try? index.text($0) }) else {
      throw Diagnostic(
        "this file does not say what it is", at: place, expected: "\"schema\": \"\(Plan.schema)\"",
        help: "plans are written by 'fleetplan plan'")
    }
    guard schema != Plan.schema else { return }
    var help = "plans are written by 'fleetplan plan'"
    let version = index.member("toolVersion", of: 0).flatMap { try? index.text($0) }
    if schema.hasPrefix("plan/"), let version {
      help = "fleetplan \(version) wrote this file and can read it"
    }
    throw Diagnostic(
      "this is another kind of file", at: place, found: schema, expected: Plan.schema, help: help)
  }

  private static func lineAndColumn(of offset: Int, in bytes: [UInt8], file: String) -> Diagnostic.Location {
    let before = bytes.prefix(offset)
    let line = before.count { $0 == 0x0A } + 1
    let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    return Diagnostic.Location(file: file, line: line, column: column)
  }
}
