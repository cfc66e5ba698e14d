import Foundation

/// Where the records of an embedded catalog file lie, so that one is decoded without the others.
///
/// The file is an object whose one array holds records, each of which begins with its `id`. Finding them is one pass over
/// the bytes; decoding all of them takes milliseconds that a single estimate should not pay.
struct RecordIndex: @unchecked Sendable {
  /// The embedded bytes live as long as the program and never change.
  private let bytes: UnsafeBufferPointer<UInt8>
  private var places: [(id: String, range: Range<Int>)] = []

  init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    bytes = UnsafeBufferPointer(start: start, count: count)
    var (depth, isText, begin, at) = (0, false, 0, 0)
    while at < count {
      switch bytes[at] {
      case UInt8(ascii: "\\") where isText: at += 1
      case UInt8(ascii: "\""): isText.toggle()
      case UInt8(ascii: "{") where !isText, UInt8(ascii: "[") where !isText:
        if depth == 2 { begin = at }
        depth += 1
      case UInt8(ascii: "}") where !isText, UInt8(ascii: "]") where !isText:
        depth -= 1
        if depth == 2, let id = firstText(in: begin..<at) { places.append((id, begin..<at + 1)) }
      default: break
      }
      at += 1
    }
  }

  /// The bytes of the record with this id.
  func record(_ id: String) -> Data? {
    places.first { $0.id == id }.map { Data(bytes[$0.range]) }
  }

  /// The value of the record's first key.
  private func firstText(in range: Range<Int>) -> String? {
    let quotes = bytes[range].indices.lazy.filter { bytes[$0] == UInt8(ascii: "\"") }.prefix(4)
    let places = Array(quotes)
    guard places.count == 4 else { return nil }
    return String(decoding: bytes[places[2] + 1..<places[3]], as: UTF8.self)
  }
}
