import ArgumentParser
import Economics
import FleetData
import Performance
import Planning
import Quantities

/// The chip, its price and the answers that a study is about.
struct StudySubject: ParsableArguments {
  @Option(help: "Chip id of the catalog.") var chip = "tpu-v5e"
  @Option(help: "Precision of the weights.") var weights: Precision = .bf16
  @Option(help: "Precision of the KV cache.") var kv: Precision = .bf16
  @Option(name: .long, help: "Generated tokens per request, a number or a range.")
  var outputTokens: RangeArgument = 500
  @Option(help: "Dollars per chip-hour, a number or a range; by default the catalog's list prices.")
  var price: RangeArgument?
  @Option(
    help: "Purchase price of a chip with its share of the system, in place of --price, a number or a range.")
  var capital: RangeArgument?
  @Option(name: .long, help: "Years over which --capital is written off, a number or a range.")
  var depreciationYears: RangeArgument = 5
  @Option(name: .long, help: "Interest per year on --capital, a number or a range.")
  var interest: RangeArgument = "8%"
  @Option(help: "Seed of the sampling.") var seed: UInt64 = 1
  @OptionGroup var catalog: CatalogOption

  func validate() throws {
    if price != nil, capital != nil { throw ValidationError("give --price or --capital, not both") }
  }

  func chipSpec() throws -> ChipSpec { try catalog.load().chip(chip) }

  /// The price given, or the catalog's range; never a missing price counted as nothing.
  private func rent(of chip: ChipSpec) throws -> InputRange {
    if let price { return price.range }
    // Owned chips are not rented; the rent stands aside.
    if capital != nil { return InputRange(0) }
    guard let listed = chip.listPriceRange else { throw StudyError.noPrice(chip: chip.id) }
    return listed
  }

  private func ownership(of chip: ChipSpec) -> ChipOwnership? {
    capital.map {
      ChipOwnership(
        capital: $0.range, years: depreciationYears.range, interest: interest.range,
        watts: InputRange(chip.wattsWithHost ?? 0))
    }
  }

  /// How a model is served on the chip.
  func serving(
    _ model: String, input: InputRange, utilization: InputRange, maxChips: Int, tpotMs: RangeArgument
  ) throws -> ScaleQuestion {
    let chip = try chipSpec()
    return ScaleQuestion(
      model: try catalog.load().model(model), chip: chip, weights: weights, kv: kv, input: input,
      output: outputTokens.range, maxChips: maxChips, rent: try rent(of: chip),
      ownership: ownership(of: chip), utilization: utilization,
      secondsPerToken: try Self.seconds(milliseconds: tpotMs, "--tpot-ms"), seed: seed)
  }

  /// 0 promises nothing.
  static func seconds(milliseconds: RangeArgument, _ option: String) throws -> InputRange? {
    let range = milliseconds.range
    guard range.low > 0 || range.isExact && range.base == 0 else {
      throw StudyError.invalid(
        what: option, found: milliseconds.description, expected: "0, or numbers above 0")
    }
    return range.base > 0 ? range.scaled(by: 1e-3) : nil
  }
}

/// The model of a study of one model, and how long its prompts are.
struct StudyModel: ParsableArguments {
  @Option(help: "Model id of the catalog.") var model = "llama-3.1-70b"
  @Option(name: .long, help: "Prompt tokens per request, a number or a range.")
  var inputTokens: RangeArgument = 2000
}

/// How full a fleet that follows demand runs.
struct StudyUse: ParsableArguments {
  @Option(help: "Share of the paid hours that chips are busy, a number or a range.")
  var utilization: RangeArgument = "40%..60%..80%"
}

/// A band of a tariff on the command line: `16-21=0.20`, local hours and dollars per kWh.
struct TariffBandArgument: ExpressibleByArgument {
  var band: PowerTerms.Band

  init?(argument: String) {
    let parts = argument.split(separator: "=").map(String.init)
    guard parts.count == 2, let price = RangeArgument(argument: parts[1])?.range, price.low >= 0 else {
      return nil
    }
    let hours = parts[0].split(separator: "-").compactMap { Int($0) }
    guard hours.count == 2, (0...23).contains(hours[0]), (0...24).contains(hours[1]), hours[0] != hours[1]
    else { return nil }
    band = PowerTerms.Band(from: hours[0], to: hours[1], usdPerKWh: price)
  }
}

/// What energy costs and emits where the study's chips stand.
struct StudyPower: ParsableArguments {
  @Option(name: .long, help: "Dollars per kWh of electricity, a number or a range.")
  var electricity: RangeArgument = 0.08
  @Option(
    help:
      "Another price by local hours, as from-to=price, a number or a range: --tariff 16-21=0.20; may repeat.")
  var tariff: [TariffBandArgument] = []
  @Option(help: "PUE of the site, a number or a range.") var pue: RangeArgument = 1.1
  @Option(
    help:
      "Watts per chip with its share of the host, a number or a range; by default 1.8 times the chip's own.")
  var watts: RangeArgument?
  @Option(help: "Grams of CO2 per kWh of the grid, a number or a range.") var carbon: RangeArgument?

  func terms(of chip: ChipSpec) -> PowerTerms {
    PowerTerms(
      usdPerKWh: electricity.range, bands: tariff.map(\.band), pue: pue.range,
      watts: watts?.range ?? chip.wattsWithHost.map { InputRange($0) }, gramsPerKWh: carbon?.range)
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
