import Foundation
import Testing

/// What readers are told to type is what the golden cases run.
struct DocumentationTests {
  /// Commands of the README that build the project, and the full plan of a template, which `make templates` runs.
  private static let elsewhere = ["make demo", "make test", "make install", "fleetplan plan mystudy/"]

  private static func cases() throws -> [String] {
    try ["fixtures/cases", "fixtures/errors"].flatMap { folder in
      try GoldenCase.all(in: folder).map { try #require($0.expected("command")) }
    }
  }

  /// Lines of the fenced shell blocks of a Markdown file, without comments.
  private static func commands(in file: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(GoldenCase.root)/\(file)", encoding: .utf8)
    var inside = false
    var commands: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        inside = line.hasPrefix("```sh")
        continue
      }
      guard inside else { continue }
      let command = line.components(separatedBy: "  #")[0].components(separatedBy: "\t#")[0]
        .trimmingCharacters(in: .whitespaces)
      if !command.isEmpty, !command.hasPrefix("#") { commands.append(command) }
    }
    return commands
  }

  @Test("Every command shown in the README and in the examples is run by a golden case", arguments: documents)
  func shownCommandsAreRun(_ file: String) throws {
    let all =
      try Self.cases() + GoldenCase.all(in: "examples/what-if").map { try #require($0.expected("command")) }
    for command in try Self.commands(in: file)
    where !Self.elsewhere.contains(where: { command.hasPrefix($0) }) {
      #expect(all.contains { $0.contains(command) }, "\(file) shows '\(command)', which no golden case runs")
    }
  }

  static let documents: [String] = {
    let root = GoldenCase.root
    let examples =
      FileManager.default.enumerator(atPath: "\(root)/examples")?.compactMap { $0 as? String } ?? []
    return ["README.md"] + examples.filter { $0.hasSuffix(".md") }.sorted().map { "examples/\($0)" }
  }()

  @Test("Every exit code that a result or a mistake can have has a golden case")
  func exitCodes() throws {
    let statuses = try ["fixtures/cases", "fixtures/errors"].flatMap { folder in
      try GoldenCase.all(in: folder).map {
        try #require($0.expected("status")).split(separator: "\n").first.map(String.init)
      }
    }
    // 130 and 143, after a signal, are tested where files are written.
    for code in ["0", "64", "65", "66", "70", "73", "78", "98", "99"] {
      #expect(statuses.contains(code), "no golden case ends with \(code)")
    }
  }

  @Test("The changes of every what-if example can be made", arguments: GoldenCase.all(in: "examples/what-if"))
  func whatIfs(_ example: GoldenCase) throws {
    // Planning them all is the business of `make templates`, with an optimised build.
    let answer = try Folder().run("fleetplan show \(example.folder)/scenario.yaml --diff")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.output.contains("\n+ "), "\(answer.output)")
    #expect(example.expected("stdout")?.contains("#### fleetplan: ") == true)
  }

  @Test("Every study under examples is run by a golden case")
  func examplesAreRun() throws {
    let all =
      try Self.cases() + GoldenCase.all(in: "examples/what-if").map { try #require($0.expected("command")) }
    let studies =
      FileManager.default.enumerator(atPath: "\(GoldenCase.root)/examples")?.compactMap { $0 as? String }
      ?? []
    for study in studies.sorted() where study.hasSuffix("scenario.yaml") {
      #expect(all.contains { $0.contains("examples/\(study)") }, "no golden case runs examples/\(study)")
    }
  }
}

@Test("The simulation template is a valid setup that runs")
func simulationTemplate() throws {
  let answer = try Folder().run(
    """
    fleetplan init $OUT/t --template simulation && fleetplan validate $OUT/t/setup.yaml &&
    fleetplan simulate $OUT/t/setup.yaml --horizon 60
    """)
  #expect(answer.status == 0, "\(answer.errors)")
  #expect(answer.output.contains("next: fleetplan simulate"))
}

@Test("Every template is a valid study", arguments: ["chat", "agents", "multi-site", "train", "ci"])
func templatesAreValid(_ template: String) throws {
  // Planning each in full is the business of `make templates`, with an optimised build.
  let answer = try Folder().run(
    """
    fleetplan init $OUT/t --template \(template) && fleetplan validate $OUT/t/scenario.yaml $OUT/t/fleet.yaml &&
    fleetplan plan $OUT/t/scenario.yaml --dry-run && fleetplan show $OUT/t/scenario.yaml > /dev/null
    """)
  #expect(answer.status == 0, "\(answer.errors)")
  #expect(answer.output.contains("next: fleetplan plan"))
}
