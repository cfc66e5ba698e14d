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

  @Test(
    "A bare list of cases is read, whichever way it states its tolerance; other shapes of the same formulas are met"
  )
  func bareList() throws {
    // 2 · 32 layers · 8 heads · 128 · 1 byte; 1 MW over 1.25 · 1000 W.
    let text = """
      [{"id": "kv-bytes-llama-3.1-8b-fp8", "source": "s", "tolerance": {"relative": 1e-9},
        "inputs": {"layers": 32, "kv_heads": 8, "head_dim": 128, "bytes": 1}, "expected": {"bytes_per_token": 65536}},
       {"id": "chips-1MW", "source": "s", "tolerance": {"relative": 1e-9},
        "inputs": {"site_w": 1e6, "pue": 1.25, "w_per_chip": 1000}, "expected": {"chips": 800}}]
      """
    let found = FormulaVerification(try FormulaCase.read(Data(text.utf8)))
    #expect(found.total == 2 && found.passed == 2)
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
