import Foundation
import Testing

/// Help that a person can follow: every command shows an example, and every example runs.
struct HelpTests {
  /// The commands as the manual lists them, `trace` before `trace inspect`.
  private static func commands(_ manual: String) -> [String] {
    manual.split(separator: "\n").filter { $0.hasPrefix(".SH \"FLEETPLAN ") }
      .map { $0.dropFirst(15).dropLast().lowercased() }
  }

  /// What stands after `Example:` in a command's help, its wrapped lines joined.
  private static func example(_ help: String) -> String? {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("Example: ") }) else { return nil }
    let words = lines[start...].prefix { !$0.isEmpty }.joined(separator: " ")
    return String(words.dropFirst("Example: ".count))
  }

  @Test("Every command's help shows an example, and the example runs")
  func examplesRun() throws {
    let folder = try Folder()
    let commands = Self.commands(try folder.run("fleetplan manual").output)
    #expect(commands.count > 30, "\(commands)")
    var examples: [String] = []
    for command in commands {
      let help = try folder.run("fleetplan \(command) --help").output
      let example = Self.example(help)
      let isGroup = commands.contains { $0.hasPrefix(command + " ") }
      #expect(isGroup || example != nil, "\(command) shows no example")
      if let example { examples.append(example) }
    }
    // A study of one's own: scenario, fleet, traces, measured rows, published answers, a plan to compare with.
    let prepared = try folder.run(
      """
      cd fixtures && sed 's|\\.\\./\\.\\./sweeps/||; s|\\.\\./\\.\\./traces/short-answers|trace|' \
        cases/plan-twice/scenario.yaml > $OUT/scenario.yaml && cp sweeps/fleet.yaml $OUT/ &&
      cp traces/short-answers.csv $OUT/trace.csv && cp traces/short-answers.csv $OUT/more.csv &&
      cp published/training-runs.json $OUT/runs.json && cp published/economics.json $OUT/ &&
      cp published/scaling-book.json $OUT/answers.json && cd $OUT &&
      fleetplan plan scenario.yaml --out base --format json -q
      """)
    #expect(prepared.status == 0, "\(prepared.errors)")
    for example in examples {
      let answer = try folder.run("cd $OUT && \(example)")
      #expect(answer.status == 0, "\(example): \(answer.errors)")
    }
  }
}
