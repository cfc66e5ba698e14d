/// A question that has no answer, with the numbers that make it so.
public enum EconomicsError: Error, Hashable, Sendable {
  /// A negative price, a utilisation above 1, fewer than one token: refused, never clamped.
  case outOfRange(quantity: String, value: Double, expected: String)
  /// The loss asked for lies at or below what this law can reach.
  case lossBelowFloor(loss: Double, floor: Double)
  /// Work arrives at least as fast as all servers together can do it.
  case unstableQueue(servers: Int, offeredErlangs: Double)
  /// The ledger or a deployment names something that the fleet or the demand does not.
  case unknown(kind: String, id: String)
  /// The ledger covers no time, or the service used nothing to divide by.
  case nothingUsed(String)
}

extension EconomicsError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .outOfRange(let quantity, let value, let expected):
      "\(quantity) of \(value) makes no sense; expected \(expected)"
    case .lossBelowFloor(let loss, let floor):
      "a loss of \(loss) cannot be reached: the law's floor here is \(floor)"
    case .unstableQueue(let servers, let offered):
      "\(offered) erlangs offered to \(servers) servers: the queue grows without end"
    case .unknown(let kind, let id): "no \(kind) is called \(id)"
    case .nothingUsed(let what): "\(what), so there is nothing to divide by"
    }
  }
}

/// What a number must satisfy before a formula takes it.
public enum Requirement: Sendable {
  case positive, nonNegative, share, positiveShare, atLeastOne, hoursOfDay

  func holds(for value: Double) -> Bool {
    guard value.isFinite else { return false }
    return switch self {
    case .positive: value > 0
    case .nonNegative: value >= 0
    case .share: (0...1).contains(value)
    case .positiveShare: value > 0 && value <= 1
    case .atLeastOne: value >= 1
    case .hoursOfDay: value == 24
    }
  }

  var words: String {
    switch self {
    case .positive: "a number above 0"
    case .nonNegative: "a number of 0 or more"
    case .share: "a number from 0 to 1"
    case .positiveShare: "a number above 0 and up to 1"
    case .atLeastOne: "a number of 1 or more"
    case .hoursOfDay: "24"
    }
  }
}

/// Refuses nonsense with the reason.
public func require(_ value: Double, _ requirement: Requirement, _ quantity: String) throws(EconomicsError) {
  guard requirement.holds(for: value) else {
    throw .outOfRange(quantity: quantity, value: value, expected: requirement.words)
  }
}
