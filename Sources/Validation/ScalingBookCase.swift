import FleetData
import Foundation

/// One closed-form case of the scaling book: inputs, and the value that must come out.
public struct ScalingBookCase: Decodable, Sendable, Hashable {
  public struct Expected: Decodable, Sendable, Hashable {
    public var value: Double
    public var unit: String
  }
  public struct Tolerance: Decodable, Sendable, Hashable { public var relative: Double }

  /// A number, a word or a list, as the case needs.
  public enum Input: Decodable, Sendable, Hashable {
    case number(Double), text(String), list([Double]), flag(Bool)

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let list = try? container.decode([Double].self) {
        self = .list(list)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  public var id: String
  public var quantity: String
  /// The book's expression, which tells apart cases of one quantity and the same inputs.
  public var formula: String?
  public var inputs: [String: Input]
  public var expected: Expected
  public var tolerance: Tolerance
  /// `ok`, `rounding` (the book rounds) or `book-error` (the book is wrong; not a case to reproduce).
  public var status: String

  public static func read(_ data: Data) throws -> [ScalingBookCase] {
    try JSONDecoder().decode([ScalingBookCase].self, from: data)
  }

  /// The book prints another figure than its own formula gives.
  public var isDisputed: Bool { status != "ok" && status != "rounding" }

  /// What became of a case.
  public enum Outcome: Sendable, Hashable {
    case reproduced(Double)
    case missed(Double)
    /// Not a question the model answers, with the reason.
    case notCovered(String)
  }

  /// Evaluates the case through the functions of the Performance room.
  ///
  /// A tolerance of 0 asks for equality up to the digits printed: one part in 10⁶.
  public func evaluate() -> Outcome {
    if let reason = Self.uncovered[quantity] { return .notCovered(reason) }
    if isDisputed { return .notCovered("the book errs: \(status)") }
    let values = ScalingBookInputs(inputs, formula: formula ?? "")
    guard let evaluation = ScalingBookCase.evaluations[quantity], let base = evaluation(values) else {
      return .notCovered("no function for \(quantity) of \(inputs.keys.sorted().joined(separator: ", "))")
    }
    let value = base / (Self.scale[expected.unit] ?? 1)
    let error = abs(value / expected.value - 1)
    return error <= max(tolerance.relative, 1e-6) ? .reproduced(value) : .missed(value)
  }

  static let evaluations: [String: @Sendable (ScalingBookInputs) -> Double?] =
    hardware.merging(sharding) { a, _ in a }.merging(training) { a, _ in a }
    .merging(inference) { a, _ in a }

  private static let scale = [
    "ms": 1e-3, "us": 1e-6, "GB": 1e9, "GB/s": 1e9, "days": 86_400,
  ]

  private static let uncovered = [
    "cuda_cores": "cores are not counted: a chip is its peak, memory and links",
    "vpu_lanes": "vector lanes are not counted",
    "vpu_peak": "vector units are not modelled; element-wise work is bound by HBM",
    "onchip_bytes": "on-chip memory is not modelled",
    "flops_per_dollar_hour": "prices belong to Economics",
  ]
}

/// Inputs by name. Numbers that a case leaves to the book's running example are asked for with that example's value.
struct ScalingBookInputs: Sendable {
  private let values: [String: ScalingBookCase.Input]
  let formula: String

  init(_ values: [String: ScalingBookCase.Input], formula: String) {
    self.values = values
    self.formula = formula
  }

  /// The first of these names that is a number.
  func number(_ names: String...) -> Double? {
    for name in names { if case .number(let value)? = values[name] { return value } }
    return nil
  }

  func text(_ name: String) -> String? {
    if case .text(let value)? = values[name] { return value }
    return nil
  }

  func list(_ name: String) -> [Double]? {
    if case .list(let value)? = values[name] { return value }
    return nil
  }

  func has(_ name: String) -> Bool { values[name] != nil }
}
