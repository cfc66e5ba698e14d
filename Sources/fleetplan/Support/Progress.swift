import Foundation
import Synchronization

/// What a long command says while it works: a bar with the time left on a terminal, plain lines elsewhere.
///
/// On a terminal one line is rewritten in place; elsewhere each phase is a line, and counted work adds one every ten
/// seconds, so that a log stays short.
final class Progress: Sendable {
  enum Style: String, CaseIterable { case auto, plain, none }
  private enum Form { case bar, lines, silent }

  private struct State {
    var phaseStart = ContinuousClock.now
    var lastLine = ContinuousClock.now
    var isLineOpen = false
  }
  private let state = Mutex(State())
  private let form: Form

  init() {
    let style = (try? Settings.current.get().text(.progress)).flatMap(Style.init) ?? .auto
    let isWatched =
      isatty(STDERR_FILENO) == 1 && (ProcessInfo.processInfo.environment["CI"] ?? "").isEmpty
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    let flags = GlobalFlags.current
    form =
      flags.isQuiet || style == .none
      ? .silent : style == .auto && isWatched && !flags.isVerbose ? .bar : .lines
  }

  /// Something new begins: `placing and simulating`.
  func phase(_ sentence: String) {
    state.withLock { state in
      state.phaseStart = .now
      state.lastLine = .now
      switch form {
      case .silent: break
      case .lines: Output.progress("fleetplan: \(sentence)\(Self.soFar)")
      case .bar: rewrite("fleetplan: \(sentence) …\(Self.memory)", &state)
      }
    }
  }

  /// The next stage of work of which a share is done.
  func stage(_ sentence: String, share: Double) {
    guard form == .bar else { return phase(sentence) }
    state.withLock { state in
      if share == 0 { state.phaseStart = .now }
      let left = Self.timeLeft(share: share, after: state.phaseStart.duration(to: .now))
      // The time left stands first, for a narrow terminal cuts the end.
      rewrite(
        Self.bar(share) + (left.map { " about \($0) left:" } ?? "") + " " + sentence + Self.memory, &state)
    }
  }

  /// `done` of `total` pieces of the phase are finished.
  func advance(_ label: String, done: Int, of total: Int) {
    state.withLock { state in
      let spent = state.phaseStart.duration(to: .now)
      let share = total > 0 ? Double(done) / Double(total) : 1
      let left = Self.timeLeft(share: share, after: spent)
      switch form {
      case .silent: break
      case .lines:
        guard state.lastLine.duration(to: .now) >= .seconds(10) else { return }
        state.lastLine = .now
        Output.progress("fleetplan: \(label): \(done) of \(total)" + (left.map { ", \($0) left" } ?? ""))
      case .bar:
        rewrite("\(Self.bar(share)) \(label)" + (left.map { ", \($0) left" } ?? "") + Self.memory, &state)
      }
    }
  }

  /// A line that stays: a file that was written, a warning.
  func line(_ sentence: String) {
    state.withLock { state in
      close(&state)
      if form != .silent { Output.progress("fleetplan: \(sentence)") }
    }
  }

  /// Takes the bar away.
  func finish() { state.withLock { close(&$0) } }

  private func rewrite(_ text: String, _ state: inout State) {
    _ = Output.write("\r\u{1B}[2K" + String(text.prefix(Self.width - 1)), to: STDERR_FILENO)
    state.isLineOpen = true
  }

  private func close(_ state: inout State) {
    if state.isLineOpen { _ = Output.write("\r\u{1B}[2K", to: STDERR_FILENO) }
    state.isLineOpen = false
  }

  /// `[#######-------------]  35%`.
  static func bar(_ share: Double) -> String {
    let share = min(1, max(0, share))
    let full = Int((share * 20).rounded(.down))
    let percent = String(Int((share * 100).rounded(.down)))
    return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: 20 - full) + "] "
      + String(repeating: " ", count: 3 - percent.count) + percent + "%"
  }

  /// What remains at the pace so far, `nil` before anything is done: `40 s`, `3 min`, `2.5 h`.
  static func timeLeft(share: Double, after spent: Duration) -> String? {
    guard share > 0, share < 1 else { return nil }
    let seconds = Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
    let left = seconds * (1 - share) / share
    if left < 90 { return "\(Int(left.rounded(.up))) s" }
    return left < 5400 ? "\(Int((left / 60).rounded())) min" : String(format: "%.1f h", left / 3600)
  }

  private static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }

  /// The time and memory so far, for `--verbose`.
  private static var soFar: String {
    guard GlobalFlags.current.isVerbose else { return "" }
    return String(format: " [%.1f s]", RunInfo.soFar.wallSeconds) + memory
  }

  /// The most memory held so far.
  private static var memory: String {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return " (\(usage.ru_maxrss / 1024) MB)"
  }
}
