import FleetData
import Quantities

/// Watches a stream of requests for disorder and repetition.
struct ArrivalOrder {
  private(set) var first = SimTime(nanoseconds: .max)
  private(set) var last = SimTime(nanoseconds: .min)
  private(set) var outOfOrder = 0
  private(set) var repeats = 0
  private var previous: (arrival: SimTime, input: UInt32, output: UInt32)?

  mutating func add(_ batch: WorkloadTrace) {
    guard batch.count > 0 else { return }
    batch.arrivals.withUnsafeBufferPointer { arrivals in
      batch.inputTokens.withUnsafeBufferPointer { inputs in
        batch.outputTokens.withUnsafeBufferPointer { outputs in
          if let previous { compare(previous, (arrivals[0], inputs[0], outputs[0])) }
          var descents = 0
          var low = arrivals[0].nanoseconds
          var high = low
          var before = low
          var ties = 0
          for i in 1..<max(1, arrivals.count) {
            let now = arrivals[i].nanoseconds
            descents &+= now < before ? 1 : 0
            low = min(low, now)
            high = max(high, now)
            if now == before, inputs[i] == inputs[i - 1], outputs[i] == outputs[i - 1],
              batch.sameLabels(i, i - 1)
            {
              ties += 1
            }
            before = now
          }
          outOfOrder += descents
          repeats += ties
          first = min(first, SimTime(nanoseconds: low))
          last = max(last, SimTime(nanoseconds: high))
          let end = arrivals.count - 1
          previous = (arrivals[end], inputs[end], outputs[end])
        }
      }
    }
  }

  private mutating func compare(
    _ a: (arrival: SimTime, input: UInt32, output: UInt32),
    _ b: (arrival: SimTime, input: UInt32, output: UInt32)
  ) {
    if b.arrival < a.arrival { outOfOrder += 1 }
  }
}

extension WorkloadTrace {
  /// True when requests `i` and `j` agree in every label and prefix block.
  func sameLabels(_ i: Int, _ j: Int) -> Bool {
    func same<T: Equatable>(_ column: [T]) -> Bool { column.isEmpty || column[i] == column[j] }
    return same(services) && same(sessions) && same(turns) && same(tenants) && same(regions)
      && (blockOffsets.isEmpty
        || blockHashes[blockOffsets[i]..<blockOffsets[i + 1]]
          .elementsEqual(blockHashes[blockOffsets[j]..<blockOffsets[j + 1]]))
  }
}
