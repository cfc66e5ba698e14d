/// A hash table from odd 64-bit hashes to 32-bit values: open addressing, linear probing, at most half full; key and
/// value lie side by side, so that a look-up touches one line of memory.
struct BlockTable {
  private struct Slot {
    var key: UInt64 = 0
    var value: UInt32 = 0
  }

  private var slots: [Slot]
  private(set) var count = 0

  /// - Parameter capacity: a power of two.
  init(capacity: Int) { slots = [Slot](repeating: Slot(), count: capacity) }

  /// Sets the value of `key`. Returns the one before, nil when the key is new.
  mutating func replace(_ key: UInt64, with value: UInt32) -> UInt32? {
    let before = slots.withUnsafeMutableBufferPointer { slots -> UInt32? in
      let mask = slots.count - 1
      // The lowest bit of a key is always set.
      var place = Int(truncatingIfNeeded: key &>> 1) & mask
      while slots[place].key != 0 {
        if slots[place].key == key {
          let before = slots[place].value
          slots[place].value = value
          return before
        }
        place = (place &+ 1) & mask
      }
      slots[place] = Slot(key: key, value: value)
      return nil
    }
    guard before == nil else { return before }
    count += 1
    if 2 * count > slots.count { rebuild(capacity: 2 * slots.count) { _ in true } }
    return nil
  }

  /// Forgets every key that `isKept` refuses, and gives back the room that leaves.
  mutating func keep(_ isKept: (UInt64) -> Bool) {
    let kept = slots.reduce(0) { $0 + ($1.key != 0 && isKept($1.key) ? 1 : 0) }
    var capacity = 1 << 12
    while capacity < 4 * kept { capacity *= 2 }
    rebuild(capacity: capacity, isKept)
  }

  private mutating func rebuild(capacity: Int, _ isKept: (UInt64) -> Bool) {
    let old = slots
    slots = [Slot](repeating: Slot(), count: capacity)
    count = 0
    for slot in old where slot.key != 0 && isKept(slot.key) { _ = replace(slot.key, with: slot.value) }
  }
}
