import Testing

@testable import Validation

@Test("A group counts the errors of its predicted rows and the rows that physics forbids")
func groupErrors() throws {
  let rows = [
    Verification.Row(id: "a", predicted: 1.1, measured: 1, unit: "s", lowerBound: 0.5),
    Verification.Row(id: "b", predicted: 0.8, measured: 1, unit: "s", lowerBound: 1.2),
    Verification.Row(id: "c", predicted: 1.3, measured: 1, unit: "s", lowerBound: nil),
    Verification.Row(
      id: "d", predicted: nil, measured: 1, unit: "s", lowerBound: 2, status: .skipped, reason: "unknown chip"
    ),
  ]
  let group = try #require(Verification(rows: rows) { _ in ["all"] }.summary.first)
  // Errors 0.1, 0.2 and 0.3: the median is 0.2, the 0.9-quantile 0.2 + 0.8 · 0.1.
  #expect(group.n == 3)
  #expect(abs(group.medianAbsoluteError - 0.2) < 1e-12)
  #expect(abs(group.p90AbsoluteError - 0.28) < 1e-12)
  #expect(abs(group.worstAbsoluteError - 0.3) < 1e-12)
  #expect(group.belowLowerBound == 1)
}

@Test("A group without predicted rows is left out of the summary")
func emptyGroup() {
  let row = Verification.Row(
    id: "a", predicted: nil, measured: 1, unit: "s", lowerBound: nil, status: .skipped, reason: "no figure")
  #expect(Verification(rows: [row]) { _ in ["all"] }.summary.isEmpty)
}
