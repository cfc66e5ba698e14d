import FleetData

extension PlanCalendar {
  /// A sentence in which `month 3` reads as that month's label, in brackets too; months in it count from `first`.
  func dated(_ sentence: String, first: Int = 0) -> String {
    var result = ""
    var rest = sentence[...]
    while let range = rest.range(of: "month ") {
      let after = rest[range.upperBound...]
      let digits = after.prefix { $0.isNumber }
      let isWord = rest[..<range.lowerBound].last.map { !$0.isLetter } ?? true
      if isWord, let month = Int(digits) {
        result += rest[..<range.lowerBound] + label(first + month)
        rest = after.dropFirst(digits.count)
      } else {
        result += rest[..<range.upperBound]
        rest = after
      }
    }
    return result + rest
  }
}
