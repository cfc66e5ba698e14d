/// Prefix reuse: blocks of a prompt that the replica holds need no prefill.
extension FleetEngine {
  @inline(__always) func usesPrefixes(_ record: UnsafeMutablePointer<RequestRecord>) -> Bool {
    !caches.isEmpty && facts.pointer(Int(record.pointee.stream)).pointee.hasPrefixes
  }

  /// Marks the leading blocks held here as ready; blocks on the host are read back before the next step.
  ///
  /// At least the last prompt token is computed, because its output is the first token of the answer.
  mutating func reusePrefix(_ id: Int32, _ r: Int) {
    let record = pool[id]
    let stream = Int(record.pointee.stream)
    let match = caches.match(streams[stream].blocks(ofRow: Int(record.pointee.row)), replica: r)
    guard match.held > 0 else { return }
    let replica = replicas.pointer(r)
    let blockTokens = streams[stream].blockTokens
    let reused = min(Int32(clamping: match.held * blockTokens), record.pointee.input - 1)
    record.pointee.ready = reused
    groupTally.pointer(Int(replica.pointee.group)).pointee.reusedTokens += Int(reused)
    if match.onHost > 0 {
      let perToken = models.pointer(Int(replica.pointee.group)).pointee.hostReadPerToken
      replica.pointee.pendingSwap += perToken * Double(min(match.onHost * blockTokens, Int(reused)))
    }
  }

  /// The prompt is processed: its blocks may serve the next.
  mutating func keepPrefix(_ id: Int32, _ r: Int) {
    let record = pool[id].pointee
    caches.keep(streams[Int(record.stream)].blocks(ofRow: Int(record.row)), replica: r)
  }
}

extension StreamState {
  func blocks(ofRow row: Int) -> ArraySlice<UInt64> { blockHashes[blockOffsets[row]..<blockOffsets[row + 1]] }
}
