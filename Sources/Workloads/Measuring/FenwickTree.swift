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
