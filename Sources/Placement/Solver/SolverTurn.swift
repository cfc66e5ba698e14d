import Glibc
import Synchronization

/// The COIN-OR libraries keep tables in static storage: whoever calls into them takes a turn.
enum SolverTurn {
  private static let turn = Mutex(())

  static func take<Result: Sendable>(_ body: () -> Result) -> Result {
    turn.withLock { _ in
      _ = blasOnOneThread
      return body()
    }
  }

  /// Their dense blocks are a few dozen rows: where the system's BLAS is OpenBLAS, its threads would only spin and wait,
  /// which took a quarter of a plan's CPU time and the core that simulations run on.
  private static let blasOnOneThread: Void = {
    typealias SetThreads = @convention(c) (CInt) -> Void
    guard let symbol = dlsym(nil, "openblas_set_num_threads") else { return }
    unsafeBitCast(symbol, to: SetThreads.self)(1)
  }()
}
