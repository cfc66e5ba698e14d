import FleetData

/// One recorder per stream, in place: an array cannot hold what cannot be copied.
struct LatencyRecorders: ~Copyable {
  private let base: UnsafeMutablePointer<LatencyRecorder>
  private let count: Int

  init(span: Double, objectives: [ServiceLevelObjective]) {
    count = objectives.count
    base = .allocate(capacity: max(count, 1))
    for (i, objective) in objectives.enumerated() {
      (base + i).initialize(to: LatencyRecorder(span: span, objective: objective))
    }
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  subscript(stream: Int) -> LatencyRecorder {
    @inline(__always) _read {
      assert(stream >= 0 && stream < count)
      yield base[stream]
    }
    @inline(__always) _modify {
      assert(stream >= 0 && stream < count)
      yield &base[stream]
    }
  }

  func windows() -> [LatencyWindows] { (0..<count).map { base[$0].windows() } }
}
