import FleetData
import Quantities
import Testing

@testable import Ingest

private func parse(_ text: String) throws -> ConfigNode { try ConfigNode.parse(text, file: "t.yaml") }

@Test(
  "A quantity is read in base units, and its unit is checked",
  arguments: [
    ("5MW", Dimension.power, 5e6), ("$1.20/chip.h", .chipPrice, 1.2 / 3600),
    ("$0.06/kWh", .energyPrice, 0.06 / 3.6e6),
    ("104ms", .duration, 0.104), ("80%", .ratio, 0.8), ("0.8", .ratio, 0.8),
    ("$2.6M/month", .monthlyMoney, 2.6e6),
    ("6%/month", .growth, 0.06), ("1e3", .count, 1000), ("100Gbit/s", .bandwidth, 12.5e9),
    ("1_000", .count, 1000),
  ])
func quantities(_ text: String, _ dimension: Dimension, _ expected: Double) throws {
  #expect(abs(try dimension.parse(text) - expected) <= abs(expected) * 1e-12)
}

@Test("A missing or wrong unit names the units that would do", arguments: ["5", "5GB", "5 mw", "MW"])
func wrongUnits(_ text: String) {
  #expect(throws: Diagnostic.self) { try Dimension.power.parse(text) }
}

@Test(
  "Money in another currency becomes dollars at the rate that the fleet pins, and without one is an error")
func exchangeRates() throws {
  let rates = ["EUR": 1.1]
  #expect(abs(try Dimension.chipPrice.parse("EUR 2.10/chip.h", rates: rates) - 2.31 / 3600) < 1e-15)
  #expect(abs(try Dimension.money.parse("EUR2k", rates: rates) - 2200) < 1e-9)
  #expect(try Dimension.money.parse("USD 5") == 5)
  let wrong = #expect(throws: Diagnostic.self) { try Dimension.money.parse("CHF 5", rates: rates) }
  #expect(wrong?.help?.contains("fx: {CHF:") == true)
  #expect(throws: Diagnostic.self) { try Dimension.money.parse("5", rates: rates) }
  #expect(throws: Diagnostic.self) { try Dimension.money.parse("eur 5", rates: rates) }
}

@Test("A scaled quantity keeps its unit and is written as a person would")
func scaledQuantity() throws {
  let node = try parse("a: $0.54/chip.h")["a"]!
  #expect(try node.scaled(by: 0.9).scalarText == "$0.486/chip.h")
  #expect(try parse("a: 6%/month")["a"]!.scaled(by: 2).scalarText == "12%/month")
  #expect(try parse("a: EUR 2.10/chip.h")["a"]!.scaled(by: 2).scalarText == "EUR 4.2/chip.h")
}

@Test("A duplicate key is an error with its place")
func duplicateKey() {
  #expect(throws: Diagnostics.self) { try ConfigNode.parse("a: 1\na: 2\n", file: "t.yaml") }
}

@Test("A change whose expectation has drifted, or whose path leads nowhere, is refused")
func driftedChange() throws {
  let documents = StudyDocuments(
    scenario: try parse("services: {chat: {growth: 6%/month}}"), fleet: try parse("pods: {a: {count: 2}}"),
    files: ["t.yaml", "f.yaml"])
  let place = Diagnostic.Location(file: "t.yaml")
  func change(_ edits: [Change.Edit]) -> Change { Change(name: "c", edits: edits, location: place) }
  let scaled = try documents.applying(change([.scale(path: "pods.a.count", factor: 2)]))
  #expect(scaled.node(at: "pods.a.count")?.scalarText == "4")
  #expect(throws: Diagnostic.self) {
    try documents.applying(change([.expect(path: "services.chat.growth", "5%/month")]))
  }
  #expect(throws: Diagnostic.self) { try documents.applying(change([.remove(path: "pods.b")])) }
}

@Test("A site's tariff is read in bands of local hours, and its mean is the site's price")
func tariff() throws {
  let log = StudyLog()
  let node = try parse("- {from: 16, to: 20, price: $0.30/kWh}\n- {from: 22, to: 6, price: $0.04/kWh}\n")
  let base = USDPerJoule(0.10 / 3.6e6)
  let tariff = try #require(TariffReader(log: log).tariff(node, base: base, path: "sites.a"))
  #expect(log.diagnostics.isEmpty && tariff.bands.count == 2)
  // 4 h at 0.30, 8 h at 0.04, 12 h at 0.10.
  #expect(abs(tariff.mean.value * 3.6e6 - (1.2 + 0.32 + 1.2) / 24) < 1e-12)
  for wrong in [
    "- {from: 16, to: 16, price: $1/kWh}", "- {from: 4, price: $1/kWh}", "peak: $1/kWh", "- {to: 30}",
  ] {
    let log = StudyLog()
    #expect(TariffReader(log: log).tariff(try parse(wrong), base: base, path: "sites.a") == nil)
    #expect(!log.diagnostics.isEmpty)
  }
}

@Test(
  "Paths in a file are relative to that file, wherever it lies",
  arguments: [
    ("fleet.yaml", "", "fleet.yaml"), ("../f.yaml", "", "../f.yaml"), ("../f.yaml", ".", "../f.yaml"),
    ("./f.yaml", "a/b", "a/b/f.yaml"), ("../../f.yaml", "./a/b", "f.yaml"),
    ("../f.yaml", "..", "../../f.yaml"),
    ("f.yaml", "/", "/f.yaml"), ("../f.yaml", "/a/b", "/a/f.yaml"), ("/x/f.yaml", "a", "/x/f.yaml"),
  ])
func pathsAreRelativeToTheirFile(_ example: (path: String, directory: String, resolved: String)) {
  #expect(Study.resolve(example.path, in: example.directory) == example.resolved)
}
