/// Reuse: what a replica still has of a prompt, by prefix blocks or by session, needs no prefill.
extension FleetEngine {
  @inline(__always) func usesPrefixes(_ record: UnsafeMutablePointer<RequestRecord>) -> Bool {
    facts.pointer(Int(record.pointee.stream)).pointee.keepsPrefixes
  }

  /// Marks the leading tokens held here as ready; blocks of other tiers are read before the next step.
  ///
  /// At least the last prompt token is computed, because its output is the first token of the answer.
  @inline(never)
  mutating func reuse(_ record: UnsafeMutablePointer<RequestRecord>, _ r: Int) {
    let fact = facts.pointer(Int(record.pointee.stream))
    var reused: Int32 = 0
    if fact.pointee.keepsSessions { reused = reuseSession(record, r) }
    if fact.pointee.keepsPrefixes { reused = max(reused, reusePrefix(record, r, beyond: reused)) }
    record.pointee.ready = reused
    groupTally.pointer(Int(replicas[r].group)).pointee.reusedTokens += Int(reused)
  }

  /// Tokens of the prompt in the prefix cache; those that lie beyond the device, and beyond what is there already,
  /// are read back.
  private mutating func reusePrefix(
    _ record: UnsafeMutablePointer<RequestRecord>, _ r: Int, beyond ready: Int32
  ) -> Int32 {
    let stream = Int(record.pointee.stream)
    let replica = replicas.pointer(r)
    let group = Int(replica.pointee.group)
    let match = caches.match(
      blockHashes[stream], blocks(of: record), replica: r, group: group)
    let size = facts.pointer(stream).pointee.blockTokens
    let most = Int(record.pointee.input) - 1
    func tokens(_ blocks: Int) -> Int { min(max(blocks * size, Int(ready)), most) }
    let model = models.pointer(group)
    let fromHost = tokens(match.device + match.host) - tokens(match.device)
    let fromRemote = tokens(match.device + match.host + match.remote) - tokens(match.device + match.host)
    replica.pointee.pendingSwap += model.pointee.hostReadPerToken * Double(fromHost)
    if fromRemote > 0 {
      let link = groupLinks.pointer(group)
      let free = max(now, link.pointee) + model.pointee.remoteReadPerToken * Double(fromRemote)
      link.pointee = free
      replica.pointee.pendingSwap += free - now
    }
    return Int32(tokens(match.device + match.host + match.remote))
  }

  /// The prompt is processed: its blocks may serve the next.
  @inline(never)
  mutating func keepPrefix(_ record: UnsafeMutablePointer<RequestRecord>, _ r: Int) {
    caches.keep(
      blockHashes[Int(record.pointee.stream)], blocks(of: record), replica: r, group: Int(replicas[r].group))
  }

  /// The prefix blocks of a request, as a range of its stream's hashes.
  @inline(__always)
  private func blocks(of record: UnsafeMutablePointer<RequestRecord>) -> Range<Int> {
    let stream = Int(record.pointee.stream)
    let row = Int(record.pointee.row)
    return blockOffsets[stream][row]..<blockOffsets[stream][row + 1]
  }
}
