import FleetData

/// How closely requests made from a description resemble the trace it was learnt from.
public struct FitQuality: Hashable, Sendable, Codable {
  /// One figure of both traces.
  public struct Figure: Hashable, Sendable, Codable {
    public var name: String
    public var original: Double
    public var made: Double

    /// made / original − 1; 0 when both are 0.
    public var error: Double { original == made ? 0 : made / original - 1 }
  }
  public var figures: [Figure] = []

  /// The figure that is furthest off.
  public var worst: Figure? { figures.max { abs($0.error) < abs($1.error) } }

  /// Compares rate, burstiness, lengths, and sessions and prefix hits where the original has them; nil for an empty trace.
  public init?(original: WorkloadTrace, made: WorkloadTrace) {
    guard let a = DemandStatistics(original), let b = DemandStatistics(made) else { return nil }
    add("rate", a.ratePerSecond, b.ratePerSecond)
    if let x = a.interarrivalCV, let y = b.interarrivalCV { add("CV of gaps", x, y) }
    let dispersion = SlidingDispersion.figures(made.arrivals.map(\.seconds))
    for x in SlidingDispersion.figures(original.arrivals.map(\.seconds)) {
      if let y = dispersion.first(where: { $0.windowSeconds == x.windowSeconds }) {
        add("dispersion over \(x.windowSeconds) s", x.index, y.index)
      }
    }
    add("input", a.inputTokens, b.inputTokens)
    add("output", a.outputTokens, b.outputTokens)
    if let x = a.rankCorrelation, let y = b.rankCorrelation { add("rank correlation", x, y) }
    if let x = a.sessions, let y = b.sessions { add("turns per session", x.meanTurns, y.meanTurns) }
    guard let x = a.prefixes, let y = b.prefixes else { return }
    add("ideal prefix hit rate", x.idealHitRate, y.idealHitRate)
    for point in x.curve {
      let again = y.curve.last { $0.cacheBlocks <= point.cacheBlocks }
      add("hit rate, \(point.cacheBlocks) blocks", point.hitRate, again?.hitRate ?? 0)
    }
  }

  private mutating func add(_ name: String, _ a: LengthStatistics, _ b: LengthStatistics) {
    add("mean \(name)", a.mean, b.mean)
    add("p50 \(name)", a.p50, b.p50)
    add("p90 \(name)", a.p90, b.p90)
    add("p99 \(name)", a.p99, b.p99)
  }

  private mutating func add(_ name: String, _ original: Double, _ made: Double) {
    figures.append(Figure(name: name, original: original, made: made))
  }
}
