import Synchronization

/// The COIN-OR libraries keep tables in static storage: whoever calls into them takes a turn.
enum SolverTurn {
  private static let turn = Mutex(())

  static func take<Result: Sendable>(_ body: () -> Result) -> Result {
    turn.withLock { _ in body() }
  }
}
