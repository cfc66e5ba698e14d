/// A block of plain values without reference counts or copies: the engine's state, touched millions of times a second.
///
/// Debug builds check every index; release builds trust the engine.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count: Int

  init(count: Int, repeating value: Element) {
    self.count = max(count, 1)
    base = UnsafeMutablePointer.allocate(capacity: self.count)
    base.initialize(repeating: value, count: self.count)
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
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: newCount)
    larger.update(from: base, count: count)
    (larger + count).initialize(repeating: value, count: newCount - count)
    base.deallocate()
    base = larger
    count = newCount
  }
}
