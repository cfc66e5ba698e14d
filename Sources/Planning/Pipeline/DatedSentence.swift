import FleetData

extension PlanCalendar {
  /// A sentence in which `month 3` reads as that month's label; months in it count from `first`.
  func dated(_ sentence: String, first: Int = 0) -> String {
    let words = sentence.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    var result: [String] = []
    var index = 0
    while index < words.count {
      let next = index + 1 < words.count ? words[index + 1] : ""
      let digits = next.prefix { $0.isNumber }
      if words[index] == "month", let month = Int(digits) {
        result.append(label(first + month) + next.dropFirst(digits.count))
        index += 2
      } else {
        result.append(words[index])
        index += 1
      }
    }
    return result.joined(separator: " ")
  }
}
