import FleetData

/// Numbers as sentences show them: three significant digits, a unit that fits.
enum Words {
  static func number(_ value: Double) -> String { PlainNumber.spoken(value) }

  static func seconds(_ value: Double) -> String {
    value < 1 ? "\(number(value * 1000)) ms" : "\(number(value)) s"
  }

  static func watts(_ value: Double) -> String {
    switch value.magnitude {
    case 1e6...: "\(number(value / 1e6)) MW"
    case 1e3...: "\(number(value / 1e3)) kW"
    default: "\(number(value)) W"
    }
  }

  static func dollars(_ value: Double) -> String { PlainNumber.money(value) }
}
