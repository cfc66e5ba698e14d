import FleetData
import Quantities

@testable import Simulation

/// Outages in the reference: who is hit, what becomes of requests, who waits for the repair.
extension TokenStepper {
  private func hit(_ scope: Disruptions.Scope) -> [Replica] {
    replicas.enumerated().filter { index, replica in
      let group = input.groups[replica.group]
      switch scope {
      case .replica(let id, let position): return group.id == id && index - replica.firstOfGroup == position
      case .group(let id): return group.id == id
      case .site(let site): return group.site == site
      }
    }.map(\.element)
  }

  func fail(_ outage: Disruptions.Outage) {
    var evicted: [Sequence] = []
    for replica in hit(outage.scope) {
      replica.outages += 1
      guard replica.outages == 1 else { continue }
      let all = replica.decoding + replica.prefilling + replica.queue
      evicted += all.sorted { $0.arrival < $1.arrival }
      for _ in all { leave(replica) }
      replica.decoding = []
      replica.prefilling = []
      replica.chunks = []
      replica.queue = []
      replica.stepEnd = nil
      replica.isStepping = false
      replica.pendingSwap = 0
    }
    for sequence in evicted {
      guard input.disruptions.retries else {
        reject(sequence)
        continue
      }
      sequence.generated = 0
      sequence.ready = 0
      sequence.firstToken = nil
      sequence.resumes = false
      sequence.swapped = false
      place(sequence)
    }
  }

  func repair(_ outage: Disruptions.Outage) {
    for replica in hit(outage.scope) {
      replica.outages -= 1
      if replica.outages == 0 { touch(replica) }
    }
    let waiting = parked
    parked = []
    for sequence in waiting { if sequence.resumes { placeDecode(sequence) } else { place(sequence) } }
  }
}
