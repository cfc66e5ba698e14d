/// The running sequences of one replica, next to finish first: a 4-ary heap of packed words in a slab shared by all.
///
/// A word is `finishing step << 28 | request`; the step counter of a replica thus has 36 bits.
enum CompletionHeap {
  static let idBits = 28

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
      var least = first
      var leastWord = heap[first]
      let end = min(first + 4, count)
      var child = first + 1
      while child < end {
        if heap[child] < leastWord {
          least = child
          leastWord = heap[child]
        }
        child += 1
      }
      if word <= leastWord { break }
      heap[hole] = leastWord
      hole = least
    }
    if count > 0 { heap[hole] = word }
  }
}
