import Foundation

/// The C libraries of the solver end the process on an assertion of their own; the user is told what happened, and the
/// exit code says that it was our fault and not the study's.
enum SolverAbort {
  private static let message = StaticString(
    """

    error: the solver stopped on an internal assertion (above); no plan was written
    help: the study is not at fault. A plan with another `seed`, without `survive_site_loss` or with fewer `chips` to \
    choose from takes another path; please report the study with `fleetplan doctor`

    """)

  /// Ends with 70, software error, instead of a core dump.
  static func explain() {
    signal(SIGABRT) { _ in
      _ = write(STDERR_FILENO, SolverAbort.message.utf8Start, SolverAbort.message.utf8CodeUnitCount)
      _exit(70)
    }
  }
}
