/// The prefix blocks one tier of one replica holds, least recently used first to go.
///
/// Open addressing with linear probing for the hashes, an intrusive list for the order: a touch or an insertion costs
/// a few memory accesses and allocates nothing.
struct BlockCache: ~Copyable {
  let capacity: Int
  private let mask: Int
  /// Node of each table place, −1 = empty.
  private let table: Slab<Int32>
  private let keys: Slab<UInt64>
  private let newer: Slab<Int32>
  private let older: Slab<Int32>
  private var newest: Int32 = -1
  private var oldest: Int32 = -1
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    var size = 4
    while size < 2 * capacity { size *= 2 }
    mask = size - 1
    table = Slab(count: size, repeating: -1)
    keys = Slab(count: capacity, repeating: 0)
    newer = Slab(count: capacity, repeating: -1)
    older = Slab(count: capacity, repeating: -1)
  }

  /// Is the block here? Then it is the most recently used now.
  @inline(__always) mutating func touch(_ key: UInt64) -> Bool {
    let node = table[place(of: key)]
    if node < 0 { return false }
    moveToFront(node)
    return true
  }

  func contains(_ key: UInt64) -> Bool { table[place(of: key)] >= 0 }

  /// Adds the block, or touches it; the hash of the block that had to go for it, if any.
  @inline(__always) mutating func insert(_ key: UInt64) -> UInt64? {
    guard capacity > 0 else { return key }
    var place = place(of: key)
    if table[place] >= 0 {
      moveToFront(table[place])
      return nil
    }
    var evicted: UInt64?
    var node = Int32(count)
    if count == capacity {
      node = oldest
      evicted = keys[Int(node)]
      unlink(node)
      erase(self.place(of: keys[Int(node)]))
      place = self.place(of: key)
    } else {
      count += 1
    }
    keys[Int(node)] = key
    table[place] = node
    linkNewest(node)
    return evicted
  }

  /// Forgets every block.
  mutating func removeAll() {
    for i in 0...mask { table[i] = -1 }
    newest = -1
    oldest = -1
    count = 0
  }

  /// Where the key is, or the empty place it would take.
  @inline(__always) private func place(of key: UInt64) -> Int {
    var place = home(key)
    while table[place] >= 0 && keys[Int(table[place])] != key { place = (place + 1) & mask }
    return place
  }

  @inline(__always) private func home(_ key: UInt64) -> Int {
    let mixed = (key ^ (key >> 32)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: mixed >> 32) & mask
  }

  /// Empties a place and moves back what had been pushed past it.
  private func erase(_ start: Int) {
    var hole = start
    var next = (hole + 1) & mask
    while table[next] >= 0 {
      let wanted = home(keys[Int(table[next])])
      if (next &- wanted) & mask >= (next &- hole) & mask {
        table[hole] = table[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    table[hole] = -1
  }

  @inline(__always) private mutating func moveToFront(_ node: Int32) {
    if newest == node { return }
    unlink(node)
    linkNewest(node)
  }

  @inline(__always) private mutating func linkNewest(_ node: Int32) {
    newer[Int(node)] = -1
    older[Int(node)] = newest
    if newest >= 0 { newer[Int(newest)] = node } else { oldest = node }
    newest = node
  }

  @inline(__always) private mutating func unlink(_ node: Int32) {
    let (after, before) = (newer[Int(node)], older[Int(node)])
    if after >= 0 { older[Int(after)] = before } else { newest = before }
    if before >= 0 { newer[Int(before)] = after } else { oldest = after }
  }
}

/// The prefix caches of all replicas: a device tier and a host tier behind it.
struct PrefixCaches: ~Copyable {
  private let tiers: UnsafeMutablePointer<BlockCache>
  private let count: Int

  /// Blocks per replica on the device and in host memory.
  init(deviceBlocks: [Int], hostBlocks: [Int]) {
    count = 2 * deviceBlocks.count
    tiers = .allocate(capacity: max(count, 1))
    for r in deviceBlocks.indices {
      (tiers + 2 * r).initialize(to: BlockCache(capacity: deviceBlocks[r]))
      (tiers + 2 * r + 1).initialize(to: BlockCache(capacity: hostBlocks[r]))
    }
  }

  deinit {
    tiers.deinitialize(count: count)
    tiers.deallocate()
  }

  var isEmpty: Bool { count == 0 }

  /// How many of the leading blocks the replica holds, and how many of those lie on the host.
  func match(_ blocks: ArraySlice<UInt64>, replica: Int) -> (held: Int, onHost: Int) {
    var (held, onHost) = (0, 0)
    for block in blocks {
      if !tiers[2 * replica].touch(block) {
        guard tiers[2 * replica + 1].touch(block) else { break }
        onHost += 1
      }
      held += 1
    }
    return (held, onHost)
  }

  /// Keeps the blocks of a prompt on the device; what has to go moves to the host.
  ///
  /// The last block is inserted first, so that a prefix outlives what continues it.
  func keep(_ blocks: ArraySlice<UInt64>, replica: Int) {
    for block in blocks.reversed() {
      if let evicted = tiers[2 * replica].insert(block) { _ = tiers[2 * replica + 1].insert(evicted) }
    }
  }

  func forget(replica: Int) {
    guard !isEmpty else { return }
    tiers[2 * replica].removeAll()
    tiers[2 * replica + 1].removeAll()
  }
}
