import Economics
import Testing

@Suite struct UncertaintyTests {
  func product(seed: UInt64, _ ranges: [InputRange]) throws -> Uncertainty {
    let inputs = ranges.enumerated().map { UncertainInput("x\($0.offset)", $0.element) }
    return try Uncertainty(of: inputs, seed: seed, stream: "test") { $0.reduce(1, *) }
  }

  @Test("The same seed gives the same interval, another seed nearly the same")
  func seeds() throws {
    let ranges = [try InputRange(low: 1, base: 2, high: 4), try InputRange(low: 0.5, base: 1, high: 1.5)]
    let first = try product(seed: 7, ranges)
    #expect(try product(seed: 7, ranges) == first)
    let other = try product(seed: 8, ranges)
    #expect(other.result.low != first.result.low)
    #expect(abs(other.result.high / first.result.high - 1) < 0.1)
  }

  @Test("Exact inputs give a result without width and no drivers")
  func exact() throws {
    let sure = try product(seed: 1, [InputRange(2), InputRange(3)])
    #expect(sure.result.low == 6 && sure.result.high == 6 && sure.drivers.isEmpty)
  }

  @Test("The interval holds the base, lies within the extremes and grows with the ranges")
  func interval() throws {
    let narrow = try product(seed: 1, [InputRange(10, plusOrMinus: 0.1)])
    let wide = try product(seed: 1, [InputRange(10, plusOrMinus: 0.5)])
    #expect(narrow.result.low > 9 && narrow.result.high < 11)
    #expect(wide.result.high - wide.result.low > narrow.result.high - narrow.result.low)
    // The 2.5 % point of a symmetric triangle of half-width w lies w·(1 − √0.05) from the middle: 1 ± 0.776·w.
    #expect(abs(wide.result.low - (10 - 5 * 0.7764)) < 0.15)
  }

  @Test("Drivers are ranked by how far they move the result")
  func drivers() throws {
    let ranked = try product(
      seed: 1, [InputRange(1, plusOrMinus: 0.1), InputRange(1, plusOrMinus: 0.4), InputRange(5)])
    #expect(ranked.drivers.map(\.input.name) == ["x1", "x0"])
    #expect(abs(ranked.drivers[0].swing - 5 * 0.8) < 1e-12)
  }

  @Test("A range that runs backwards is refused")
  func backwards() {
    #expect(throws: EconomicsError.self) { try InputRange(low: 3, base: 2, high: 4) }
  }
}
