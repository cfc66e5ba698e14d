import Foundation
import Ingest

/// Rejected rows as CSV while a trace is read: line, reason, text.
final class RejectFile {
  private let path: String
  private var pending: [UInt8] = Array("line,reason,text\n".utf8)
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ExitError(.cannotWrite, "cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  func add(_ rejection: Rejection, _ text: UnsafeRawBufferPointer) {
    pending += Array("\(rejection.line),".utf8)
    addQuoted(Array(rejection.reason.utf8))
    pending.append(UInt8(ascii: ","))
    addQuoted(Array(text))
    pending.append(UInt8(ascii: "\n"))
    if pending.count > 1 << 20 { flush() }
  }

  func flush() {
    var rest = pending[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
      if written <= 0 { break }
      rest = rest.dropFirst(written)
    }
    pending.removeAll(keepingCapacity: true)
  }

  private func addQuoted(_ bytes: [UInt8]) {
    pending.append(UInt8(ascii: "\""))
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { pending.append(byte) }
      pending.append(byte)
    }
    pending.append(UInt8(ascii: "\""))
  }
}
