import FleetData

/// Values in the units that people write, where the plan keeps SI: `$0.54/chip.h` for `0.00015 $/chip.s`.
enum PlainUnit {
  static func of(_ value: Double, _ unit: String) -> (value: Double, unit: String) {
    let hour = 3600.0
    for (base, people, factor) in [
      ("/chip.s", "/chip.h", hour), ("/J", "/kWh", 3.6e6), ("g/J", "g/kWh", 3.6e6), ("/B", "/GB", 1e9),
      ("1/chip.s", "1/chip.h", hour),
    ] where unit.hasSuffix(base) && unit.count > base.count {
      // Two digits fewer than the file has, so that its rounding does not show after the factor.
      return (JSONNumber.rounded(value * factor, JSONNumber.digits - 2), unit.dropLast(base.count) + people)
    }
    switch unit {
    case "B/s": return (value / 1e9, "GB/s")
    case "W" where value >= 1e6: return (value / 1e6, "MW")
    case "W" where value >= 1e4: return (value / 1e3, "kW")
    case "s" where value >= 86_400 * 27: return (value / (365.25 * 86_400 / 12), "months")
    case "s" where value >= hour: return (value / hour, "h")
    case "1/month", "1/year": return (value * 100, "%" + unit.dropFirst(1))
    case "ratio" where value <= 1: return (value * 100, "%")
    case "ratio": return (value, "×")
    default: return (value, unit)
    }
  }
}

extension Plan.InputRow {
  /// The value and its unit as a person would write them.
  func shown(_ number: NumberText) -> (value: String, unit: String) {
    if let text { return (text, "") }
    guard let value else { return ("n/a", unit) }
    let plain = PlainUnit.of(value, unit)
    return (number.text(plain.value, .text), plain.unit)
  }
}
