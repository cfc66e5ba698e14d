import FleetData
import Quantities

/// The users of a service, grouped by the sites that may answer them within the promise.
///
/// Usually every site may answer every region and there is one group, which replays the trace as it is. Where some
/// regions are too far from some sites, the trace's requests are dealt out to the groups by their share of demand.
struct RegionClasses {
  struct Group {
    /// Sites that may answer it, sorted.
    var sites: [String]
    var shares: [Service.RegionShare]
    /// Part of all demand, 0…1.
    var share: Double
    var trace: WorkloadTrace
  }

  let groups: [Group]

  /// - Parameter reaches: may this site answer this region?
  init(
    _ workload: ServiceWorkload, sites: [String], seed: UInt64, reaches: (_ region: String, String) -> Bool
  ) {
    var keys: [[String]] = []
    var members: [[Service.RegionShare]] = []
    for share in workload.service.regionShares where share.share > 0 {
      let able = sites.filter { reaches(share.region, $0) }
      if let index = keys.firstIndex(of: able) {
        members[index].append(share)
      } else {
        keys.append(able)
        members.append([share])
      }
    }
    let parts = members.map { $0.reduce(0) { $0 + $1.share } }
    let traces = Self.dealt(workload.trace, parts: parts, seed: seed, service: workload.service.id)
    groups = keys.indices.map { index in
      let shares = members[index].map {
        Service.RegionShare(region: $0.region, share: $0.share / parts[index])
      }
      return Group(sites: keys[index], shares: shares, share: parts[index], trace: traces[index])
    }
  }

  private static func dealt(
    _ trace: WorkloadTrace, parts: [Double], seed: UInt64, service: String
  ) -> [WorkloadTrace] {
    guard parts.count > 1 else { return [trace] }
    var random = RandomStream(seed, "regions/\(service)")
    var rows = [[Int]](repeating: [], count: parts.count)
    for request in 0..<trace.count {
      var left = random.uniform()
      let part = parts.firstIndex { part in
        left -= part
        return left < 0
      }
      rows[part ?? parts.count - 1].append(request)
    }
    return rows.map { trace[$0] }
  }
}
