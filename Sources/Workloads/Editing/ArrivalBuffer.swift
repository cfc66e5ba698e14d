import FleetData
import Quantities

/// Requests that wait until no earlier one can come any more.
///
/// Ties are ordered by rank, then as they were added. All pieces have the same columns and names.
struct ArrivalBuffer {
  private var waiting = WorkloadTrace()
  private var ranks: [Int] = []

  mutating func add(_ piece: WorkloadTrace, rank: Int = 0) {
    waiting.append(piece)
    ranks += repeatElement(rank, count: piece.count)
  }

  /// Takes out the requests before a time, all when there is none, in order of arrival.
  mutating func take(before time: SimTime? = nil) -> WorkloadTrace {
    let (arrivals, ranks) = (waiting.arrivals, ranks)
    let order = arrivals.indices.sorted {
      (arrivals[$0], ranks[$0], $0) < (arrivals[$1], ranks[$1], $1)
    }
    let end = time.map { time in order.firstIndex { arrivals[$0] >= time } ?? order.count } ?? order.count
    let taken = waiting[Array(order[..<end])]
    waiting = waiting[Array(order[end...])]
    self.ranks = order[end...].map { ranks[$0] }
    return taken
  }
}
