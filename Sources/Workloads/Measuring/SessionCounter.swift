/// How many requests each session makes.
struct SessionCounter {
  private var turns: [UInt32] = []

  mutating func add(_ sessions: [Int32]) {
    for session in sessions where session >= 0 {
      let index = Int(session)
      if index >= turns.count { turns += repeatElement(0, count: index + 1 - turns.count) }
      turns[index] &+= 1
    }
  }

  var statistics: SessionStatistics? {
    let present = turns.filter { $0 > 0 }
    guard !present.isEmpty else { return nil }
    let requests = present.reduce(0) { $0 + Int($1) }
    let sorted = present.sorted()
    return SessionStatistics(
      sessions: present.count, requests: requests, meanTurns: Double(requests) / Double(present.count),
      medianTurns: Double(sorted[(sorted.count - 1) / 2]), maximumTurns: Int(sorted[sorted.count - 1]))
  }
}

/// Sessions and their turns.
public struct SessionStatistics: Hashable, Sendable, Codable {
  public var sessions: Int
  /// Requests that belong to a session.
  public var requests: Int
  public var meanTurns: Double
  public var medianTurns: Double
  public var maximumTurns: Int

  enum CodingKeys: String, CodingKey {
    case sessions, requests
    case meanTurns = "mean_turns"
    case medianTurns = "median_turns"
    case maximumTurns = "max_turns"
  }
}
