/// The next event of every replica in a tournament tree: the earliest is at the root, ties go to the lower index.
///
/// Setting one time costs O(log n) and nothing is allocated. Times are compared as integers: the bits of doubles that
/// are not negative order like their values, so a match is a compare and two moves without a branch.
struct EventTree: ~Copyable {
  struct Node: BitwiseCopyable {
    var key: Int64
    var winner: Int
  }
  /// Node 1 is the root, the children of node i are 2i and 2i + 1, leaves start at `leaves`.
  private let nodes: Slab<Node>
  private let leaves: Int

  init(count: Int) {
    var size = 1
    while size < count { size *= 2 }
    leaves = size
    let never = Int64(bitPattern: Double.infinity.bitPattern)
    nodes = Slab(count: 2 * size, repeating: Node(key: never, winner: 0))
    for leaf in 0..<size { nodes[size + leaf].winner = leaf }
    for node in stride(from: size - 1, through: 1, by: -1) { nodes[node].winner = nodes[2 * node].winner }
  }

  var earliest: Double { @inline(__always) get { Self.time(nodes[1].key) } }
  var earliestIndex: Int { @inline(__always) get { nodes[1].winner } }

  @inline(__always) func time(of index: Int) -> Double { Self.time(nodes[leaves + index].key) }

  @inline(__always) private static func time(_ key: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: key))
  }

  @inline(__always) func set(_ index: Int, to time: Double) {
    let nodes = nodes.base
    var node = leaves &+ index
    var best = Node(key: Int64(bitPattern: time.bitPattern), winner: index)
    nodes[node] = best
    while node > 1 {
      let rival = nodes[node ^ 1]
      // A rival on the left also wins a tie.
      let rivalWins = rival.key < best.key &+ Int64(node & 1)
      best.key = rivalWins ? rival.key : best.key
      best.winner = rivalWins ? rival.winner : best.winner
      node >>= 1
      nodes[node] = best
    }
  }
}
