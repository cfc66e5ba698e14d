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
}
