import CKernels
import Quantities

/// The one clock below the executable: CPU time of the calling thread.
///
/// CPU time rather than wall time, so that other processes' turns on the core do not count; the least of several runs,
/// so that their traffic in shared caches and memory counts as little as it can.
public struct KernelTimer: Sendable {
  /// Runs per timing.
  public var repeats: Int

  public init(repeats: Int) {
    precondition(repeats >= 1, "a timing needs at least one run")
    self.repeats = repeats
  }

  /// The least CPU time of `repeats` runs of `body`, after one that warms caches and pages.
  public func least(_ body: () -> Void) -> Seconds { each(body).min()! }

  /// The CPU times of `repeats` runs of `body`, after one that warms caches and pages.
  public func each(_ body: () -> Void) -> [Seconds] {
    body()
    return (0..<repeats).map { _ in Self.once(body) }
  }

  /// CPU time of one run of `body`.
  public static func once(_ body: () -> Void) -> Seconds {
    let start = ck_thread_nanoseconds()
    body()
    return Seconds(Double(ck_thread_nanoseconds() - start) * 1e-9)
  }
}
