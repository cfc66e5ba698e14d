/// Names met in a column, numbered in order of appearance and found again by a 64-bit hash.
struct NameTable {
  private(set) var names: [String] = []
  private let limit: Int
  private var indexes: [UInt64: Int] = [:]

  init(limit: Int) { self.limit = limit }

  /// The number of a name; nil when it is not UTF-8 or one name too many.
  mutating func index(of bytes: UnsafeRawBufferPointer) -> Int? {
    let key = labelHash(bytes)
    if let known = indexes[key] { return known }
    guard names.count < limit, let name = String(validating: bytes, as: UTF8.self) else { return nil }
    names.append(name)
    indexes[key] = names.count - 1
    return names.count - 1
  }

  mutating func index(ofName name: String) -> Int? {
    var name = name
    return name.withUTF8 { index(of: UnsafeRawBufferPointer($0)) }
  }
}

/// Session labels, whole numbers or text, numbered in order of appearance by a 64-bit hash.
struct SessionTable {
  /// Sessions beyond this many are not told apart: their requests count as requests without a session.
  let limit: Int
  private var indexes: [UInt64: Int32] = [:]
  /// Requests whose session was one too many.
  private(set) var beyond = 0

  init(limit: Int) { self.limit = min(limit, Int(Int32.max)) }

  /// The number of a session; -1 for an empty label.
  mutating func index(of bytes: UnsafeRawBufferPointer) -> Int32 {
    if bytes.isEmpty { return -1 }
    let key = labelHash(bytes)
    if let known = indexes[key] { return known }
    guard indexes.count < limit else {
      beyond += 1
      return -1
    }
    indexes[key] = Int32(indexes.count)
    return Int32(indexes.count - 1)
  }
}

/// Request numbers met so far, as hashes: a number met before belongs to a request sent or logged twice.
struct RequestNumbers {
  static let limit = 1 << 21
  private var known: Set<UInt64> = []
  private(set) var repeated = 0
  /// Numbers that were not compared, as too many were met before them.
  private(set) var unchecked = 0

  /// True when the number is new, or too many were met to say.
  mutating func isNew(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if bytes.isEmpty { return true }
    let key = labelHash(bytes)
    guard known.count < Self.limit else {
      if known.contains(key) { repeated += 1 } else { unchecked += 1 }
      return !known.contains(key)
    }
    let isNew = known.insert(key).inserted
    repeated += isNew ? 0 : 1
    return isNew
  }
}

/// FNV-1a with a final mix; labels that differ collide once in about 2^32 sessions squared.
private func labelHash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  return (hash ^ (hash >> 29)) &* 0xbf58_476d_1ce4_e5b9
}
