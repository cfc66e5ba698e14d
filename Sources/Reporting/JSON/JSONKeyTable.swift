/// Keys of a document, each made once: rows of one list repeat the same dozen.
struct JSONKeyTable {
  private var slots = [(bytes: [UInt8], text: String)?](repeating: nil, count: 512)

  /// The text of a key; `nil` when it is not valid UTF-8.
  mutating func text(_ bytes: ArraySlice<UInt8>) -> String? {
    guard let first = bytes.first, let last = bytes.last else { return "" }
    let middle = bytes[bytes.startIndex + bytes.count / 2]
    let slot = (bytes.count &* 31 &+ Int(first) &* 7 &+ Int(middle) &* 61 &+ Int(last)) & 511
    if let known = slots[slot], known.bytes.elementsEqual(bytes) { return known.text }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    slots[slot] = (Array(bytes), text)
    return text
  }
}

/// Part of a document that is read while it is decoded.
public struct JSONText: Sendable, Hashable {
  let bytes: [UInt8]
  /// Where the opening bracket of the array stands.
  let start: Int
}
