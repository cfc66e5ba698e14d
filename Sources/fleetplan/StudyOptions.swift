import ArgumentParser
import Economics
import FleetData
import Foundation
import Performance
import Planning
import Quantities

/// A number or a range on the command line: `2.1`, `$1.2..3.2`, `40%..60%..80%`.
struct RangeArgument: ExpressibleByArgument, CustomStringConvertible {
  var range: InputRange
  var description: String {
    range.isExact ? "\(range.base)" : "\(range.low)..\(range.base)..\(range.high)"
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
    guard let range else { return nil }
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
}

/// A count such as `70B` or `1.5T`.
struct CountArgument: ExpressibleByArgument, CustomStringConvertible {
  var value: Double
  var description: String { "\(value)" }

  init?(argument: String) {
    guard let value = RangeArgument.number(argument) else { return nil }
    self.value = value
  }
}

/// The model, chip and request that a study is about.
struct StudySubject: ParsableArguments {
  @Option(help: "Model id of the catalog.") var model = "llama-3.1-70b"
  @Option(help: "Chip id of the catalog.") var chip = "tpu-v5e"
  @Option(help: "Precision of the weights.") var weights: Precision = .bf16
  @Option(help: "Precision of the KV cache.") var kv: Precision = .bf16
  @Option(name: .long, help: "Prompt tokens per request, a number or a range.")
  var inputTokens = RangeArgument(argument: "2000")!
  @Option(name: .long, help: "Generated tokens per request, a number or a range.")
  var outputTokens = RangeArgument(argument: "500")!
  @Option(help: "Dollars per chip-hour, a number or a range; by default the catalog's list prices.")
  var price: RangeArgument?
  @Option(
    help: "Purchase price of a chip with its share of the system, in place of --price, a number or a range.")
  var capital: RangeArgument?
  @Option(name: .long, help: "Years over which --capital is written off.") var depreciationYears = 5.0
  @Option(name: .long, help: "Interest per year on --capital.") var interest = RangeArgument(argument: "8%")!
  @Option(help: "Share of the paid hours that chips are busy, a number or a range.")
  var utilization: RangeArgument?
  @Option(help: "Seed of the sampling.") var seed: UInt64 = 1
  @OptionGroup var catalog: CatalogOption

  func validate() throws {
    if price != nil, capital != nil { throw ValidationError("give --price or --capital, not both") }
  }

  var shape: RequestShape {
    RequestShape(input: inputTokens.range.base, output: outputTokens.range.base)
  }

  func chipSpec() throws -> ChipSpec { try catalog.load().chip(chip) }
  func modelSpec() throws -> TransformerSpec { try catalog.load().model(model) }

  /// The price given, or the catalog's range; never a missing price counted as nothing.
  func priceRange(of chip: ChipSpec) throws -> InputRange {
    if let price { return price.range }
    if let capital { return try owned(capital.range, chip) }
    guard let listed = chip.listPriceRange else { throw StudyError.noPrice(chip: chip.id) }
    return listed
  }

  /// Capital recovered over its life, and the electricity of a chip with its host at 8 cents and a PUE of 1.1.
  private func owned(_ capital: InputRange, _ chip: ChipSpec) throws -> InputRange {
    let watts = (chip.power?.value.value ?? 0) * 1.8
    func perHour(_ usd: Double) throws -> Double {
      try hourlyCapitalCost(
        USD(usd), annualInterest: interest.range.base, life: depreciationYears * .year)
        + watts / 1000 * 1.1 * 0.08
    }
    return try InputRange(
      low: perHour(capital.low), base: perHour(capital.base), high: perHour(capital.high))
  }

  var utilizationRange: InputRange { utilization?.range ?? .halfUsed }

  /// How the subject is served.
  func serving(maxChips: Int, tpotMs: Double) throws -> ScaleQuestion {
    let chip = try chipSpec()
    return ScaleQuestion(
      model: try modelSpec(), chip: chip, weights: weights, kv: kv, shape: shape, maxChips: maxChips,
      usdPerChipHour: try priceRange(of: chip), utilization: utilizationRange,
      secondsPerToken: try Self.seconds(milliseconds: tpotMs, "--tpot-ms"),
      inputRange: inputTokens.range, outputRange: outputTokens.range, seed: seed)
  }

  /// 0 promises nothing.
  static func seconds(milliseconds: Double, _ option: String) throws -> Double? {
    guard milliseconds >= 0 else {
      throw StudyError.invalid(what: option, found: "\(milliseconds)", expected: "0 or more")
    }
    return milliseconds > 0 ? milliseconds / 1000 : nil
  }
}

/// A band of a tariff on the command line: `16-21=0.20`, local hours and dollars per kWh.
struct TariffBandArgument: ExpressibleByArgument {
  var band: Tariff.Band

  init?(argument: String) {
    let parts = argument.split(separator: "=").map(String.init)
    guard parts.count == 2, let price = RangeArgument.number(parts[1]), price >= 0 else { return nil }
    let hours = parts[0].split(separator: "-").compactMap { Int($0) }
    guard hours.count == 2, (0...23).contains(hours[0]), (0...24).contains(hours[1]), hours[0] != hours[1]
    else { return nil }
    band = Tariff.Band(
      from: hours[0], to: hours[1], price: USDPerJoule(price / Joules.kilowattHour.value))
  }
}

/// What energy costs and emits where the study's chips stand.
struct StudyPower: ParsableArguments {
  @Option(name: .long, help: "Dollars per kWh of electricity, a number or a range.")
  var electricity = RangeArgument(argument: "0.08")!
  @Option(help: "Another price by local hours, as from-to=price: --tariff 16-21=0.20; may repeat.")
  var tariff: [TariffBandArgument] = []
  @Option(help: "PUE of the site, a number or a range.") var pue = RangeArgument(argument: "1.1")!
  @Option(help: "Watts per chip with its share of the host; by default 1.8 times the chip's own.")
  var watts: Double?
  @Option(help: "Grams of CO2 per kWh of the grid.") var carbon: Double?

  func prices() throws -> Tariff {
    guard electricity.range.low >= 0 else {
      throw StudyError.invalid(
        what: "--electricity", found: "\(electricity.range.low)", expected: "0 or more dollars per kWh")
    }
    return Tariff(
      base: USDPerJoule(electricity.range.base / Joules.kilowattHour.value), bands: tariff.map(\.band))
  }

  /// Watts of a chip with its share of the host, if anything is known.
  func watts(of chip: ChipSpec) throws -> Double? {
    guard let watts = watts ?? chip.power.map({ $0.value.value * 1.8 }) else { return nil }
    guard watts > 0 else {
      throw StudyError.invalid(what: "--watts", found: "\(watts)", expected: "more than 0")
    }
    return watts
  }
}

/// Where a study's result goes.
struct StudyOutput: ParsableArguments {
  @Option(name: .long, help: "How the result is written to stdout: text, json or md.")
  var format: OutputFormat = .text
  @Option(
    name: .shortAndLong,
    help: "Also write study.md, study.json, study.xlsx and the pictures into this directory.")
  var out: String?

  func validate() throws {
    guard [.text, .json, .md].contains(format) else {
      throw ValidationError("a study is written as text, json or md")
    }
  }

  /// Answers, and turns what has no answer into its exit code.
  func write(_ study: () throws -> StudyResult) throws {
    do {
      let result = try study()
      try StudyWriter(result: result).write(format, directory: out)
    } catch let error as StudyError {
      throw ExitError(error.status, [Diagnostic(error.description)])
    } catch let error as EstimateError {
      throw ExitError(.infeasible, [Diagnostic(error.description)])
    } catch let error as EconomicsError {
      throw ExitError(.usage, [Diagnostic(error.description)])
    }
  }
}

extension ChipSpec {
  /// The cheapest listed price under commitment, in dollars per chip-hour.
  var committedPrice: Double? {
    listPrices.flatMap { [$0.commit1Year, $0.commit3Year] }
      .compactMap { $0.map { $0.value * Seconds.hour.value } }.min()
  }
}

extension StudyError {
  /// What cannot be met is infeasible; what makes no sense is a wrong argument.
  var status: ExitStatus {
    switch self {
    case .fitsNowhere, .tooSlow: .infeasible
    case .economics, .noPrice, .invalid: .usage
    }
  }
}
