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
  @Option(name: .long, help: "Prompt tokens per request.") var inputTokens = 2000.0
  @Option(name: .long, help: "Generated tokens per request.") var outputTokens = 500.0
  @Option(help: "Dollars per chip-hour, a number or a range; by default the catalog's list prices.")
  var price: RangeArgument?
  @Option(help: "Share of the paid hours that chips are busy, a number or a range.")
  var utilization: RangeArgument?
  @Option(help: "Seed of the sampling.") var seed: UInt64 = 1
  @OptionGroup var catalog: CatalogOption

  var shape: RequestShape { RequestShape(input: inputTokens, output: outputTokens) }

  func chipSpec() throws -> ChipSpec { try catalog.load().chip(chip) }
  func modelSpec() throws -> TransformerSpec { try catalog.load().model(model) }

  /// The price given, or the catalog's range; never a missing price counted as nothing.
  func priceRange(of chip: ChipSpec) throws -> InputRange {
    if let price { return price.range }
    guard let listed = chip.listPriceRange else { throw StudyError.noPrice(chip: chip.id) }
    return listed
  }

  var utilizationRange: InputRange { utilization?.range ?? .halfUsed }
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

extension StudyError {
  /// What cannot be met is infeasible; what makes no sense is a wrong argument.
  var status: ExitStatus {
    switch self {
    case .fitsNowhere, .tooSlow: .infeasible
    case .economics, .noPrice, .invalid: .usage
    }
  }
}
