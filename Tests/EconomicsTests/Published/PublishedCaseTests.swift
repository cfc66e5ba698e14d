import Testing

@Suite struct PublishedCaseTests {
  /// Shapes of models are counted by another room, whose tests answer them.
  static let countedElsewhere = ["params-", "kv-bytes-", "ssm-state-"]
  static let own = PublishedCase.all.filter { c in !countedElsewhere.contains { c.id.hasPrefix($0) } }
  static let solvers = PublishedLaws.solvers + PublishedServing.solvers + PublishedReliability.solvers

  @Test("Published figures are reproduced within their stated tolerance", arguments: own)
  func reproduced(_ c: PublishedCase) throws {
    let solver = try #require(Self.solvers.first { c.id.hasPrefix($0.prefix) }, "no function answers \(c.id)")
    let found = try solver.solve(c)
    for (name, expected) in c.expected.sorted(by: { $0.key < $1.key }) {
      let values = try #require(found[name], "\(name) is not computed")
      #expect(values.count == expected.numbers.count)
      for (value, expected) in zip(values, expected.numbers) {
        let error = abs(value - expected)
        // Printed figures carry 12 digits.
        #expect(
          error <= max(c.relativeTolerance, 2e-12) * abs(expected), "\(name): \(value), not \(expected)")
      }
    }
  }

  @Test("All 64 published cases are there, 5 of them about the shapes of models")
  func complete() {
    #expect(PublishedCase.all.count == 64)
    #expect(Self.own.count == 59)
  }
}
