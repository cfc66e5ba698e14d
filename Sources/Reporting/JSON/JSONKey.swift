/// The JSON spelling of a Swift property: `usdPerChipHour` → `usd_per_chip_hour`, `itKWh` → `it_kwh`,
/// `gramsCO2PerMillionTokens` → `grams_co2_per_million_tokens`. Keys that are already snake case stay as they are.
enum JSONKey {
  static func spelled(_ name: String) -> String {
    guard name.utf8.contains(where: isUpper) else { return name }
    let bytes = Array(name.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + 8)
    for (i, byte) in bytes.enumerated() {
      guard isUpper(byte) else {
        out.append(byte)
        continue
      }
      if i > 0, startsWord(bytes, at: i), out.last != underscore { out.append(underscore) }
      out.append(byte + 32)
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static let underscore = UInt8(ascii: "_")

  private static func isUpper(_ byte: UInt8) -> Bool { byte >= 65 && byte <= 90 }

  /// An upper-case letter starts a word after a lower-case letter or digit, and at the end of a run of capitals
  /// that a lower-case letter follows; the `W` of `kWh` and `KWh` never does.
  private static func startsWord(_ bytes: [UInt8], at i: Int) -> Bool {
    let isWattHour = bytes[i] == UInt8(ascii: "W") && (bytes[i - 1] | 32) == UInt8(ascii: "k")
    if isWattHour { return false }
    if !isUpper(bytes[i - 1]) { return true }
    guard i + 1 < bytes.count else { return false }
    let next = bytes[i + 1]
    return next >= 97 && next <= 122
  }
}
