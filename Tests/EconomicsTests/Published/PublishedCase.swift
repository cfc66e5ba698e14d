import Foundation
import Testing

/// One case of `fixtures/published/economics.json`.
struct PublishedCase: Decodable, Sendable, CustomTestStringConvertible {
  var id: String
  var source: String
  var relativeTolerance: Double
  var inputs: [String: Value]
  var expected: [String: Value]

  enum CodingKeys: String, CodingKey {
    case id, source, inputs, expected
    case relativeTolerance = "relative_tolerance"
  }

  /// A number or a list of them; true is 1.
  struct Value: Decodable, Sendable {
    var numbers: [Double]
    init(from decoder: any Decoder) throws {
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

  var testDescription: String { id }

  /// An input by name.
  func callAsFunction(_ name: String) throws -> Double {
    guard let value = inputs[name]?.numbers.first else { throw Missing(name: name) }
    return value
  }
  func list(_ name: String) -> [Double] { inputs[name]?.numbers ?? [] }

  struct Missing: Error { var name: String }

  private struct File: Decodable { var cases: [PublishedCase] }

  static let all: [PublishedCase] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "fixtures/published/economics.json")
    guard let data = try? Data(contentsOf: path),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.cases
  }()
}
