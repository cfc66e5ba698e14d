import CPUKernel
import Quantities

/// Where a measurement was made.
public struct KernelHost: Sendable, Hashable, Codable {
  /// The CPU's own name.
  public var cpu: String
  public var memory: Bytes
  public var asOf: String

  public init(cpu: String, memory: Bytes, asOf: String) {
    self.cpu = cpu
    self.memory = memory
    self.asOf = asOf
  }

  enum CodingKeys: String, CodingKey {
    case cpu
    case memory = "memory_bytes"
    case asOf = "as_of"
  }
}

/// What this CPU's kernel took: the micro-benchmarks and every point of a grid.
public struct KernelMeasurement: Sendable, Hashable, Codable {
  public struct Timing: Sendable, Hashable, Codable {
    public var point: KernelPoint
    /// The shortest of all runs: the figure that is compared.
    public var least: Seconds
    public var median: Seconds

    enum CodingKeys: String, CodingKey {
      case point
      case least = "least_s"
      case median = "median_s"
    }
  }

  public static let schema = "kernel-measurement/1"

  public var schema = Self.schema
  public var host: KernelHost
  public var instructionSet: String
  public var runsPerPoint: Int
  public var micro: MicroBenchmarks
  public var shapes: [DecoderShape]
  public var timings: [Timing]

  enum CodingKeys: String, CodingKey {
    case schema, host, micro, shapes, timings
    case instructionSet = "instruction_set"
    case runsPerPoint = "runs_per_point"
  }
}

extension KernelMeasurement {
  /// Every timing names a listed shape, and there is something to fit to and something to test on.
  public var isComplete: Bool {
    let known = Set(shapes.map(\.id))
    return timings.allSatisfy { known.contains($0.point.shape) } && timings.contains { $0.point.seen }
      && timings.contains { !$0.point.seen }
  }

  /// Measures a grid on this CPU, one thread.
  ///
  /// Every round runs all points once more, and the micro-benchmarks before each shape, so that a minute in which other programs crowd the
  /// caches spoils one round of many points rather than all runs of a few.
  /// - Parameter progress: told a sentence per round and shape.
  public static func measure(
    _ grid: KernelGrid, rounds: Int, runsPerRound: Int, host: KernelHost, micro: MicroBench,
    progress: (String) -> Void
  ) -> KernelMeasurement {
    let timer = KernelTimer(repeats: runsPerRound)
    // The roofs must be the best of the session: no step may come out faster than they allow.
    let roofs = KernelTimer(repeats: max(7, runsPerRound))
    progress("preparing \(grid.entries.count) decoders")
    let benches = grid.entries.map { KernelBench($0) }
    var best = micro.measure(timer: roofs)
    var times: [[[Seconds]]] = grid.entries.map { $0.points.map { _ in [] } }
    for round in 1...rounds {
      for (index, entry) in grid.entries.enumerated() {
        progress("round \(round) of \(rounds): \(entry.shape.id)")
        best = best.best(micro.measure(timer: roofs))
        for (place, point) in entry.points.enumerated() {
          times[index][place] += benches[index].time(point, timer: timer)
        }
      }
    }
    let timings = zip(grid.points, times.joined()).map { point, runs in
      let sorted = runs.sorted()
      return Timing(point: point, least: sorted[0], median: sorted[sorted.count / 2])
    }
    return KernelMeasurement(
      host: host, instructionSet: InstructionSet.current.name, runsPerPoint: rounds * runsPerRound,
      micro: best, shapes: grid.entries.map(\.shape), timings: timings)
  }
}
