/// The next event of every replica in a tournament tree: the earliest is at the root, ties go to the lower index.
///
/// Setting one time costs O(log n) and nothing is allocated.
struct EventTree: ~Copyable {
  /// `times[node]` is the earliest time below `node`; leaves start at `leaves`.
  private let times: Slab<Double>
  private let winners: Slab<Int32>
  private let leaves: Int

  init(count: Int) {
    var size = 1
    while size < count { size *= 2 }
    leaves = size
    times = Slab(count: 2 * size, repeating: .infinity)
    winners = Slab(count: 2 * size, repeating: 0)
    for leaf in 0..<size { winners[size + leaf] = Int32(leaf) }
    for node in stride(from: size - 1, through: 1, by: -1) { winners[node] = winners[2 * node] }
  }

  var earliest: Double { @inline(__always) get { times[1] } }
  var earliestIndex: Int { @inline(__always) get { Int(winners[1]) } }

  @inline(__always) func time(of index: Int) -> Double { times[leaves + index] }

  @inline(__always) func set(_ index: Int, to time: Double) {
    var node = leaves + index
    times[node] = time
    while node > 1 {
      let left = node & ~1
      let first = times[left]
      let second = times[left + 1]
      let takesRight = second < first
      node >>= 1
      times[node] = takesRight ? second : first
      winners[node] = takesRight ? winners[left + 1] : winners[left]
    }
  }
}
