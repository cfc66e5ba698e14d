import Foundation
import Testing

/// What a person at a terminal sees, and a file never does.
@Suite(.enabled(if: Program.isInstalled("script"), "script is not installed: nothing is run on a terminal"))
struct TerminalTests {
  /// The exit code is of no interest; what was shown is.
  private func shown(_ settings: String, _ flags: String = "") throws -> String {
    let folder = try Folder()
    _ = try folder.run(
      "env \(settings) script -qc 'fleetplan validate fixtures/errors/unknown-key/fleet.yaml \(flags)' $OUT/log > /dev/null"
    )
    return folder.text("log")
  }

  @Test("Errors are coloured on a terminal, unless NO_COLOR, a dumb terminal or a flag says otherwise")
  func colour() throws {
    let red = "\u{1B}[1;31merror:"
    #expect(try shown("TERM=xterm").contains(red))
    #expect(try !shown("TERM=xterm NO_COLOR=1").contains("\u{1B}"))
    #expect(try shown("TERM=xterm NO_COLOR=").contains(red), "an empty variable is as good as none")
    #expect(try !shown("TERM=dumb").contains("\u{1B}"))
    #expect(try !shown("TERM=xterm", "--no-color").contains("\u{1B}"))
    #expect(try shown("TERM=xterm NO_COLOR=1", "--color always").contains(red))
    #expect(
      try !Folder().run("fleetplan validate fixtures/errors/unknown-key/fleet.yaml").errors.contains("\u{1B}")
    )
  }

  /// A run far too long to end, interrupted after two seconds.
  private func interrupted(_ flags: String, log: String) throws -> (
    status: Int32, errors: String, folder: Folder
  ) {
    let folder = try Folder()
    let command =
      "timeout --preserve-status -s INT 2 fleetplan simulate --trace fixtures/traces/code-azure.csv --model llama-3.1-8b "
      + "--chip h100-sxm --chips 1 --replicas 4 --repeat 10000 \(flags)"
    let answer = try folder.run(
      log.isEmpty
        ? command + " > $OUT/result"
        : "TERM=xterm script -qec '\(command) > $OUT/result' $OUT/\(log) > /dev/null")
    return (answer.status, answer.errors, folder)
  }

  @Test("A simulation shows its progress on a terminal, and nothing of it when told to be quiet")
  func simulationProgress() throws {
    let watched = try interrupted("", log: "log").folder.text("log")
    #expect(watched.contains("simulating") && watched.contains("%") && watched.contains("left"))
    let quiet = try interrupted("-q", log: "log").folder.text("log")
    #expect(!quiet.contains("simulating"))
  }

  @Test("Interrupted replications give those that were simulated, marked as a part")
  func replicationsInterrupted() throws {
    let folder = try Folder()
    let answer = try folder.run(
      """
      sed 's/count: 500/count: 500000000/' examples/simulations/speculation.yaml > $OUT/long.yaml
      TERM=xterm script -qec 'timeout --preserve-status -s INT 2 fleetplan simulate $OUT/long.yaml --replications 3 \
        > $OUT/result' $OUT/log > /dev/null
      """)
    #expect(answer.status == 130, "\(answer.errors)")
    #expect(folder.text("log").contains("simulating 3 replications"))
    #expect(folder.text("result").contains("INTERRUPTED") && folder.text("result").contains("over 0 of 3"))
  }

  @Test("An interrupted simulation gives what it has, marked as a part, and ends with 130")
  func simulationInterrupted() throws {
    let text = try interrupted("--requests-csv $OUT/requests.csv", log: "")
    #expect(text.status == 130)
    let result = text.folder.text("result")
    #expect(result.contains("INTERRUPTED") && result.contains("steady state"))
    #expect(text.folder.text("requests.csv").hasPrefix("arrival_s,ttft_s"))
    let json = try interrupted("--format json", log: "")
    #expect(json.status == 130 && json.folder.text("result").contains("\"interrupted\": true"))
  }
}
