/// Names met in a column, numbered in order of appearance.
struct NameTable {
  private(set) var names: [String] = []
  private let limit: Int
  private var indexes: [String: Int] = [:]
  private var last: [UInt8] = []
  private var lastIndex: Int?

  init(limit: Int) { self.limit = limit }

  /// The number of a name; nil when it is not UTF-8 or one name too many.
  mutating func index(of bytes: UnsafeRawBufferPointer) -> Int? {
    if let lastIndex, last.count == bytes.count, last.elementsEqual(bytes) { return lastIndex }
    guard let name = String(validating: bytes, as: UTF8.self) else { return nil }
    guard let index = index(ofName: name) else { return nil }
    last = Array(bytes)
    lastIndex = index
    return index
  }

  mutating func index(ofName name: String) -> Int? {
    if let known = indexes[name] { return known }
    guard names.count < limit else { return nil }
    names.append(name)
    indexes[name] = names.count - 1
    return names.count - 1
  }
}

/// Session labels, whole numbers or text, numbered in order of appearance by a 64-bit hash.
struct SessionTable {
  /// More sessions than this cannot be told apart in bounded memory.
  static let limit = 1 << 22
  private var indexes: [UInt64: Int32] = [:]
  private(set) var overflowed = false

  var count: Int { indexes.count }

  mutating func index(of bytes: UnsafeRawBufferPointer) -> Int32? {
    if bytes.isEmpty { return -1 }
    let key = sessionKey(bytes)
    if let known = indexes[key] { return known }
    guard indexes.count < Self.limit else {
      overflowed = true
      return nil
    }
    indexes[key] = Int32(indexes.count)
    return Int32(indexes.count - 1)
  }
}

/// FNV-1a with a final mix; labels that differ collide once in about 2^32 sessions squared.
private func sessionKey(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  return (hash ^ (hash >> 29)) &* 0xbf58_476d_1ce4_e5b9
}
