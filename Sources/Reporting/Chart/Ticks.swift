import Foundation

/// Round positions along an axis, and how they are written.
struct Ticks: Equatable {
  var values: [Double]
  var labels: [String]
  /// The range drawn: the data's, widened to the first and last tick.
  var low: Double
  var high: Double
  var isLogarithmic: Bool

  /// Steps of 1, 2, 2.5 or 5 times a power of ten, about `count` of them.
  static func linear(_ low: Double, _ high: Double, count: Int = 5) -> Ticks {
    var (a, b) = (min(low, high), max(low, high))
    if b - a < max(abs(a), abs(b)) * 1e-9 || a == b {
      let pad = a == 0 ? 1 : abs(a) * 0.1
      (a, b) = (a - pad, b + pad)
    }
    let step = niceStep((b - a) / Double(count))
    let first = (a / step + 1e-9).rounded(.down)
    let last = (b / step - 1e-9).rounded(.up)
    let values = (0...Int(last - first)).map { (first + Double($0)) * step }
    return Ticks(
      values: values, labels: labels(values, step: step), low: first * step, high: last * step,
      isLogarithmic: false)
  }

  /// Powers of ten, with 2 and 5 between them where the range is short; values must be positive.
  static func logarithmic(_ low: Double, _ high: Double) -> Ticks {
    let a = log10(low * (1 + 1e-9)).rounded(.down)
    let b = max(a + 1, log10(high * (1 - 1e-9)).rounded(.up))
    let every = max(1, Int(((b - a) / 8).rounded(.up)))
    let multiples: [Double] = b - a <= 2 ? [1, 2, 5] : [1]
    var values: [Double] = []
    for exponent in stride(from: Int(a), through: Int(b), by: every) {
      values += multiples.map { $0 * pow(10, Double(exponent)) }
    }
    let first = values.last { $0 <= low * (1 + 1e-9) } ?? values[0]
    let last = values.first { $0 >= high * (1 - 1e-9) && $0 > first } ?? pow(10, b)
    values = values.filter { $0 >= first && $0 <= last }
    return Ticks(
      values: values, labels: values.map { last >= 1e4 && $0 == 1000 ? "1k" : short($0) }, low: first,
      high: last, isLogarithmic: true)
  }

  /// Where a value lies along the axis, 0…1.
  func position(_ value: Double) -> Double {
    if isLogarithmic {
      let floor = Swift.max(value, low * 1e-3)
      return (log10(floor) - log10(low)) / (log10(high) - log10(low))
    }
    return (value - low) / (high - low)
  }

  private static func niceStep(_ raw: Double) -> Double {
    let power = pow(10, log10(raw).rounded(.down))
    let lead = raw / power
    let nice: Double =
      lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 2.5001 ? 2.5 : lead <= 5.0001 ? 5 : 10
    return nice * power
  }

  /// All labels of one axis share a suffix and a number of decimals.
  private static func labels(_ values: [Double], step: Double) -> [String] {
    let size = values.map(\.magnitude).max() ?? 0
    let (scale, suffix) = scaleAndSuffix(size)
    if size > 0, size < 1e-3 { return values.map { $0 == 0 ? "0" : short($0) } }
    let lead = step / scale
    let decimals = max(0, Int((-log10(lead) - 1e-9).rounded(.up)))
    let needsHalf =
      abs(lead * pow(10, Double(decimals)) - (lead * pow(10, Double(decimals))).rounded()) > 1e-6
    return values.map {
      $0 == 0 ? "0" : NumberText.fixed($0 / scale, decimals + (needsHalf ? 1 : 0)) + suffix
    }
  }

  /// `1.2M`, `30k`, `0.05`, `1e-18`: a number in few characters.
  static func short(_ x: Double) -> String {
    if x == 0 { return "0" }
    if x.magnitude < 1e-3 || x.magnitude >= 1e15 { return String(format: "%.3g", x) }
    if x.magnitude >= 999.5, x.magnitude < 9999.5 { return NumberText.fixed(x, 0) }
    let (scale, suffix) = scaleAndSuffix(x.magnitude * 1.00005)
    return String(format: "%.3g", x / scale) + suffix
  }

  private static func scaleAndSuffix(_ size: Double) -> (Double, String) {
    size >= 1e12
      ? (1e12, "T")
      : size >= 1e9
        ? (1e9, "B")
        : size >= 1e6
          ? (1e6, "M")
          : size >= 1e4 ? (1e3, "k") : (1, "")
  }
}
