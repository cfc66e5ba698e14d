/// Reads time stamps as whole nanoseconds: since 1970 for dates and epochs, else since the zero of the file's clock.
struct StampReader {
  enum Kind: Hashable {
    /// `2023-11-16 18:17:03.9799600`, `2024-05-10T00:00:00Z`, with or without zone; without one it is UTC.
    case calendar
    case number(nanosecondsPerUnit: Int64, sinceEpoch: Bool)

    var isAbsolute: Bool {
      switch self {
      case .calendar: true
      case .number(_, let sinceEpoch): sinceEpoch
      }
    }
  }

  let kind: Kind
  /// The last `YYYY-MM-DD HH:MM` seen, as two words, and its nanoseconds since 1970.
  private var lastDay: UInt64 = 0
  private var lastMinute: UInt64 = 0
  private var lastNanoseconds: Int64 = 0

  init(_ kind: Kind) { self.kind = kind }

  /// The stamp in a whole field; nil when it is not one.
  mutating func read(_ field: UnsafeRawBufferPointer) -> Int64? {
    switch kind {
    case .calendar: calendar(field)
    case .number(let unit, _): decimalNanoseconds(field, unit: unit)
    }
  }

  /// Nanoseconds since 1970 of the 16 bytes `YYYY-MM-DD HH:MM` at `p`; the last minute is remembered.
  @inline(__always)
  mutating func minute(_ p: UnsafeRawPointer) -> Int64? {
    let day = Digits.load(p)
    let rest = Digits.load(p + 8)
    if day == lastDay, rest == lastMinute { return lastNanoseconds }
    return newMinute(p, day, rest)
  }

  @inline(never)
  private mutating func newMinute(_ p: UnsafeRawPointer, _ day: UInt64, _ rest: UInt64) -> Int64? {
    let b = UnsafeRawBufferPointer(start: p, count: 16)
    let dash = b[4]
    guard dash == UInt8(ascii: "-") || dash == UInt8(ascii: "/"), b[7] == dash,
      b[10] == UInt8(ascii: " ") || b[10] == UInt8(ascii: "T"), b[13] == UInt8(ascii: ":"),
      let century = pair(b, 0), let years = pair(b, 2), let month = pair(b, 5), let date = pair(b, 8),
      let hour = pair(b, 11), let minute = pair(b, 14),
      hour < 24, minute < 60
    else { return nil }
    guard let days = daysSince1970(year: century * 100 + years, month: month, day: date) else { return nil }
    lastDay = day
    lastMinute = rest
    lastNanoseconds = Int64(days * 1440 + hour * 60 + minute) * 60_000_000_000
    return lastNanoseconds
  }

  private mutating func calendar(_ field: UnsafeRawBufferPointer) -> Int64? {
    guard field.count >= 16, var nanoseconds = minute(field.baseAddress!) else { return nil }
    var i = 16
    if i < field.count, field[i] == UInt8(ascii: ":") {
      guard field.count >= 19, let seconds = pair(field, 17), seconds <= 60 else { return nil }
      nanoseconds += Int64(seconds) * 1_000_000_000
      i = 19
      if i < field.count, field[i] == UInt8(ascii: ".") || field[i] == UInt8(ascii: ",") {
        guard let fraction = nanosecondFraction(field, &i) else { return nil }
        nanoseconds += fraction
      }
    }
    guard let offset = zoneOffset(field, i) else { return nil }
    return nanoseconds - offset
  }
}

private func pair(_ b: UnsafeRawBufferPointer, _ i: Int) -> Int? {
  let tens = b[i] &- 0x30
  let ones = b[i + 1] &- 0x30
  return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
}

/// Days from 1970-01-01 in the Gregorian calendar.
/// - Source: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
func daysSince1970(year: Int, month: Int, day: Int) -> Int? {
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  guard (1930..<2200).contains(year), (1...12).contains(month), (1...lengths[month - 1]).contains(day) else {
    return nil
  }
  let y = month <= 2 ? year - 1 : year
  let era = y / 400
  let yearOfEra = y - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

/// Reads `.123456…` at `i`, rounds beyond nine digits, and moves `i` behind it.
private func nanosecondFraction(_ field: UnsafeRawBufferPointer, _ i: inout Int) -> Int64? {
  i += 1
  var value: Int64 = 0
  var digits = 0
  while i < field.count, field[i] &- 0x30 < 10 {
    let digit = Int64(field[i] &- 0x30)
    if digits < 9 { value = value * 10 + digit } else if digits == 9, digit >= 5 { value += 1 }
    digits += 1
    i += 1
  }
  guard digits > 0 else { return nil }
  return value * Digits.powersOfTen[max(0, 9 - digits)]
}

/// The zone at `i` to the end of the field: none, `Z`, ` UTC`, `+hh`, `+hhmm`, `+hh:mm`; nanoseconds east of UTC.
private func zoneOffset(_ field: UnsafeRawBufferPointer, _ start: Int) -> Int64? {
  var i = start
  while i < field.count, field[i] == UInt8(ascii: " ") { i += 1 }
  let left = field.count - i
  if left == 0 { return 0 }
  if left == 1, field[i] | 0x20 == UInt8(ascii: "z") { return 0 }
  if left == 3, field[i...].elementsEqual("UTC".utf8) { return 0 }
  guard left >= 3, field[i] == UInt8(ascii: "+") || field[i] == UInt8(ascii: "-"),
    let hours = pair(field, i + 1),
    hours < 24
  else { return nil }
  var minutes = 0
  if left == 5, let m = pair(field, i + 3) {
    minutes = m
  } else if left == 6, field[i + 3] == UInt8(ascii: ":"), let m = pair(field, i + 4) {
    minutes = m
  } else if left != 3 {
    return nil
  }
  let offset = Int64(hours * 60 + minutes) * 60_000_000_000
  return field[i] == UInt8(ascii: "-") ? -offset : offset
}

/// A decimal number of `unit` nanoseconds each, exact to the nanosecond and rounded half up below it.
func decimalNanoseconds(_ field: UnsafeRawBufferPointer, unit: Int64) -> Int64? {
  guard let first = field.first else { return nil }
  var i = first == UInt8(ascii: "-") || first == UInt8(ascii: "+") ? 1 : 0
  var whole: Int64 = 0
  var digits = 0
  while i < field.count, field[i] &- 0x30 < 10 {
    let (product, high) = whole.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(Int64(field[i] &- 0x30))
    if high || carry { return nil }
    whole = sum
    digits += 1
    i += 1
  }
  var fraction: Int64 = 0
  if i < field.count, field[i] == UInt8(ascii: ".") {
    let before = i
    if i + 1 < field.count, field[i + 1] &- 0x30 < 10 {
      guard let billionths = nanosecondFraction(field, &i) else { return nil }
      let scale = 1_000_000_000 / unit
      fraction = (billionths + scale / 2) / scale
    } else {
      i += 1
    }
    digits += i - before - 1
  }
  guard digits > 0 else { return nil }
  if i < field.count { return scientific(field, unit: unit) }
  let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit)
  if overflow { return nil }
  let (sum, carry) = scaled.addingReportingOverflow(fraction)
  if carry { return nil }
  return first == UInt8(ascii: "-") ? -sum : sum
}

/// `1.7e9` and the like, through `Double`.
private func scientific(_ field: UnsafeRawBufferPointer, unit: Int64) -> Int64? {
  guard field.count < 40, field.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }),
    let value = Double(String(decoding: field, as: UTF8.self)), value.isFinite
  else { return nil }
  let nanoseconds = (value * Double(unit)).rounded()
  return nanoseconds.magnitude < 9.2e18 ? Int64(nanoseconds) : nil
}
