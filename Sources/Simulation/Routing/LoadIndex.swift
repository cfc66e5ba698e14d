/// The replicas of every group ordered by requests in flight, in buckets: the least loaded in O(1) for any fleet size.
///
/// Replicas of equal load stand in a ring, first in, first out, so ties are spread instead of falling on replica 0.
struct LoadIndex: ~Copyable {
  private let groups: Int
  private var heads: Slab<Int32>
  private var tails: Slab<Int32>
  private let next: Slab<Int32>
  private let previous: Slab<Int32>
  private let loads: Slab<Int32>
  private let groupOf: Slab<Int32>
  private let isListed: Slab<Bool>
  /// A lower bound of the least load per group, tight whenever the group is not empty.
  private let least: Slab<Int32>
  private let listed: Slab<Int32>
  private var levels: Int

  init(groupOfReplica: [Int], groups: Int) {
    self.groups = groups
    levels = 64
    let count = groupOfReplica.count
    heads = Slab(count: groups * levels, repeating: -1)
    tails = Slab(count: groups * levels, repeating: -1)
    next = Slab(count: count, repeating: -1)
    previous = Slab(count: count, repeating: -1)
    loads = Slab(count: count, repeating: 0)
    groupOf = Slab(count: count, repeating: 0)
    isListed = Slab(count: count, repeating: false)
    least = Slab(count: groups, repeating: 0)
    listed = Slab(count: groups, repeating: 0)
    for (replica, group) in groupOfReplica.enumerated() { groupOf[replica] = Int32(group) }
  }

  @inline(__always) func load(_ replica: Int) -> Int32 { loads[replica] }
  @inline(__always) func isOpen(_ replica: Int) -> Bool { isListed[replica] }
  /// Replicas of the group that take requests.
  @inline(__always) func openCount(_ group: Int) -> Int32 { listed[group] }

  /// The least loaded replica of the group, or −1 when none takes requests.
  @inline(__always) func leastLoaded(_ group: Int) -> Int32 {
    listed[group] == 0 ? -1 : heads[Int(least[group]) * groups + group]
  }
  @inline(__always) func leastLoad(_ group: Int) -> Int32 { least[group] }

  /// Lets the replica take requests.
  mutating func open(_ replica: Int) {
    guard !isListed[replica] else { return }
    isListed[replica] = true
    let group = Int(groupOf[replica])
    listed[group] += 1
    link(replica, group)
    if listed[group] == 1 || loads[replica] < least[group] { least[group] = loads[replica] }
  }

  /// Stops the replica from taking requests; those it has remain.
  mutating func close(_ replica: Int) {
    guard isListed[replica] else { return }
    let group = Int(groupOf[replica])
    unlink(replica, group)
    isListed[replica] = false
    listed[group] -= 1
    tighten(group)
  }

  @inline(__always) mutating func increment(_ replica: Int) {
    guard isListed[replica] else {
      loads[replica] += 1
      return
    }
    let group = Int(groupOf[replica])
    unlink(replica, group)
    loads[replica] += 1
    if Int(loads[replica]) >= levels { addLevels() }
    link(replica, group)
    let level = Int(least[group])
    if heads[level * groups + group] < 0 { least[group] += 1 }
  }

  @inline(__always) mutating func decrement(_ replica: Int) {
    guard isListed[replica] else {
      loads[replica] -= 1
      return
    }
    let group = Int(groupOf[replica])
    unlink(replica, group)
    loads[replica] -= 1
    link(replica, group)
    if loads[replica] < least[group] { least[group] = loads[replica] }
  }

  /// Appends to the ring of the replica's load.
  @inline(__always) private mutating func link(_ replica: Int, _ group: Int) {
    while Int(loads[replica]) >= levels { addLevels() }
    let bucket = Int(loads[replica]) * groups + group
    let tail = tails[bucket]
    previous[replica] = tail
    next[replica] = -1
    if tail < 0 { heads[bucket] = Int32(replica) } else { next[Int(tail)] = Int32(replica) }
    tails[bucket] = Int32(replica)
  }

  @inline(__always) private func unlink(_ replica: Int, _ group: Int) {
    let bucket = Int(loads[replica]) * groups + group
    let before = previous[replica]
    let after = next[replica]
    if before < 0 { heads[bucket] = after } else { next[Int(before)] = after }
    if after < 0 { tails[bucket] = before } else { previous[Int(after)] = before }
  }

  private func tighten(_ group: Int) {
    guard listed[group] > 0 else { return }
    while heads[Int(least[group]) * groups + group] < 0 { least[group] += 1 }
  }

  @inline(never) private mutating func addLevels() {
    heads.grow(to: groups * levels * 2, repeating: -1)
    tails.grow(to: groups * levels * 2, repeating: -1)
    levels *= 2
  }
}
