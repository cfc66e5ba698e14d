import FleetData
import Quantities

/// Evenly spread stretches of a long trace, set end to end: enough to learn a description from, in bounded memory.
///
/// Each of sixteen equal parts of the trace gives its beginning. Within a stretch nothing is left out, so that gaps,
/// sessions and shared prefixes are those of the trace; a trace that is short enough is kept whole.
public struct TraceSample {
  /// Requests and prefix blocks kept, about.
  public static let most = 600_000
  private static let stretches = 16.0

  /// Share of the trace's time that is kept.
  public let share: Double
  public private(set) var trace = WorkloadTrace()
  private let outline: TraceOutline
  private let period: Double

  /// - Parameter most: requests and prefix blocks kept, about.
  public init(of outline: TraceOutline, most: Int = Self.most) {
    self.outline = outline
    share = min(1, Double(most) / Double(max(1, outline.count + outline.blocks)))
    period = max(1e-9, (outline.last - outline.first).seconds / Self.stretches)
  }

  /// Keeps what lies in a stretch.
  public mutating func add(_ piece: WorkloadTrace) {
    guard share < 1 else { return trace.append(piece) }
    var kept: [Int] = []
    var arrivals: [SimTime] = []
    for (i, arrival) in piece.arrivals.enumerated() {
      let time = (arrival - outline.first).seconds
      let stretch = min(Self.stretches - 1, (time / period).rounded(.down))
      let within = time - stretch * period
      guard within < period * share else { continue }
      kept.append(i)
      arrivals.append(outline.first + SimTime(seconds: stretch * period * share + within))
    }
    var part = piece[kept]
    part.arrivals = arrivals
    trace.append(part)
  }

  /// A description learnt from the sample, over the time and at the rate of the whole.
  public func stretched(_ recipe: WorkloadRecipe) -> WorkloadRecipe {
    guard share < 1 else { return recipe }
    var whole = recipe
    let duration = (outline.last - outline.first).seconds * Double(outline.count) / Double(outline.count - 1)
    whole.durationSeconds = duration
    let rate = recipe.clients.reduce(0) { $0 + $1.ratePerSecond }
    for i in whole.clients.indices {
      whole.clients[i].ratePerSecond *= Double(outline.count) / duration / rate
      whole.clients[i].shape.binSeconds *= duration / recipe.durationSeconds
    }
    return whole
  }
}
