import Foundation

/// Waiting in line, with the mean service time as unit of time.
///
/// - Source: Erlang (1917) by the stable B recursion; Kimura (1986) for M/G/c with Cosmetatos' M/D/c; Allen and
///   Cunneen for G/G/c; Halfin and Whitt (1981) for square-root staffing.
public enum Queueing {
  /// Probability that an arrival waits: M/M/c, `offered` erlangs on `servers`; 1 when overloaded.
  ///
  ///     B_i = a·B_{i−1} / (i + a·B_{i−1}),  C = B / (1 − ρ(1 − B))
  public static func erlangC(servers: Int, offered: Double) -> Double {
    guard servers > 0, offered < Double(servers) else { return 1 }
    guard offered > 0 else { return 0 }
    var blocking = 1.0
    for i in 1...servers { blocking = offered * blocking / (Double(i) + offered * blocking) }
    return blocking / (1 - offered / Double(servers) * (1 - blocking))
  }

  /// Mean wait of G/G/c in mean service times; infinite when overloaded.
  ///
  /// - Parameters: squared coefficients of variation of arrivals and of service.
  public static func meanWait(
    servers: Int, offered: Double, arrivalVariability: Double = 1, serviceVariability cs: Double
  ) -> Double {
    let c = Double(servers)
    guard offered < c else { return .infinity }
    guard offered > 0 else { return 0 }
    let rho = offered / c
    let exponential = erlangC(servers: servers, offered: offered) / (c - offered)
    let deterministic =
      0.5 * (1 + (1 - rho) * (c - 1) * ((4 + 5 * c).squareRoot() - 2) / (16 * rho * c)) * exponential
    let kimura = cs == 0 ? deterministic : (1 + cs) / (2 * cs / exponential + (1 - cs) / deterministic)
    // Kimura's weight on M/D/c turns negative for very variable service; Lee and Longton's form is then the safe one.
    let general = cs > 1 ? max(kimura, 0) : kimura
    let fallback = (1 + cs) / 2 * exponential
    let wait = general.isFinite && general > 0 ? general : fallback
    return wait * (arrivalVariability + cs) / (1 + cs)
  }

  /// The wait that a share `q` of arrivals stays under, with an exponential tail beyond the chance to wait at all.
  public static func waitQuantile(_ q: Double, chanceToWait: Double, meanWait: Double) -> Double {
    guard chanceToWait > 1 - q, meanWait > 0 else { return 0 }
    return meanWait / chanceToWait * log(chanceToWait / (1 - q))
  }
}
