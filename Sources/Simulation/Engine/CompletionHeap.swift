/// The running sequences of one replica, next to finish first: a 4-ary heap of packed words in a slab shared by all.
///
/// A word is `finishing step << 28 | request`; the step counter of a replica thus has 36 bits.
enum CompletionHeap {
  static let idBits = 28
  /// Where a heap begins in its block: then every family of four children lies in one cache line.
  static let offset = 3

  /// Words from one heap of `capacity` to the next: whole cache lines, and one more, so that the roots of a large
  /// fleet do not all fall into the same sets of the cache.
  static func stride(capacity: Int) -> Int { (capacity + offset + 7) / 8 * 8 + 8 }

  @inline(__always) static func word(step: Int64, id: Int32) -> UInt64 {
    (UInt64(step) << UInt64(idBits)) | UInt64(id)
  }
  @inline(__always) static func step(_ word: UInt64) -> Int64 { Int64(word >> UInt64(idBits)) }
  @inline(__always) static func id(_ word: UInt64) -> Int32 { Int32(word & ((1 << UInt64(idBits)) - 1)) }

  /// Adds `word` to the heap of `count` words at `heap`.
  @inline(__always)
  static func push(_ word: UInt64, _ heap: UnsafeMutablePointer<UInt64>, _ count: Int) {
    var hole = count
    while hole > 0 {
      let parent = (hole - 1) >> 2
      if heap[parent] <= word { break }
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = word
  }

  /// Takes the least word off the heap of `count` words.
  @inline(__always)
  static func pop(_ heap: UnsafeMutablePointer<UInt64>, _ count: Int) {
    let last = heap[count - 1]
    siftDown(last, from: 0, heap, count - 1)
  }

  /// Takes the word at `index` out of the heap of `count` words.
  static func remove(at index: Int, _ heap: UnsafeMutablePointer<UInt64>, _ count: Int) {
    let last = heap[count - 1]
    if index == count - 1 { return }
    if index > 0, last < heap[(index - 1) >> 2] {
      push(last, heap, index)
    } else {
      siftDown(last, from: index, heap, count - 1)
    }
  }

  @inline(__always)
  private static func siftDown(
    _ word: UInt64, from start: Int, _ heap: UnsafeMutablePointer<UInt64>, _ count: Int
  ) {
    var hole = start
    while true {
      let first = (hole << 2) + 1
      if first >= count { break }
      let least = first + 4 <= count ? leastOfFour(heap, first) : leastOf(heap, first..<count)
      if word <= heap[least] { break }
      heap[hole] = heap[least]
      hole = least
    }
    if count > 0 { heap[hole] = word }
  }

  /// The least of a full family of children: a knock-out without loops.
  @inline(__always)
  private static func leastOfFour(_ heap: UnsafeMutablePointer<UInt64>, _ first: Int) -> Int {
    let left = heap[first + 1] < heap[first] ? first + 1 : first
    let right = heap[first + 3] < heap[first + 2] ? first + 3 : first + 2
    return heap[right] < heap[left] ? right : left
  }

  @inline(__always)
  private static func leastOf(_ heap: UnsafeMutablePointer<UInt64>, _ children: Range<Int>) -> Int {
    var least = children.lowerBound
    for child in children.dropFirst() where heap[child] < heap[least] { least = child }
    return least
  }
}
