import FleetData

extension FieldReader {
  /// A month of the plan, 0 = its first: written as such a number, or as a month of the calendar.
  ///
  /// Months before the plan's first read as 0. A fleet read by itself has no first month, so that a month of the
  /// calendar is checked to be one and reads as absent.
  func month(_ key: String, in range: ClosedRange<Int> = 0...600) -> Int? {
    guard case .scalar(let text)? = node(key)?.content, let month = Self.calendarMonth(text) else {
      return integer(key, .count, in: range)
    }
    guard let start = startMonth.flatMap(Self.calendarMonth) else { return nil }
    return min(range.upperBound, max(range.lowerBound, month - start))
  }

  /// Months since year 0 of `2027-04`; `nil` for anything else.
  static func calendarMonth(_ text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 4, parts[1].count == 2, let year = Int(parts[0]),
      let month = Int(parts[1]), (1...12).contains(month)
    else { return nil }
    return year * 12 + month - 1
  }
}
