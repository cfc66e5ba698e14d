/// Text under construction, as bytes.
struct TextBuffer {
  var bytes: [UInt8] = []

  mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func add(_ number: some BinaryInteger) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    add(digits: UInt64(number.magnitude), width: 1)
  }

  /// `number` with leading zeros to `width` digits; not negative.
  mutating func add(_ number: Int64, width: Int) { add(digits: number.magnitude, width: width) }

  /// Written from the last digit on into room of twenty, the most a number of 64 bits has.
  private mutating func add(digits number: UInt64, width: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { room in
      var rest = number
      var start = 20
      while rest > 0 || start > 20 - width {
        start -= 1
        room[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: room[start...]))
    }
  }

  /// Nanoseconds as seconds with as many decimals as are needed.
  mutating func addSeconds(_ nanoseconds: Int64) {
    if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
    let value = abs(nanoseconds)
    add(value / 1_000_000_000)
    var rest = value % 1_000_000_000
    guard rest != 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var width = 9
    while rest % 10 == 0 {
      rest /= 10
      width -= 1
    }
    add(rest, width: width)
  }

  /// A CSV field, quoted when it must be (RFC 4180); line breaks become blanks.
  mutating func addField(_ text: String) {
    let needsQuotes = text.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0a, 0x0d].contains($0) }
    guard needsQuotes else { return add(text) }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte == 0x0a || byte == 0x0d ? UInt8(ascii: " ") : byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// `2023-11-16 18:17:03` and the decimals asked for, in UTC.
  mutating func addDate(_ nanosecondsSince1970: Int64, decimals: Int) {
    let seconds = nanosecondsSince1970.flooredQuotient(1_000_000_000)
    let fraction = nanosecondsSince1970 - seconds * 1_000_000_000
    let day = seconds.flooredQuotient(86_400)
    let time = seconds - day * 86_400
    let (year, month, date) = civilDate(daysSince1970: Int(day))
    add(Int64(year), width: 4)
    add("-")
    add(Int64(month), width: 2)
    add("-")
    add(Int64(date), width: 2)
    add(" ")
    add(time / 3600, width: 2)
    add(":")
    add(time / 60 % 60, width: 2)
    add(":")
    add(time % 60, width: 2)
    guard decimals > 0 else { return }
    add(".")
    add(fraction / Digits.powersOfTen[9 - decimals], width: decimals)
  }
}

extension Int64 {
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self < 0 && quotient * divisor != self ? quotient - 1 : quotient
  }
}

/// Year, month and day of a day counted from 1970-01-01.
/// - Source: Howard Hinnant, "chrono-compatible low-level date algorithms", civil_from_days.
func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
  let z = days + 719_468
  let era = (z >= 0 ? z : z - 146_096) / 146_097
  let dayOfEra = z - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let m = (5 * dayOfYear + 2) / 153
  let month = m < 10 ? m + 3 : m - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * m + 2) / 5 + 1)
}
