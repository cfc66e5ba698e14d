/// The prefix blocks one tier of one replica holds, least recently used first to go.
///
/// Open addressing with linear probing for the hashes, an intrusive list for the order: a touch or an insertion costs
/// a few memory accesses and allocates nothing. At most an eighth of the table is taken: most probes then end where they
/// begin, and a processor that guesses so is seldom wrong.
struct BlockCache: ~Copyable {
  struct Node: BitwiseCopyable {
    var key: UInt64
    var newer: Int32
    var older: Int32
  }

  let capacity: Int
  private let mask: Int
  /// Eight bits of the mixed hash, then the node plus 1 in 24 bits; 0 = empty. A probe of another block is mostly told
  /// apart here, without a look at its node.
  private let table: Slab<UInt32>
  private let nodes: Slab<Node>
  private var newest: Int32 = -1
  private var oldest: Int32 = -1
  private(set) var count = 0

  private static let nodeMask: UInt32 = 0xff_ffff

  init(capacity: Int) {
    precondition(capacity < 1 << 24, "a tier holds fewer than 16 million blocks")
    self.capacity = capacity
    var size = 4
    while size < 8 * capacity { size *= 2 }
    mask = size - 1
    table = Slab(count: size, repeating: 0)
    nodes = Slab(count: capacity, repeating: Node(key: 0, newer: -1, older: -1))
  }

  /// Is the block here? Then it is the most recently used now.
  @inline(__always) mutating func touch(_ key: UInt64) -> Bool {
    let word = table[place(of: key)]
    if word == 0 { return false }
    moveToFront(Self.node(word))
    return true
  }

  @inline(__always) func contains(_ key: UInt64) -> Bool { table[place(of: key)] != 0 }

  /// Adds the block, or touches it; the hash of the block that had to go for it, if any.
  @inline(__always) mutating func insert(_ key: UInt64) -> UInt64? {
    guard capacity > 0 else { return key }
    let found = table[place(of: key)]
    if found != 0 {
      moveToFront(Self.node(found))
      return nil
    }
    var evicted: UInt64?
    var node = Int32(count)
    if count == capacity {
      node = oldest
      let key = nodes[Int(node)].key
      evicted = key
      unlink(node)
      erase(place(of: key))
    } else {
      count += 1
    }
    nodes.pointer(Int(node)).pointee.key = key
    table[place(of: key)] = Self.tag(Self.mixed(key)) | UInt32(node + 1)
    linkNewest(node)
    return evicted
  }

  /// Forgets every block.
  mutating func removeAll() {
    for i in 0...mask { table[i] = 0 }
    newest = -1
    oldest = -1
    count = 0
  }

  @inline(__always) private static func mixed(_ key: UInt64) -> UInt64 {
    let folded = (key ^ (key >> 32)) &* 0x9e37_79b9_7f4a_7c15
    return folded ^ (folded >> 29)
  }

  @inline(__always) private static func tag(_ mixed: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: mixed >> 32) & ~nodeMask
  }

  @inline(__always) private static func node(_ word: UInt32) -> Int32 { Int32(word & nodeMask) - 1 }

  @inline(__always) private func home(_ mixed: UInt64) -> Int { Int(truncatingIfNeeded: mixed) & mask }

  /// Where the key is, or the empty place it would take.
  @inline(__always) private func place(of key: UInt64) -> Int {
    let mixed = Self.mixed(key)
    let tag = Self.tag(mixed)
    var place = home(mixed)
    while true {
      let word = table[place]
      if word == 0 { return place }
      if word & ~Self.nodeMask == tag, nodes[Int(Self.node(word))].key == key { return place }
      place = (place + 1) & mask
    }
  }

  /// Empties a place and moves back what had been pushed past it.
  @inline(__always) private func erase(_ start: Int) {
    var hole = start
    var next = (hole + 1) & mask
    while table[next] != 0 {
      let wanted = home(Self.mixed(nodes[Int(Self.node(table[next]))].key))
      if (next &- wanted) & mask >= (next &- hole) & mask {
        table[hole] = table[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    table[hole] = 0
  }

  @inline(__always) private mutating func moveToFront(_ node: Int32) {
    if newest == node { return }
    unlink(node)
    linkNewest(node)
  }

  @inline(__always) private mutating func linkNewest(_ node: Int32) {
    nodes.pointer(Int(node)).pointee.newer = -1
    nodes.pointer(Int(node)).pointee.older = newest
    if newest >= 0 { nodes.pointer(Int(newest)).pointee.newer = node } else { oldest = node }
    newest = node
  }

  @inline(__always) private mutating func unlink(_ node: Int32) {
    let (after, before) = (nodes[Int(node)].newer, nodes[Int(node)].older)
    if after >= 0 { nodes.pointer(Int(after)).pointee.older = before } else { newest = before }
    if before >= 0 { nodes.pointer(Int(before)).pointee.newer = after } else { oldest = after }
  }
}
