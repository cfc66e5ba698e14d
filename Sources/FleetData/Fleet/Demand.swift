import Quantities

/// Demand so far, and how to look ahead from it.
public struct DemandHistory: Sendable, Hashable {
  public enum Source: Sendable, Hashable {
    /// Peak rates in requests per second, oldest first; the last is of the step before the plan's first month.
    case rates([Double])
    /// The service's own trace, counted step by step.
    case trace
  }

  public var source: Source
  /// Length of a step.
  public var every: Seconds
  /// Steps of a season; 1 = none.
  public var season: Int
  /// Demand stays below what is planned for with this probability; 0.5 plans for the middle of the forecast.
  public var quantile: Double

  public init(_ source: Source, every: Seconds = .month, season: Int = 1, quantile: Double = 0.5) {
    self.source = source
    self.every = every
    self.season = season
    self.quantile = quantile
  }
}

/// How load runs through the day.
public enum LoadCurve: Sendable, Hashable {
  /// Load of the 24 local hours of a user region, in any unit; the largest is the peak hour.
  case hours([Double])
  /// As the service's own trace has it, which then covers at least a day.
  case trace
}

/// What a plan is judged by.
public struct PlanObjective: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable { case cost, carbon, latency }
  public var kind: Kind
  /// Dollars per kilogram of CO2 that count beside money.
  public var carbonPrice: Double
  public init(_ kind: Kind = .cost, carbonPrice: Double = 0) {
    self.kind = kind
    self.carbonPrice = carbonPrice
  }
}
