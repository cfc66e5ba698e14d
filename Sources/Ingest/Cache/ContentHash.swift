/// A 128-bit hash of a file's bytes, many times faster than SHA-256: it tells files apart, it does not resist attacks.
///
/// Four lanes of multiply-and-fold over 32-byte stripes, then the tail and the length.
/// - Source: the folded 64×64-bit product of wyhash, Wang Yi, 2019 (public domain), with our own schedule.
struct ContentHash {
  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (
    0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3
  )
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var start = 0
    if !pending.isEmpty {
      start = min(32 - pending.count, bytes.count)
      pending.append(contentsOf: bytes[..<start])
      guard pending.count == 32 else { return }
      let stripe = pending
      stripe.withUnsafeBytes { absorb($0.baseAddress!) }
      pending.removeAll(keepingCapacity: true)
    }
    guard let base = bytes.baseAddress else { return }
    while bytes.count - start >= 32 {
      absorb(base + start)
      start += 32
    }
    pending.append(contentsOf: bytes[start...])
  }

  @inline(__always)
  private mutating func absorb(_ p: UnsafeRawPointer) {
    lanes.0 = Self.folded(Digits.load(p) ^ 0x2d35_8dcc_aa6c_78a5, lanes.0 ^ Digits.load(p + 8))
    lanes.1 = Self.folded(Digits.load(p + 8) ^ 0x8bb8_4b93_962e_acc9, lanes.1 ^ Digits.load(p + 16))
    lanes.2 = Self.folded(Digits.load(p + 16) ^ 0x4b33_a62e_d433_d4a3, lanes.2 ^ Digits.load(p + 24))
    lanes.3 = Self.folded(Digits.load(p + 24) ^ 0x4d5a_2da5_1de1_aa47, lanes.3 ^ Digits.load(p))
  }

  /// 32 hexadecimal digits.
  func finished() -> String {
    var copy = self
    let tail = pending + [UInt8](repeating: 0, count: 32 - pending.count)
    tail.withUnsafeBytes { copy.absorb($0.baseAddress!) }
    let (a, b, c, d) = copy.lanes
    let high = Self.folded(a ^ length, b ^ 0x9e37_79b9_7f4a_7c15)
    let low = Self.folded(c ^ high, d ^ length)
    return [Self.folded(high ^ d, low ^ a), Self.folded(low ^ b, high ^ c)].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  @inline(__always)
  private static func folded(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low ^ a
  }
}
