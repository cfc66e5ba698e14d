import Glibc

/// A file or standard input (`-`), read in the pieces its reader asks for; optionally hashed on the way.
final class FileSource: ByteSource {
  private let descriptor: Int32
  private let path: String
  private var hash: SHA256?

  /// - Throws: `TraceError.missing` when there is no such file, `.unreadable` when it may not be read.
  init(path: String, hashing: Bool) throws(TraceError) {
    self.path = path
    hash = hashing ? SHA256() : nil
    guard path != "-" else {
      descriptor = 0
      return
    }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT { throw .missing(path: path) }
      throw .unreadable(path: path, why: String(cString: strerror(code)))
    }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { if descriptor > 0 { close(descriptor) } }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 {
        hash?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
      }
      let code = errno
      if code != EINTR { throw .unreadable(path: path, why: String(cString: strerror(code))) }
    }
  }

  /// SHA-256 of every byte read so far, in hexadecimal; nil when hashing was not asked for.
  var sha256: String? { hash?.finished() }
}
