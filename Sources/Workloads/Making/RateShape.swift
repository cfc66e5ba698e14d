import Foundation

/// How the rate of a client moves over time: hours of the day, days of the week, growth, or bins learnt from a trace.
public struct RateShape: Hashable, Sendable, Codable {
  /// Relative rate of each hour of the day (UTC), 24 values; empty means flat.
  public var hours: [Double] = []
  /// Relative rate of each day, Monday first, 7 values; empty means flat.
  public var weekdays: [Double] = []
  /// Growth per month of 730.5 hours: 0.06 is 6 %.
  public var growthPerMonth = 0.0
  /// Relative rate in equal bins from the start on, repeated when they run out; empty means flat.
  public var bins: [Double] = []
  public var binSeconds = 0.0

  public init() {}

  /// A day that swings by `amplitude` around its mean, highest at `peakHour`, and weekends at a share of weekdays.
  public static func diurnal(amplitude: Double, peakHour: Double, weekend: Double = 1) -> RateShape {
    var shape = RateShape()
    shape.hours = (0..<24).map { (hour: Int) -> Double in
      let angle: Double = (Double(hour) + 0.5 - peakHour) / 24 * 2 * Double.pi
      return 1 + amplitude * cos(angle)
    }
    if weekend != 1 { shape.weekdays = [1, 1, 1, 1, 1, weekend, weekend] }
    return shape
  }

  /// Relative rate at `seconds` after a start `epoch` seconds since 1970; 1 is the mean of a flat week without growth.
  func factor(at seconds: Double, epoch: Double) -> Double {
    var factor = 1.0
    let clock = epoch + seconds
    if hours.count == 24 {
      let mean = hours.reduce(0, +) / 24
      let place = (clock / 3600 - 0.5).positiveRemainder(24)
      let low = Int(place) % 24
      let share = place - place.rounded(.down)
      factor *= (hours[low] * (1 - share) + hours[(low + 1) % 24] * share) / mean
    }
    if weekdays.count == 7 {
      // 1970-01-01 was a Thursday, three days after Monday.
      let day = Int((clock / 86_400 + 3).positiveRemainder(7)) % 7
      factor *= weekdays[day] * 7 / weekdays.reduce(0, +)
    }
    if !bins.isEmpty, binSeconds > 0 {
      let mean = bins.reduce(0, +) / Double(bins.count)
      factor *= bins[Int(seconds / binSeconds) % bins.count] / mean
    }
    if growthPerMonth != 0 { factor *= pow(1 + growthPerMonth, seconds / 2_629_800) }
    return factor
  }

  /// The widest step over which the shape may be taken as constant.
  var stepSeconds: Double {
    if !bins.isEmpty { return binSeconds }
    return hours.isEmpty && weekdays.isEmpty && growthPerMonth == 0 ? .infinity : 300
  }
}

extension Double {
  fileprivate func positiveRemainder(_ modulus: Double) -> Double {
    let rest = truncatingRemainder(dividingBy: modulus)
    return rest < 0 ? rest + modulus : rest
  }
}

/// Expected arrivals since the start, as a broken line, and its inverse.
struct CumulativeRate {
  private let step: Double
  private let totals: [Double]

  init(ratePerSecond: Double, shape: RateShape, duration: Double, epoch: Double) {
    let step = min(shape.stepSeconds, max(duration, 1e-9))
    self.step = step
    let steps = max(1, Int((duration / step).rounded(.up)))
    var totals = [0.0]
    totals.reserveCapacity(steps + 1)
    for i in 0..<steps {
      let width = min(step, duration - Double(i) * step)
      let middle = (Double(i) + 0.5) * step
      totals.append(totals[i] + ratePerSecond * shape.factor(at: middle, epoch: epoch) * width)
    }
    self.totals = totals
    lastWidth = duration - Double(steps - 1) * step
  }
  private let lastWidth: Double

  var total: Double { totals[totals.count - 1] }

  /// When `count` arrivals are expected; `cursor` remembers the step of the last answer, as counts only rise.
  func time(of count: Double, cursor: inout Int) -> Double? {
    while cursor + 1 < totals.count, totals[cursor + 1] < count { cursor += 1 }
    guard cursor + 1 < totals.count else { return nil }
    let within = (count - totals[cursor]) / (totals[cursor + 1] - totals[cursor])
    let width = cursor + 2 == totals.count ? lastWidth : step
    return Double(cursor) * step + within * width
  }
}
