import FleetData
import Foundation
import Testing

@testable import Reporting

struct FormatTests {
  @Test(
    "Numbers are written for people",
    arguments: [
      (1_007_229.4, NumberFormat.dollars, "$1,007,229"), (-3.2, .dollars, "-$3"),
      (0.0042, .dollarsCents, "$0.00420"),
      (0.123, .percent, "12.3%"), (0.76, .significant3, "0.760"), (1234.5, .significant3, "1,230"),
      (1e-18, .scientific, "1.00e-18"),
      (2.5, .integer, "3"), (-0.04, .decimal1, "0.0"),
    ])
  func numbers(_ example: (Double, NumberFormat, String)) {
    #expect(NumberText().text(example.0, example.1) == example.2)
  }

  @Test("A change from nothing reads new, never zero or an error")
  func percentages() {
    #expect(NumberText.signedPercent(from: 0, to: 5) == "new")
    #expect(NumberText.signedPercent(from: 100, to: 102.4) == "+2.4%")
    #expect(NumberText.signedPercent(from: 100, to: 50) == "-50.0%")
    #expect(NumberText().signedMoney(24_100) == "+$24.1k")
  }

  @Test("The report answers in order, from the verdict to provenance")
  func outline() {
    let titles = PlanDocument.report(SamplePlan(months: 3).make()).sections.map(\.title)
    #expect(
      titles.first == "1. Verdict" && titles.last == "10. Provenance"
        && titles.contains("Scale up or scale out"))
  }

  @Test("A plan that serves nothing has fewer parts, and their numbers still follow each other")
  func infeasibleOutline() throws {
    var plan = SamplePlan(months: 1).make()
    plan.months = []
    let numbers = PlanDocument.report(plan).sections.compactMap { Int($0.title.prefix { $0 != "." }) }
    #expect(numbers == Array(1...5))
  }

  @Test("JUnit: a failed gate fails, an undecided warning passes, names are unique")
  func junit() throws {
    var plan = SamplePlan(months: 1).make()
    plan.gates.append(plan.gates[2])
    let xml = JUnit.render(plan)
    #expect(xml.contains("tests=\"6\" failures=\"2\" errors=\"0\""))
    #expect(xml.contains("name=\"headroom (2)\"") && xml.contains("<system-out>warning: chat latency"))
    #expect(XMLText.isWellFormed(xml))
  }

  @Test("GitHub annotations point at the gate's line and are capped at ten")
  func github() {
    var plan = SamplePlan(months: 1).make()
    #expect(
      GitHubAnnotations.render(plan).contains("::error file=scenario.yaml,line=16,col=5,title=headroom::"))
    plan.gates = (0..<30).map { i in
      var gate = plan.gates[2]
      gate.gate.name = "a,b:c%\n\(i)"
      return gate
    }
    let lines = GitHubAnnotations.render(plan).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("::error") } == 10)
    #expect(lines[0].contains("title=a%2Cb%3Ac%25 0::"))
    #expect(lines.contains { $0.contains("and 21 more") })
  }

  @Test("CSV fields that a spreadsheet would run are disarmed, numbers are not")
  func injection() {
    #expect(CSV.field("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0")
    #expect(CSV.field("-5.5") == "-5.5")
    #expect(CSV.field("+x,\"y\"") == "\"'+x,\"\"y\"\"\"")
    #expect(FocusCSV.following("2027-12") == "2028-01")
  }

  @Test(
    "Hostile names survive every format",
    arguments: [
      "=cmd|' /C calc'!A0", "a|b`c\n# d", "😀\u{202E}gnp", "_x0041_", String(repeating: "long", count: 10_000),
      "</script><b>",
      "\u{1}\u{0}", String(decoding: [0x61, 0xFF, 0x62] as [UInt8], as: UTF8.self), "::error::x", "-->",
      ",\",",
    ])
  func hostileNames(_ name: String) throws {
    var sample = SamplePlan(months: 1).make()
    sample.name = name
    sample.services[0].id = name
    sample.deployments[0].service = name
    sample.demand[0].service = name
    sample.costs = sample.costs.map { line in
      var line = line
      if line.service == "chat" { line.service = name }
      return line
    }
    sample.gates[2].gate.name = name
    sample.unitCosts[0].service = name
    sample.serviceLevels[0].service = name
    let plan = try PlanFile.canonical(sample)
    #expect(try PlanFile.decode(PlanFile.encode(plan), file: "p").services[0].id == name)
    let text = Markdown.render(plan).text
    for line in text.split(separator: "\n") where line.hasPrefix("| ") {
      #expect(line.hasSuffix(" |") && !line.contains("<script"))
    }
    #expect(XMLText.isWellFormed(JUnit.render(plan)))
    #expect(!HTMLPage.render(plan).contains(name.contains("<") ? name : "<never>"))
    for line in GitHubAnnotations.render(plan).split(separator: "\n") { #expect(line.hasPrefix("::")) }
    #expect(!CSV.costs(plan).split(separator: "\n").contains { $0.contains(",=") || $0.hasPrefix("=") })
    let file = FileManager.default.temporaryDirectory.appending(path: "fleetplan-\(UUID().uuidString).xlsx")
    defer { try? FileManager.default.removeItem(at: file) }
    try CapacityWorkbook.write(plan, to: file.path)
    #expect(FileManager.default.fileExists(atPath: file.path))
  }

  @Test("The workbook is the same bytes twice, and a number that is not finite is refused")
  func workbook() throws {
    let plan = SamplePlan(months: 2).make()
    let folder = FileManager.default.temporaryDirectory
    let files = (0..<2).map { _ in folder.appending(path: "fleetplan-\(UUID().uuidString).xlsx") }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    for file in files { try CapacityWorkbook.write(plan, to: file.path) }
    #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
    var broken = plan
    broken.deployments[0].load = .infinity
    #expect(throws: WorkbookError.self) { try CapacityWorkbook.write(broken, to: files[0].path) }
  }

  @Test("A workbook too large for memory is streamed, with its last row in the file")
  func largeWorkbook() throws {
    var sheet = Sheet(
      "Data", title: "t", note: "n", columns: (0..<26).map { .init("c\($0)", .simulator, .integer) })
    let row = (0..<26).map { SheetCell.count($0) }
    for _ in 0..<9_700 { sheet.append(row) }
    var book = Workbook(title: "large", subject: "", currency: "USD")
    book.sheets = [sheet]
    let file = FileManager.default.temporaryDirectory.appending(path: "fleetplan-\(UUID().uuidString).xlsx")
    defer { try? FileManager.default.removeItem(at: file) }
    try XLSXWriter.write(book, to: file.path)
    #expect(try Data(contentsOf: file).count > 100_000)
  }

  @Test("HTML needs no network and little script")
  func html() throws {
    let page = HTMLPage.render(SamplePlan(months: 2).make())
    #expect(
      !page.contains("http://")
        || page.ranges(of: "http://").count == page.ranges(of: "http://www.w3.org/2000/svg").count)
    let script = try #require(page.firstRange(of: "<script>")?.upperBound)
    #expect(page[script...].utf8.count < 20_000)
  }

  @Test("Every number of a plan can be explained, a misspelled id gets a suggestion")
  func explain() throws {
    let plan = SamplePlan(months: 1).make()
    for id in ExplanationIndex(plan).ids { #expect(try Explanation.explain(id, in: plan).id == id) }
    let wrong = #expect(throws: Diagnostic.self) { try Explanation.explain("services.chat.grwth", in: plan) }
    #expect(wrong?.help == "did you mean 'services.chat.growth'?")
  }
}

/// Well-formedness of the small XML that the formats write: tags balance, no stray `<` or `&`, no forbidden characters.
enum XMLText {
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
      if rest[..<start].contains(">") { return false }
      guard let end = rest[start...].firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.contains("<") { return false }
      if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
      && text.unicodeScalars.allSatisfy { $0.value >= 32 || "\n\t".unicodeScalars.contains($0) }
  }
}
