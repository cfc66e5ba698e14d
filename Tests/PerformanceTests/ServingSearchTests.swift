import FleetData
import Quantities
import Testing

@testable import Performance

@Suite("Sharding search")
struct ServingSearchTests {
  @Test("The best sharding for latency is no slower than any other that fits")
  func latency() throws {
    let found = try bestServingShardings(
      of: Catalog.builtIn.model("llama-3.1-70b"), on: Catalog.builtIn.chip("tpu-v5e"),
      slice: SliceTopology([4, 4]), step: .decode(batch: 8, context: 4096), weights: .int8, kv: .int8,
      limit: 50)
    #expect(found.count > 1)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.estimate.time <= $1.estimate.time })
    #expect(found.allSatisfy { $0.estimate.memory.fits && $0.instance.sharding.chips == 16 })
  }

  @Test("A model that fits no sharding is refused with the least memory it would need")
  func nothingFits() throws {
    do {
      _ = try bestServingShardings(
        of: Catalog.builtIn.model("llama-3.1-405b"), on: Catalog.builtIn.chip("tpu-v5e"),
        slice: SliceTopology([2, 2]), step: .decode(batch: 1, context: 1024), weights: .bf16, kv: .bf16)
      Issue.record("405 billion parameters cannot fit four v5e")
    } catch EstimateError.noShardingFits(_, let chips, let smallest?) {
      #expect(chips == 4 && smallest.total > smallest.capacity)
    }
  }
}
