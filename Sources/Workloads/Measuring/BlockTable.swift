/// A hash table from odd 64-bit hashes to 32-bit values: open addressing, linear probing, at most half full.
struct BlockTable {
  private var keys: [UInt64]
  private var values: [UInt32]
  private(set) var count = 0

  /// - Parameter capacity: a power of two.
  init(capacity: Int) {
    keys = [UInt64](repeating: 0, count: capacity)
    values = [UInt32](repeating: 0, count: capacity)
  }

  /// Sets the value of `key`. Returns the one before, nil when the key is new.
  mutating func replace(_ key: UInt64, with value: UInt32) -> UInt32? {
    let mask = keys.count - 1
    // The lowest bit of a key is always set.
    var slot = Int(truncatingIfNeeded: key &>> 1) & mask
    while true {
      let there = keys[slot]
      if there == key {
        defer { values[slot] = value }
        return values[slot]
      }
      if there == 0 { break }
      slot = (slot + 1) & mask
    }
    keys[slot] = key
    values[slot] = value
    count += 1
    if 2 * count > keys.count { rebuild(capacity: 2 * keys.count) { _ in true } }
    return nil
  }

  /// Forgets every key that `isKept` refuses.
  mutating func keep(_ isKept: (UInt64) -> Bool) { rebuild(capacity: keys.count, isKept) }

  var entries: [(key: UInt64, value: UInt32)] {
    keys.indices.filter { keys[$0] != 0 }.map { (keys[$0], values[$0]) }
  }

  private mutating func rebuild(capacity: Int, _ isKept: (UInt64) -> Bool) {
    var fresh = BlockTable(capacity: capacity)
    for (key, value) in entries where isKept(key) { _ = fresh.replace(key, with: value) }
    self = fresh
  }
}

/// Sums over ranges of counters that change one at a time, both in O(log n).
struct FenwickTree {
  private var tree: [Int32]

  init(count: Int) { tree = [Int32](repeating: 0, count: count + 1) }

  /// The first `ones` of `count` counters at 1, in linear time.
  init(ones: Int, count: Int) {
    self.init(count: count)
    for i in 1..<tree.count {
      if i <= ones { tree[i] &+= 1 }
      let parent = i + (i & -i)
      if parent < tree.count { tree[parent] &+= tree[i] }
    }
  }

  var count: Int { tree.count - 1 }

  mutating func add(_ amount: Int32, at index: Int) {
    var i = index + 1
    while i < tree.count {
      tree[i] &+= amount
      i += i & -i
    }
  }

  /// The sum of counters `start ..< end`.
  func sum(from start: Int, to end: Int) -> Int { sum(to: end) - sum(to: start) }

  private func sum(to end: Int) -> Int {
    var i = end
    var total = 0
    while i > 0 {
      total += Int(tree[i])
      i -= i & -i
    }
    return total
  }
}
