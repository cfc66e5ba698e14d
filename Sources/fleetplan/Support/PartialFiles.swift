import Foundation
import Synchronization

/// Files that are being written; an interrupt takes them away, so that nothing unfinished stays behind.
enum PartialFiles {
  private static let count = 64
  /// C strings, for a signal handler may not allocate; a free slot holds nothing.
  nonisolated(unsafe) private static let names = {
    let names = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: count)
    names.initialize(repeating: nil, count: count)
    return names
  }()
  private static let lock = Mutex(())

  /// Ends the process with 128 + the signal's number after INT and TERM; a file over the size limit is an error, not
  /// an end.
  static func guardAgainstSignals() {
    _ = names
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        for slot in 0..<PartialFiles.count {
          if let name = PartialFiles.names[slot] { unlink(name) }
        }
        _exit(128 + number)
      }
    }
    signal(SIGXFSZ, SIG_IGN)
  }

  /// The slot of a file that is about to be written; `nil` when all are taken.
  static func add(_ path: String) -> Int? {
    lock.withLock { _ in
      guard let slot = (0..<count).first(where: { names[$0] == nil }) else { return nil }
      names[slot] = strdup(path)
      return slot
    }
  }

  static func remove(_ slot: Int?) {
    guard let slot else { return }
    lock.withLock { _ in
      let name = names[slot]
      names[slot] = nil
      free(name)
    }
  }
}
