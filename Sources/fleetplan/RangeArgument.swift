import ArgumentParser
import Economics
import Foundation
import Planning

/// A number or a range on the command line: `2.1`, `$1.2..3.2`, `40%..60%..80%`, `500k..1M..2M`.
struct RangeArgument: ExpressibleByArgument, CustomStringConvertible {
  var range: InputRange
  var description: String {
    range.isExact
      ? Self.text(range.base) : "\(Self.text(range.low))..\(Self.text(range.base))..\(Self.text(range.high))"
  }

  init?(argument: String) {
    let parts = argument.components(separatedBy: "..").map(Self.number)
    guard parts.allSatisfy({ $0 != nil }) else { return nil }
    let numbers = parts.compactMap { $0 }
    let range: InputRange? =
      switch numbers.count {
      case 1: InputRange(numbers[0])
      case 2:
        try? InputRange(low: numbers[0], base: (numbers[0] + numbers[1]) / 2, high: numbers[1])
      case 3: try? InputRange(low: numbers[0], base: numbers[1], high: numbers[2])
      default: nil
      }
    guard let range, range.base.isFinite else { return nil }
    self.range = range
  }

  /// Accepts a leading `$`, a trailing `%`, and the suffixes k, M, B and T.
  static func number(_ text: String) -> Double? {
    var text = Substring(text.trimmingCharacters(in: .whitespaces))
    if text.hasPrefix("$") { text = text.dropFirst() }
    let scales: [(String, Double)] = [("%", 0.01), ("k", 1e3), ("M", 1e6), ("B", 1e9), ("T", 1e12)]
    for (suffix, scale) in scales where text.hasSuffix(suffix) {
      return Double(text.dropLast()).map { scale < 1 ? $0 / (1 / scale) : $0 * scale }
    }
    return Double(text)
  }

  /// As it would be typed: `1M`, `0.4`.
  private static func text(_ x: Double) -> String {
    for (scale, letter) in [(1e12, "T"), (1e9, "B"), (1e6, "M")] where abs(x) >= scale {
      return String(format: "%g", x / scale) + letter
    }
    return String(format: "%g", x)
  }

  /// The range as counts. Ends must be whole; a base that stands between them is rounded.
  func whole(_ option: String) throws -> InputRange {
    guard range.low == range.low.rounded(), range.high == range.high.rounded() else {
      throw StudyError.invalid(what: option, found: description, expected: "whole numbers")
    }
    return InputRange(range.base.rounded(), from: range.low, to: range.high)
  }
}

extension RangeArgument: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  init(floatLiteral value: Double) { range = InputRange(value) }
  init(integerLiteral value: Int) { range = InputRange(Double(value)) }
  /// A default of the program's own: it parses.
  init(stringLiteral value: String) {
    guard let parsed = RangeArgument(argument: value) else {
      preconditionFailure("the default \(value) is no range")
    }
    self = parsed
  }
}
