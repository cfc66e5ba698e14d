import FleetData

extension FleetSimulation {
  /// The same fleet under `count` draws of chance, on up to `jobs` cores at once.
  ///
  /// Replication i draws from seed + i whatever the fleet looks like, so two fleets meet the same arrivals, lengths
  /// and failures (common random numbers) and the results do not depend on `jobs`.
  public func replications(_ count: Int, jobs: Int) async throws(SimulationError) -> [SimulationResult] {
    var results = [Result<SimulationResult, SimulationError>?](repeating: nil, count: count)
    await withTaskGroup(of: (Int, Result<SimulationResult, SimulationError>).self) { group in
      var next = 0
      while next < min(max(jobs, 1), count) {
        add(next, to: &group)
        next += 1
      }
      while let (index, result) = await group.next() {
        results[index] = result
        if next < count {
          add(next, to: &group)
          next += 1
        }
      }
    }
    var all: [SimulationResult] = []
    for result in results { all.append(try result!.get()) }
    return all
  }

  private func add(
    _ index: Int, to group: inout TaskGroup<(Int, Result<SimulationResult, SimulationError>)>
  ) {
    var copy = self
    copy.seed = seed &+ UInt64(index)
    let replication = copy
    group.addTask {
      do throws(SimulationError) {
        return (index, .success(try replication.run()))
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
