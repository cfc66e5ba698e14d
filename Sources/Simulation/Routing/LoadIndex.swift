/// The replicas of every group ordered by requests in flight, in rings: the least loaded in O(1) for any fleet size.
///
/// Replicas of equal load stand in a ring, first in, first out, so ties are spread instead of falling on replica 0.
/// Every ring is closed by a node of its own: entering and leaving need no branch.
struct LoadIndex: ~Copyable {
  struct Node: BitwiseCopyable {
    var next: Int32
    var previous: Int32
    var load: Int32 = 0
    /// The replica's group; its complement while the replica takes no requests.
    var group: Int32 = 0
  }
  private let groups: Int
  private let replicas: Int
  /// Replicas, then the closing node of each ring: level by level, group by group.
  private var nodes: Slab<Node>
  /// The least load per group, tight whenever the group is not empty.
  private let least: Slab<Int32>
  private let listed: Slab<Int32>
  private var levels: Int

  init(groupOfReplica: [Int], groups: Int) {
    self.groups = groups
    replicas = groupOfReplica.count
    levels = 64
    nodes = Slab(count: replicas + groups * levels, repeating: Node(next: 0, previous: 0))
    least = Slab(count: groups, repeating: 0)
    listed = Slab(count: groups, repeating: 0)
    for (replica, group) in groupOfReplica.enumerated() { nodes[replica].group = ~Int32(group) }
    closeRings(from: replicas)
  }

  @inline(__always) func load(_ replica: Int) -> Int32 { nodes[replica].load }
  @inline(__always) func isOpen(_ replica: Int) -> Bool { nodes[replica].group >= 0 }
  /// Replicas of the group that take requests.
  @inline(__always) func openCount(_ group: Int) -> Int32 { listed[group] }

  /// The least loaded replica of the group, or −1 when none takes requests.
  @inline(__always) func leastLoaded(_ group: Int) -> Int32 {
    listed[group] == 0 ? -1 : nodes[ring(least[group], group)].next
  }
  @inline(__always) func leastLoad(_ group: Int) -> Int32 { least[group] }

  /// Lets the replica take requests.
  mutating func open(_ replica: Int) {
    guard !isOpen(replica) else { return }
    let group = Int(~nodes[replica].group)
    nodes[replica].group = Int32(group)
    listed[group] += 1
    while Int(nodes[replica].load) >= levels { addLevels() }
    link(replica, ring(nodes[replica].load, group))
    if listed[group] == 1 || nodes[replica].load < least[group] { least[group] = nodes[replica].load }
  }

  /// Stops the replica from taking requests; those it has remain.
  mutating func close(_ replica: Int) {
    guard isOpen(replica) else { return }
    let group = Int(nodes[replica].group)
    unlink(replica)
    nodes[replica].group = ~Int32(group)
    listed[group] -= 1
    guard listed[group] > 0 else { return }
    while isEmpty(ring(least[group], group)) { least[group] += 1 }
  }

  @inline(__always) mutating func increment(_ replica: Int) {
    let load = nodes[replica].load + 1
    nodes[replica].load = load
    guard isOpen(replica) else { return }
    let group = Int(nodes[replica].group)
    unlink(replica)
    if Int(load) >= levels { addLevels() }
    link(replica, ring(load, group))
    least[group] += isEmpty(ring(least[group], group)) ? 1 : 0
  }

  @inline(__always) mutating func decrement(_ replica: Int) {
    let load = nodes[replica].load - 1
    nodes[replica].load = load
    guard isOpen(replica) else { return }
    let group = Int(nodes[replica].group)
    unlink(replica)
    link(replica, ring(load, group))
    least[group] = min(least[group], load)
  }

  @inline(__always) private func ring(_ load: Int32, _ group: Int) -> Int {
    replicas &+ Int(load) &* groups &+ group
  }

  @inline(__always) private func isEmpty(_ ring: Int) -> Bool { Int(nodes[ring].next) == ring }

  /// Appends to a ring: just before its closing node.
  @inline(__always) private func link(_ replica: Int, _ ring: Int) {
    let nodes = nodes.base
    let last = nodes[ring].previous
    nodes[replica].previous = last
    nodes[replica].next = Int32(truncatingIfNeeded: ring)
    nodes[Int(last)].next = Int32(truncatingIfNeeded: replica)
    nodes[ring].previous = Int32(truncatingIfNeeded: replica)
  }

  @inline(__always) private func unlink(_ replica: Int) {
    let nodes = nodes.base
    let (before, after) = (nodes[replica].previous, nodes[replica].next)
    nodes[Int(before)].next = after
    nodes[Int(after)].previous = before
  }

  private func closeRings(from first: Int) {
    for i in first..<replicas + groups * levels {
      nodes[i] = Node(next: Int32(i), previous: Int32(i))
    }
  }

  @inline(never) private mutating func addLevels() {
    let first = replicas + groups * levels
    levels *= 2
    nodes.grow(to: replicas + groups * levels, repeating: Node(next: 0, previous: 0))
    closeRings(from: first)
  }
}
