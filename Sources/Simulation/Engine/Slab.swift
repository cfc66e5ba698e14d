import Glibc

/// A block of plain values without reference counts or copies: the engine's state, touched millions of times a second.
///
/// Debug builds check every index; release builds trust the engine.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count: Int

  init(count: Int, repeating value: Element) {
    self.count = max(count, 1)
    base = Self.allocate(self.count)
    base.initialize(repeating: value, count: self.count)
  }

  /// On a cache line's boundary, so that elements of a line's size never straddle two. Large blocks stand on huge pages
  /// where the system has them: a fleet's state is visited at random, and its small pages would outnumber what the
  /// processor remembers of them.
  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    let isLarge = bytes >= hugePage
    let alignment = isLarge ? hugePage : max(64, MemoryLayout<Element>.alignment)
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
    if isLarge { madvise(block, bytes, MADV_HUGEPAGE) }
    return block.bindMemory(to: Element.self, capacity: count)
  }

  private static var hugePage: Int { 1 << 21 }

  init(_ values: [Element]) {
    count = max(values.count, 1)
    base = Self.allocate(count)
    for (i, value) in values.enumerated() { (base + i).initialize(to: value) }
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Element {
    @inline(__always) get {
      assert(index >= 0 && index < count)
      return base[index]
    }
    @inline(__always) nonmutating _modify {
      assert(index >= 0 && index < count)
      yield &base[index]
    }
  }

  /// The address of one element, for a function that reads and writes many of its fields.
  @inline(__always) func pointer(_ index: Int) -> UnsafeMutablePointer<Element> {
    assert(index >= 0 && index < count)
    return base + index
  }

  /// Makes room for `newCount` elements; the new ones start as `value`.
  mutating func grow(to newCount: Int, repeating value: Element) {
    guard newCount > count else { return }
    let larger = Self.allocate(newCount)
    larger.update(from: base, count: count)
    (larger + count).initialize(repeating: value, count: newCount - count)
    base.deallocate()
    base = larger
    count = newCount
  }
}
