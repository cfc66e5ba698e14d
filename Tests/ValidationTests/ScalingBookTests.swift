import Foundation
import Testing

@testable import Validation

/// The closed-form cases of jax-ml/scaling-book, each with its source, in `fixtures/published`.
@Suite struct ScalingBookTests {
  static let cases = try! ScalingBookCase.read(published("scaling-book.json"))

  @Test("A case of the scaling book comes out of the Performance room to its tolerance", arguments: cases)
  func reproduces(_ book: ScalingBookCase) {
    switch book.evaluate() {
    case .reproduced, .notCovered: break
    case .missed(let value):
      Issue.record("\(book.id): \(value) \(book.expected.unit), expected \(book.expected.value)")
    }
  }

  @Test("At least 95 of 100 cases are reproduced, and each of the rest has a stated reason")
  func coverage() {
    var reproduced = 0
    var reasons: [String: String] = [:]
    for book in Self.cases {
      switch book.evaluate() {
      case .reproduced: reproduced += 1
      case .missed(let value): reasons[book.id] = "missed with \(value)"
      case .notCovered(let reason): reasons[book.id] = reason
      }
    }
    #expect(Double(reproduced) >= 0.95 * Double(Self.cases.count), "\(reasons)")
    #expect(reproduced + reasons.count == Self.cases.count)
    // Cores, lanes, on-chip memory, prices, and one printed figure that the book itself has wrong.
    #expect(
      reasons.keys.sorted() == [
        "sb-ai-01-h100", "sb-ai-01-v5e", "sb-ai-12-int4", "sb-gpu-01", "sb-gpu-02", "sb-gpu-03",
        "sb-gpu-10", "sb-roof-13",
      ])
  }

  @Test("A case no function answers is listed, not passed")
  func unknownQuantity() throws {
    let json = """
      [{"id": "x", "quantity": "moon_phase", "inputs": {"B": 1}, "expected": {"value": 1, "unit": "x"},
        "tolerance": {"relative": 0}, "status": "ok"}]
      """
    let outcome = try ScalingBookCase.read(Data(json.utf8))[0].evaluate()
    #expect(outcome == .notCovered("no function for moon_phase of B"))
  }
}

/// A file of `fixtures/published`.
func published(_ name: String) throws -> Data {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return try Data(contentsOf: root.appendingPathComponent("fixtures/published/\(name)"))
}

extension ScalingBookCase: CustomTestStringConvertible {
  public var testDescription: String { id }
}
