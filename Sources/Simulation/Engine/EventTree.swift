/// The next event of every replica in a tournament tree: the earliest is at the root, ties go to the lower index.
///
/// Setting one time costs O(log n) and nothing is allocated. A node is one word: the bits of a time, which order like
/// the time itself since it is not negative, with the index of its replica in place of the last log₂ n of them. Events
/// of two replicas that are closer than n·2⁻⁵² of the time are thus told apart by index, and a match is three
/// operations without a branch: half of all matches go either way, and a processor that guesses the winner is wrong
/// as often.
struct EventTree: ~Copyable {
  /// Node 1 is the root, the children of node i are 2i and 2i + 1, leaves start at `leaves`, a power of two.
  private let nodes: Slab<Int64>
  private let times: Slab<Double>
  private let leaves: Int

  init(count: Int) {
    var size = 1
    while size < count { size *= 2 }
    leaves = size
    times = Slab(count: size, repeating: .infinity)
    nodes = Slab(count: 2 * size, repeating: .max)
    for index in 0..<count { set(index, to: .infinity) }
  }

  var earliest: Double { @inline(__always) get { times[earliestIndex] } }
  var earliestIndex: Int {
    @inline(__always) get { Int(truncatingIfNeeded: nodes[1]) & (leaves &- 1) }
  }

  @inline(__always) func time(of index: Int) -> Double { times[index] }

  @inline(__always) func set(_ index: Int, to time: Double) {
    let nodes = nodes.base
    times.base[index] = time
    var node = leaves &+ index
    var best = Int64(bitPattern: time.bitPattern) & ~Int64(leaves &- 1) | Int64(index)
    nodes[node] = best
    while node > 1 {
      let lead = nodes[node ^ 1] &- best
      best = best &+ (lead & (lead >> 63))
      node >>= 1
      nodes[node] = best
    }
  }
}
