import Quantities

extension Dimension {
  private static let hour = Seconds.hour.value
  private static let kilowattHour = Joules.kilowattHour.value

  public static let power = Dimension(
    name: "a power", example: "5MW", base: "W", units: [("W", 1), ("kW", 1e3), ("MW", 1e6), ("GW", 1e9)])

  public static let duration = Dimension(
    name: "a duration", example: "800ms", base: "s",
    units: [
      ("ms", 1e-3), ("s", 1), ("us", 1e-6), ("ns", 1e-9), ("min", 60), ("h", hour), ("day", 86_400),
      ("days", 86_400), ("month", Seconds.month.value), ("months", Seconds.month.value),
      ("year", Seconds.year.value), ("years", Seconds.year.value),
    ])

  public static let months = Dimension(
    name: "a number of months", example: "12months", base: "months",
    units: [("months", 1), ("month", 1), ("years", 12), ("year", 12)])

  public static let money = Dimension(
    name: "an amount of money", example: "$2.6M", base: "$",
    units: [("", 1), ("k", 1e3), ("M", 1e6), ("B", 1e9)], isMoney: true)

  public static let monthlyMoney = Dimension(
    name: "money per month", example: "$2.6M/month", base: "$/month",
    units: [
      ("/month", 1), ("k/month", 1e3), ("M/month", 1e6), ("B/month", 1e9), ("k/year", 1e3 / 12),
      ("M/year", 1e6 / 12), ("/year", 1.0 / 12),
    ], isMoney: true)

  /// Dollars per chip-second.
  public static let chipPrice = Dimension(
    name: "a price per chip-hour", example: "$1.20/chip.h", base: "$/chip.s",
    units: [("/chip.h", 1 / hour), ("/GPU.h", 1 / hour), ("/TPU.h", 1 / hour)], isMoney: true)

  public static let capital = Dimension(
    name: "a purchase price per chip", example: "$31000/chip", base: "$/chip",
    units: [("/chip", 1), ("k/chip", 1e3), ("/GPU", 1), ("k/GPU", 1e3)], isMoney: true)

  /// Dollars per joule.
  public static let energyPrice = Dimension(
    name: "a price of electricity", example: "$0.06/kWh", base: "$/J",
    units: [("/kWh", 1 / kilowattHour), ("/MWh", 1e-3 / kilowattHour)], isMoney: true)

  /// Grams per joule.
  public static let carbonIntensity = Dimension(
    name: "a carbon intensity", example: "413g/kWh", base: "g/J",
    units: [("g/kWh", 1 / kilowattHour), ("kg/MWh", 1 / kilowattHour), ("kg/kWh", 1e3 / kilowattHour)])

  /// Dollars per kilogram.
  public static let carbonPrice = Dimension(
    name: "a price of carbon", example: "$100/t", base: "$/kg", units: [("/t", 1e-3), ("/kg", 1)],
    isMoney: true)

  public static let bytes = Dimension(
    name: "a size", example: "2GB", base: "B",
    units: [
      ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("TB", 1e12), ("GiB", 1_073_741_824), ("MiB", 1_048_576),
      ("B", 1),
    ])

  public static let bandwidth = Dimension(
    name: "a bandwidth", example: "100Gbit/s", base: "B/s",
    units: [
      ("Gbit/s", 1.25e8), ("Mbit/s", 1.25e5), ("Tbit/s", 1.25e11), ("GB/s", 1e9), ("MB/s", 1e6),
      ("GiB/s", 1_073_741_824), ("TB/s", 1e12), ("B/s", 1),
    ])

  public static let bytePrice = Dimension(
    name: "a price per byte moved", example: "$0.02/GB", base: "$/B",
    units: [("/GB", 1e-9), ("/GiB", 1 / 1_073_741_824.0), ("/TB", 1e-12)], isMoney: true)

  public static let constructionPrice = Dimension(
    name: "a construction price", example: "$11/W", base: "$/W",
    units: [("/W", 1), ("/kW", 1e-3), ("M/MW", 1)],
    isMoney: true)

  public static let ratio = Dimension(
    name: "a share", example: "80%", base: "ratio", units: [("%", 0.01), ("x", 1)], allowsBare: true)

  /// Growth per month: a yearly rate is compounded down by the reader, not here.
  public static let growth = Dimension(
    name: "a growth rate", example: "6%/month", base: "1/month", units: [("%/month", 0.01)])

  public static let yearlyRate = Dimension(
    name: "a yearly rate", example: "8%/year", base: "1/year", units: [("%/year", 0.01), ("%", 0.01)])

  public static let requestRate = Dimension(
    name: "a request rate", example: "14req/s", base: "req/s",
    units: [("req/s", 1), ("/s", 1), ("req/min", 1.0 / 60), ("req/h", 1 / hour)])

  public static let eventRate = Dimension(
    name: "an event rate", example: "0.05/h", base: "1/s", units: [("/h", 1 / hour), ("/day", 1.0 / 86_400)])

  public static let count = Dimension(
    name: "a count", example: "8", base: "count", units: [], allowsBare: true)

  public static let parameters = Dimension(
    name: "a parameter count", example: "70B", base: "parameters",
    units: [("B", 1e9), ("M", 1e6), ("T", 1e12)], allowsBare: true)

  public static let degrees = Dimension(
    name: "an angle in degrees", example: "48.86", base: "deg", units: [("", 1), ("deg", 1)], allowsBare: true
  )
}
