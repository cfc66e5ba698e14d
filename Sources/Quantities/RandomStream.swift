/// A seeded, named stream of random numbers: the same seed and name give the same numbers on every machine.
///
/// The name is hashed with FNV-1a into the seed of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), so that two
/// streams of one run (`"arrivals/site-3"`, `"lengths/site-3"`) are independent of each other and of the order
/// in which they are drawn.
public struct RandomStream: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  public init(_ seed: UInt64, _ name: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    state = seed &* 0x9e37_79b9_7f4a_7c15 ^ hash
    _ = next()
  }

  @inlinable public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A uniform number in 0 ..< 1 with 53 random bits.
  @inlinable public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
