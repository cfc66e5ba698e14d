/// Where the caches of sessions lie between two turns, and which goes first when room is needed.
///
/// Held caches of one replica stand in a list by the end of their hold, the first to end in front.
struct SessionTable: ~Copyable {
  struct Slot: BitwiseCopyable {
    /// The replica that holds the cache, and the one the last turn ran on; −1 = none.
    var holder: Int32 = -1
    var last: Int32 = -1
    var tokens: Int32 = 0
    var sooner: Int32 = -1
    var later: Int32 = -1
    var since = 0.0
    var until = 0.0
    /// When the held turn arrived: decides between holds that end together.
    var arrival = 0.0
  }
  let slots: Slab<Slot>
  /// First slot of each stream.
  private let bases: [Int]
  /// The cache each replica gives up first and last.
  private let first: Slab<Int32>
  private let last: Slab<Int32>

  /// Sessions per stream; 0 where they are of no concern.
  init(counts: [Int], replicas: Int) {
    var (starts, sum) = ([Int](), 0)
    for count in counts {
      starts.append(sum)
      sum += count
    }
    bases = starts
    slots = Slab(count: sum, repeating: Slot())
    first = Slab(count: replicas, repeating: -1)
    last = Slab(count: replicas, repeating: -1)
  }

  /// The slot of a request's session, or nil without one.
  func slot(of record: UnsafeMutablePointer<RequestRecord>) -> Int32? {
    let session = record.pointee.session
    return session < 0 ? nil : Int32(bases[Int(record.pointee.stream)]) + session
  }

  /// Did the last turn of the session run on another replica?
  func moves(_ record: UnsafeMutablePointer<RequestRecord>, to replica: Int) -> Bool {
    guard let slot = slot(of: record) else { return false }
    return slots[Int(slot)].last >= 0 && slots[Int(slot)].last != Int32(replica)
  }

  /// The cache on the replica whose hold ends first, `spared` left aside; −1 = none.
  func next(on replica: Int, sparing spared: Int32) -> Int32 {
    let slot = first[replica]
    return slot == spared && slot >= 0 ? slots[Int(slot)].later : slot
  }

  /// Puts a slot into its replica's list, looking for its place from the end.
  func insert(_ slot: Int32) {
    let entry = slots.pointer(Int(slot))
    let replica = Int(entry.pointee.holder)
    var before = last[replica]
    while before >= 0, isLater(before, than: entry) { before = slots[Int(before)].sooner }
    let after = before < 0 ? first[replica] : slots[Int(before)].later
    entry.pointee.sooner = before
    entry.pointee.later = after
    if before < 0 { first[replica] = slot } else { slots[Int(before)].later = slot }
    if after < 0 { last[replica] = slot } else { slots[Int(after)].sooner = slot }
  }

  private func isLater(_ slot: Int32, than entry: UnsafeMutablePointer<Slot>) -> Bool {
    let other = slots[Int(slot)]
    return (other.until, other.arrival) > (entry.pointee.until, entry.pointee.arrival)
  }

  func remove(_ slot: Int32) {
    let entry = slots.pointer(Int(slot))
    let replica = Int(entry.pointee.holder)
    let (before, after) = (entry.pointee.sooner, entry.pointee.later)
    if before < 0 { first[replica] = after } else { slots[Int(before)].later = after }
    if after < 0 { last[replica] = before } else { slots[Int(after)].sooner = before }
    entry.pointee.holder = -1
  }
}
