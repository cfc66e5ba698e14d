import FleetData
import Foundation

/// A case of a closed formula: inputs, and figures that were published or computed independently at high precision.
public struct FormulaCase: Decodable, Sendable {
  public var id: String
  public var source: String
  /// The largest relative error that still reproduces the case.
  public var relativeTolerance: Double
  public var inputs: [String: Value]
  public var expected: [String: Value]

  enum CodingKeys: String, CodingKey {
    case id, source, inputs, expected, tolerance
    case relativeTolerance = "relative_tolerance"
  }

  private struct Tolerance: Decodable { var relative: Double }

  /// `relative_tolerance: 1e-6` or `tolerance: {relative: 1e-6}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    source = try container.decodeIfPresent(String.self, forKey: .source) ?? ""
    inputs = try container.decode([String: Value].self, forKey: .inputs)
    expected = try container.decode([String: Value].self, forKey: .expected)
    relativeTolerance =
      try container.decodeIfPresent(Double.self, forKey: .relativeTolerance)
      ?? container.decode(Tolerance.self, forKey: .tolerance).relative
  }

  /// A number or a list of them; true is 1.
  public struct Value: Decodable, Sendable {
    public var numbers: [Double]
    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        numbers = [flag ? 1 : 0]
      } else if let number = try? container.decode(Double.self) {
        numbers = [number]
      } else {
        numbers = try container.decode([Double].self)
      }
    }
  }

  /// An input by name.
  func callAsFunction(_ name: String) throws -> Double {
    guard let value = inputs[name]?.numbers.first else { throw Missing(name: name) }
    return value
  }
  func count(_ name: String) throws -> Int { Int(try self(name)) }
  func list(_ name: String) -> [Double] { inputs[name]?.numbers ?? [] }

  struct Missing: Error, CustomStringConvertible {
    var name: String
    var description: String { "the case has no input '\(name)'" }
  }

  private struct File: Decodable {
    var schema: String
    var cases: [FormulaCase]
  }

  /// The cases of a `published-economics/1` document, or of a bare list of cases.
  /// - Throws: `Diagnostic` when the bytes are not one.
  public static func read(_ data: Data) throws(Diagnostic) -> [FormulaCase] {
    if let list = try? JSONDecoder().decode([FormulaCase].self, from: data), !list.isEmpty { return list }
    do { return try JSONDecoder().decode(File.self, from: data).cases } catch {
      throw Diagnostic(
        "not a file of formula cases", found: "\(error)",
        expected: "{\"schema\": \"published-economics/1\", \"cases\": [{id, source, inputs, expected, ...}]}")
    }
  }
}
