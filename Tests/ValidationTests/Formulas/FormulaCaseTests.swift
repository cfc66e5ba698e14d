import FleetData
import Foundation
import Testing

@testable import Validation

@Suite struct FormulaCaseTests {
  static let cases: [FormulaCase] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "fixtures/published/economics.json")
    guard let data = try? Data(contentsOf: path) else { return [] }
    return (try? FormulaCase.read(data)) ?? []
  }()

  @Test("Every published figure is reproduced within its stated tolerance: 64 cases of 64")
  func reproduced() {
    let found = FormulaVerification(Self.cases)
    for row in found.rows {
      #expect(row.passes, "\(row.id) \(row.figure): \(row.computed ?? .nan), not \(row.expected)")
    }
    #expect(found.total == 64)
    #expect(found.passed == 64)
  }

  @Test("A wrong figure and a case without a formula fail, each with its reason")
  func failures() throws {
    let text = """
      {"schema": "published-economics/1", "cases": [
        {"id": "fibre-rtt-floor", "source": "s", "relative_tolerance": 1e-9, "inputs": {"km": 4800},
         "expected": {"rtt_ms": 48}},
        {"id": "alchemy", "source": "s", "relative_tolerance": 1, "inputs": {}, "expected": {"gold": 1}}]}
      """
    let found = FormulaVerification(try FormulaCase.read(Data(text.utf8)))
    #expect(found.total == 2 && found.passed == 0)
    #expect(found.rows[1].reason == "no formula answers this case")
    #expect(throws: Diagnostic.self) { try FormulaCase.read(Data("[]".utf8)) }
  }
}
