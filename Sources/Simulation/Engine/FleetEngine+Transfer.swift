/// Disaggregation: a prompt processed on one replica is decoded on another, after its KV cache has travelled.
extension FleetEngine {
  /// Sends the cache of `id` out of prefill replica `r`; transfers of one replica queue for its link.
  @inline(never)
  mutating func sendToDecode(_ id: Int32, _ r: Int) {
    let replica = replicas.pointer(r)
    let model = models.pointer(Int(replica.pointee.group))
    let record = pool[id]
    record.pointee.resumes = true
    let start = max(now, replica.pointee.linkFree)
    let sending = Double(record.pointee.context) * model.pointee.transferPerToken
    replica.pointee.linkFree = start + sending
    let tally = groupTally.pointer(Int(replica.pointee.group))
    tally.pointee.transfers += 1
    tally.pointee.linkSeconds += sending
    loads.decrement(r)
    schedule(.transferred, at: replica.pointee.linkFree + model.pointee.transferLatency, subject: id)
  }

  /// The cache has arrived: the least loaded decode replica takes the request.
  mutating func placeDecode(_ id: Int32) {
    let record = pool[id]
    var best: Int32 = -1
    var bestLoad = Double.infinity
    for group in decodeGroups[Int(record.pointee.stream)] where loads.openCount(group) > 0 {
      let load = Double(loads.leastLoad(group) + 1) / router.weights[group]
      if load < bestLoad {
        best = loads.leastLoaded(group)
        bestLoad = load
      }
    }
    guard best >= 0 else {
      parked.append(id)
      return
    }
    loads.increment(Int(best))
    enqueue(id, record, Int(best))
  }
}
