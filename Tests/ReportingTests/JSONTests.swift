import FleetData
import Testing

@testable import Reporting

struct JSONTests {
  @Test("A plan survives its file: what is read is what the canonical plan was")
  func roundTrip() throws {
    let plan = try PlanFile.canonical(SamplePlan(months: 2).make())
    let bytes = try PlanFile.encode(plan)
    #expect(try PlanFile.decode(bytes, file: "plan.json") == plan)
    #expect(try PlanFile.encode(PlanFile.decode(bytes, file: "plan.json")) == bytes)
    #expect(bytes.last == 0x0A)
  }

  @Test(
    "Keys are spelled in snake case with units kept whole",
    arguments: [
      ("usdPerChipHour", "usd_per_chip_hour"), ("itKWh", "it_kwh"),
      ("electricityUSDPerKWh", "electricity_usd_per_kwh"),
      ("gramsCO2PerMillionTokens", "grams_co2_per_million_tokens"), ("usdPerFLOP", "usd_per_flop"),
      ("sha256", "sha256"),
      ("time_s", "time_s"), ("usedUSDPerMillionTokens", "used_usd_per_million_tokens"),
    ])
  func keys(_ pair: (String, String)) { #expect(JSONKey.spelled(pair.0) == pair.1) }

  @Test("Numbers carry twelve significant digits and whole numbers no fraction")
  func numbers() {
    #expect(JSONNumber.text(JSONNumber.rounded(0.1 + 0.2)) == "0.3")
    #expect(JSONNumber.text(12) == "12")
    #expect(JSONNumber.rounded(1.23456789012345e-18) == 1.23456789012e-18)
    #expect(JSONNumber.rounded(-1234.567890123456) == -1234.56789012)
  }

  @Test("NaN and infinity are refused with the path of the number")
  func notFinite() throws {
    var plan = SamplePlan(months: 1).make()
    plan.months[0].totalCost = .nan
    #expect(throws: JSONError.notFinite(path: "months.[0].total_cost")) { try PlanFile.encode(plan) }
  }

  @Test("Another schema and broken JSON are refused with their place")
  func otherSchemas() throws {
    let other = Array(#"{"schema":"plan/2","tool_version":"9.1"}"#.utf8)
    let wrong = #expect(throws: Diagnostic.self) { try PlanFile.decode(other, file: "p.json") }
    #expect(wrong?.help == "fleetplan 9.1 wrote this file and can read it")
    let broken = #expect(throws: Diagnostic.self) {
      try PlanFile.decode(Array("{\n  \"a\": }".utf8), file: "p.json")
    }
    #expect(broken?.location == .init(file: "p.json", line: 2, column: 8))
  }

  @Test("A plan written before a list was added is read with that list empty")
  func additive() throws {
    let plan = try PlanFile.canonical(SamplePlan(months: 1).make())
    guard case .object(var members) = try CanonicalJSON.tree(PlanFile.encode(plan)) else { return }
    members.removeAll { $0.key == "shortfalls" || $0.key == "alternatives" }
    let read = try PlanFile.decode(JSONWriter.bytes(.object(members)), file: "p.json")
    #expect(read.alternatives.isEmpty && read.months == plan.months)
    members.removeAll { $0.key == "verdict" }
    #expect(throws: Diagnostic.self) {
      try PlanFile.decode(JSONWriter.bytes(.object(members)), file: "p.json")
    }
  }

  @Test(
    "What is no JSON is refused: numbers, escapes, keys and brackets",
    arguments: [
      "[1,]", "[1 2]", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "{\"b\":1,\"a\":1,\"b\":2}", "01x", "-",
      "1.", ".5",
      "1e", "1e999", "\"\\u12\"", "\"\\ud83d\"", "\"\\q\"", "\"a\u{1}\"", "tru", "nul", "[", "{\"a\"", "\"a",
      "[] []", "",
    ])
  func notJSON(_ text: String) {
    #expect(throws: JSONError.self, "\(text)") { try CanonicalJSON.tree(Array(text.utf8)) }
  }

  @Test("A key counts for what it means, however it is escaped, and bytes that are no text are refused")
  func keysAndBytes() throws {
    struct Row: Codable, Equatable { var unitPrice: Double }
    let escaped = Array(#"{"unit\u005fprice": 2.5e0}"#.utf8)
    #expect(try CanonicalJSON.decode(Row.self, from: escaped) == Row(unitPrice: 2.5))
    #expect(throws: JSONError.self) {
      try CanonicalJSON.tree(Array(#"{"a": 1, "\u0061": 2}"#.utf8))
    }
    #expect(throws: JSONError.self) { try CanonicalJSON.decode(String.self, from: [0x22, 0xFF, 0xFE, 0x22]) }
  }

  @Test("Rows of a list may have their members in any order, some absent, and a value that looks like a key")
  func anyOrder() throws {
    struct Row: Codable, Equatable {
      var id: String
      var site: String?
      var unitPrice: Double
    }
    let text = """
      [{"id":"a","site":"x","unit_price":1},{"unit_price":2,"id":"site"},{"site":"id","unit_price":3,"id":"unit_price"},
       {"id":"b","site":null,"unit_price":4}]
      """
    #expect(
      try CanonicalJSON.decode([Row].self, from: Array(text.utf8)) == [
        Row(id: "a", site: "x", unitPrice: 1), Row(id: "site", site: nil, unitPrice: 2),
        Row(id: "unit_price", site: "id", unitPrice: 3), Row(id: "b", site: nil, unitPrice: 4),
      ])
  }

  @Test("An error deep in a long list names its row and its member")
  func pathOfAnError() throws {
    struct Row: Codable { var value: Double }
    struct Document: Codable { var rows: [Row] }
    let text = Array(#"{"rows":[{"value":1},{"value":"two"}]}"#.utf8)
    #expect(throws: JSONError.mismatch(path: "rows.[1].value", expected: "a number")) {
      try CanonicalJSON.decode(Document.self, from: text)
    }
    let cut = Array(#"{"rows":[{"value":1},{}]}"#.utf8)
    #expect(throws: JSONError.missing(path: "rows.[1].value")) {
      try CanonicalJSON.decode(Document.self, from: cut)
    }
  }

  @Test("Strings keep emoji, quotes, control characters and surrogate escapes")
  func strings() throws {
    let text = "a\"\\\n\t\u{1}😀\u{202E}é"
    #expect(try CanonicalJSON.decode(String.self, from: CanonicalJSON.encode(text)) == text)
    #expect(try CanonicalJSON.decode(String.self, from: Array(#""\ud83d\ude00\u00e9""#.utf8)) == "😀é")
  }
}

struct SchemaTests {
  @Test("Every schema is draft-07 and every required member of a plan is in the file")
  func schemas() throws {
    for name in JSONSchemas.names {
      let tree = try CanonicalJSON.tree(JSONSchemas.schema(name))
      #expect(tree["$schema"] == .string("http://json-schema.org/draft-07/schema#"))
    }
    let tree = try CanonicalJSON.tree(JSONSchemas.schema("plan"))
    let plan = try CanonicalJSON.tree(PlanFile.encode(SamplePlan(months: 1).make()))
    guard case .array(let required)? = tree["required"], case .object(let members) = plan else {
      Issue.record("a schema has required members and a plan is an object")
      return
    }
    for case .string(let name) in required { #expect(members.contains { $0.key == name }, "\(name)") }
    let status = tree["properties"]?["verdict"]?["properties"]?["status"]?["enum"]
    #expect(status == .array([.string("feasible"), .string("infeasible"), .string("feasible_until")]))
    let gate = tree["properties"]?["gates"]?["items"]?["properties"]?["gate"]?["required"]
    #expect(gate == .array([.string("name"), .string("expression"), .string("severity")]))
  }
}
