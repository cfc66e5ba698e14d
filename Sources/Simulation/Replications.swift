import FleetData
import Quantities
import Synchronization

extension FleetSimulation {
  /// The same fleet under `count` draws of chance, on up to `jobs` cores at once.
  ///
  /// Replication i draws from seed + i whatever the fleet looks like, so two fleets meet the same arrivals, lengths
  /// and failures (common random numbers) and the results do not depend on `jobs`.
  ///
  /// - Parameter progress: Called from any core with the share of all arrivals that have come; once it returns false
  ///   no further run begins and those in progress end with partial results.
  /// - Returns: the runs in order; fewer than `count` when told to stop.
  public func replications(
    _ count: Int, jobs: Int, progress: (@Sendable (_ share: Double) -> Bool)? = nil
  ) async throws(SimulationError) -> [SimulationResult] {
    let meter = ReplicationMeter(count: count, report: progress)
    var results = [Result<SimulationResult, SimulationError>?](repeating: nil, count: count)
    await withTaskGroup(of: (Int, Result<SimulationResult, SimulationError>).self) { group in
      var next = 0
      while next < min(max(jobs, 1), count) {
        add(next, meter, to: &group)
        next += 1
      }
      while let (index, result) = await group.next() {
        results[index] = result
        if next < count, !meter.isStopped {
          add(next, meter, to: &group)
          next += 1
        }
      }
    }
    var all: [SimulationResult] = []
    for result in results { if let result { all.append(try result.get()) } }
    return all
  }

  private func add(
    _ index: Int, _ meter: ReplicationMeter,
    to group: inout TaskGroup<(Int, Result<SimulationResult, SimulationError>)>
  ) {
    var copy = self
    copy.seed = seed &+ UInt64(index)
    let replication = copy
    group.addTask {
      do throws(SimulationError) {
        return (index, .success(try replication.run(progress: { share, _ in meter.advance(index, share) })))
      } catch {
        return (index, .failure(error))
      }
    }
  }

  /// The mean of a figure over replications with its 95 % interval; nil when fewer than two have it.
  public static func interval(
    _ results: [SimulationResult], _ figure: (SimulationResult) -> Double?
  ) -> Interval? {
    Confidence.interval(ofMeans: results.compactMap(figure))
  }
}

/// How far all replications are together, and whether they were told to stop.
private final class ReplicationMeter: Sendable {
  private struct State {
    var shares: [Double]
    var isStopped = false
  }
  private let state: Mutex<State>
  private let report: (@Sendable (Double) -> Bool)?

  init(count: Int, report: (@Sendable (Double) -> Bool)?) {
    state = Mutex(State(shares: Array(repeating: 0, count: count)))
    self.report = report
  }

  var isStopped: Bool { state.withLock { $0.isStopped } }

  func advance(_ index: Int, _ share: Double) -> Bool {
    guard let report else { return true }
    return state.withLock { state in
      state.shares[index] = share
      if !report(state.shares.reduce(0, +) / Double(state.shares.count)) { state.isStopped = true }
      return !state.isStopped
    }
  }
}
