import FleetData
import Quantities

/// What a real collective reaches of its links: a start-up cost, and a share of the rated bandwidth that grows with size.
///
///     t = startup + hops · hop latency + ideal(bytes) / (peakFraction · bytes / (bytes + halfBytes))
public struct LinkEfficiency: Sendable, Hashable {
  public var startup: Seconds
  public var peakFraction: Double
  /// The message that reaches half of the peak fraction.
  public var halfBytes: Bytes

  public init(startup: Seconds, peakFraction: Double, halfBytes: Bytes) {
    precondition(peakFraction > 0 && peakFraction <= 1, "a collective cannot outrun its links")
    self.startup = startup
    self.peakFraction = peakFraction
    self.halfBytes = halfBytes
  }

  /// Links at their rated speed from the first byte: the closed forms and the lower bounds.
  public static let ideal = LinkEfficiency(startup: 0, peakFraction: 1, halfBytes: 0)

  /// Torus: 5 µs beyond the hops and 83 % of the links, from the two all-gathers that jax-ml/scaling-book times
  /// (8 µs against 3 for a small one, 680 µs against 559 for 33.5 MB on v5e).
  public static let torus = LinkEfficiency(startup: 5e-6, peakFraction: 0.83, halfBytes: 0)

  /// NVLink and its kin: 82 % of the links (370 of 450 GB/s in an 8-H100 all-reduce of 10 GB, jax-ml/scaling-book),
  /// 6 µs a phase (17.6 µs for a 0.5 MB all-reduce in the aiconfigurator tables), half speed at 8 MB (assumed
  /// between that table and the book's 150 GB/s at 58 MB).
  public static let switched = LinkEfficiency(startup: 6e-6, peakFraction: 0.82, halfBytes: 8e6)

  public static func typical(of chip: ChipSpec) -> LinkEfficiency {
    switch chip.interconnect {
    case .torus: torus
    case .switched: switched
    case .none: ideal
    }
  }

  /// Stretches an ideal transfer time of a message of `bytes`.
  func stretch(_ ideal: Seconds, bytes: Bytes) -> Seconds {
    guard bytes.value > 0 else { return .zero }
    return ideal * ((1 + halfBytes / bytes) / peakFraction)
  }
}
