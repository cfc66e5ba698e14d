/// The prefix caches of a fleet: a device and a host tier for every replica, a remote tier for every group.
///
/// What the device gives up goes to the host, what the host gives up to the remote tier. A block's hash stands for all
/// of the prompt up to its end, and a prompt is kept last block first: a replica that holds a block thus holds every
/// block before it, and the longest prefix is found by doubling and halving instead of one by one.
struct PrefixCaches: ~Copyable {
  /// Device and host of replica r at 2r and 2r + 1.
  private let tiers: UnsafeMutablePointer<BlockCache>
  private let remotes: UnsafeMutablePointer<BlockCache>
  private let count: Int
  private let groups: Int

  /// Blocks per replica on the device and in host memory, and per group in the remote tier.
  init(deviceBlocks: [Int], hostBlocks: [Int], remoteBlocks: [Int]) {
    count = 2 * deviceBlocks.count
    groups = remoteBlocks.count
    tiers = .allocate(capacity: max(count, 1))
    remotes = .allocate(capacity: max(groups, 1))
    for r in deviceBlocks.indices {
      (tiers + 2 * r).initialize(to: BlockCache(capacity: deviceBlocks[r]))
      (tiers + 2 * r + 1).initialize(to: BlockCache(capacity: hostBlocks[r]))
    }
    for g in remoteBlocks.indices { (remotes + g).initialize(to: BlockCache(capacity: remoteBlocks[g])) }
  }

  deinit {
    tiers.deinitialize(count: count)
    tiers.deallocate()
    remotes.deinitialize(count: groups)
    remotes.deallocate()
  }

  var isEmpty: Bool { count == 0 }

  /// How many of the leading blocks `hashes[blocks]` lie on the device, then on the host, then in the remote tier.
  ///
  /// They are touched when the prompt is done, by `keep`.
  func match(
    _ hashes: [UInt64], _ blocks: Range<Int>, replica: Int, group: Int
  ) -> (device: Int, host: Int, remote: Int) {
    let (tiers, remote) = (tiers + 2 * replica, remotes + group)
    return hashes.withUnsafeBufferPointer { all in
      let prompt = UnsafeBufferPointer(rebasing: all[blocks])
      let device = Self.prefix(tiers, prompt, from: 0)
      let host = Self.prefix(tiers + 1, prompt, from: device)
      var far = host
      // Replicas share the remote tier, so a block there says nothing of those before it.
      if remote.pointee.count > 0 {
        while far < prompt.count, remote.pointee.contains(prompt[far]) { far += 1 }
      }
      return (device, host - device, far - host)
    }
  }

  /// One past the last block from `start` on that one tier holds, given that it holds those before the last.
  @inline(__always)
  private static func prefix(
    _ tier: UnsafeMutablePointer<BlockCache>, _ prompt: UnsafeBufferPointer<UInt64>, from start: Int
  ) -> Int {
    if tier.pointee.count == 0 { return start }
    var (held, stride) = (start, 1)
    while held + stride <= prompt.count, tier.pointee.contains(prompt[held + stride - 1]) {
      held += stride
      stride *= 2
    }
    while stride > 1 {
      stride /= 2
      if held + stride <= prompt.count, tier.pointee.contains(prompt[held + stride - 1]) { held += stride }
    }
    return held
  }

  /// Keeps the blocks of a prompt on the device; what has to go moves on, tier by tier.
  ///
  /// The last block is inserted first, so that a prefix outlives what continues it.
  func keep(_ hashes: [UInt64], _ blocks: Range<Int>, replica: Int, group: Int) {
    let (device, host, remote) = (tiers + 2 * replica, tiers + 2 * replica + 1, remotes + group)
    hashes.withUnsafeBufferPointer { all in
      for i in blocks.reversed() {
        guard let evicted = device.pointee.insert(all[i]) else { continue }
        guard let old = host.pointee.insert(evicted) else { continue }
        _ = remote.pointee.insert(old)
      }
    }
  }

  func forget(replica: Int) {
    guard !isEmpty else { return }
    tiers[2 * replica].removeAll()
    tiers[2 * replica + 1].removeAll()
  }
}
