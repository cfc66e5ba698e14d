/// Fields of a line that has quotes in it (RFC 4180); a quoted line break is not taken.
final class QuotedFields {
  /// Copies of the fields whose doubled quotes had to be undone, kept for the length of one line.
  private var copies: [UnsafeMutableRawBufferPointer] = []

  deinit { release() }

  func split(
    _ body: UnsafeRawBufferPointer, delimiter: UInt8, into fields: inout [UnsafeRawBufferPointer]
  ) -> RowProblem? {
    release()
    let quote = UInt8(ascii: "\"")
    var i = 0
    while true {
      let isQuoted = i < body.count && body[i] == quote
      let start = isQuoted ? i + 1 : i
      var doubled = false
      i = start
      while i < body.count {
        if body[i] == 0 { return RowProblem("NUL byte in the line") }
        if isQuoted, body[i] == quote {
          if i + 1 == body.count || body[i + 1] != quote { break }
          doubled = true
          i += 1
        } else if !isQuoted, body[i] == delimiter {
          break
        }
        i += 1
      }
      let field = UnsafeRawBufferPointer(rebasing: body[start..<i])
      fields.append(doubled ? undoubled(field) : field)
      if isQuoted {
        guard i < body.count else {
          return RowProblem("a quote is not closed on its line", mayBeTruncation: true)
        }
        i += 1
        if i < body.count, body[i] != delimiter {
          return RowProblem("text after a closing quote", excerpt(body))
        }
      }
      if i >= body.count { return nil }
      i += 1
    }
  }

  private func undoubled(_ field: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: field.count + 8, alignment: 8)
    copy.initializeMemory(as: UInt8.self, repeating: 0)
    copies.append(copy)
    var count = 0
    var i = 0
    while i < field.count {
      copy[count] = field[i]
      count += 1
      i += field[i] == UInt8(ascii: "\"") ? 2 : 1
    }
    return UnsafeRawBufferPointer(rebasing: copy[..<count])
  }

  private func release() {
    for copy in copies { copy.deallocate() }
    copies.removeAll()
  }
}
