import FleetData
import Quantities
import Testing

@testable import Performance

@Suite("Continuous batching")
struct ContinuousBatchingTests {
  func engine(interleave: Double = 1) throws -> ContinuousBatching {
    let instance = try InferenceModel(
      model: Catalog.builtIn.model("llama-3.1-8b"), chip: Catalog.builtIn.chip("h100-sxm"),
      slice: SliceTopology([1]), sharding: Sharding(), weights: .fp8, kv: .fp8)
    return ContinuousBatching(
      instance: instance, software: SoftwareEfficiency(id: "test", interleave: interleave))
  }

  @Test("With the others' prefill between tokens, concurrency is rate times time per token and own prefill")
  func littlesLaw() throws {
    let engine = try engine()
    let steady = engine.steady(concurrency: 64, input: 1000, output: 500)
    let own = engine.promptSeconds(1000) / 500
    #expect(abs(steady.outputRate * (steady.tpot.value + own) / 64 - 1) < 1e-12)
  }

  @Test("A request alone waits for no other's prefill")
  func alone() throws {
    let engine = try engine()
    let tpot = engine.steady(concurrency: 1, input: 1000, output: 500).tpot.value
    #expect(tpot == engine.decodeSeconds(sequences: 1, context: 1250))
  }

  @Test("More concurrency never lowers the rate and never shortens the time per token")
  func monotone() throws {
    let engine = try engine()
    var (rate, tpot) = (0.0, Seconds(0))
    for n in [1.0, 2, 8, 32, 128, 256] {
      let steady = engine.steady(concurrency: n, input: 1000, output: 500)
      #expect(steady.outputRate >= rate && steady.tpot >= tpot)
      (rate, tpot) = (steady.outputRate, steady.tpot)
    }
  }

  @Test("A latency limit is kept, and a looser one allows more sequences")
  func limits() throws {
    let engine = try engine()
    let tight = engine.concurrency(keeping: 0.012, cap: 512, input: 500, output: 500)
    let loose = engine.concurrency(keeping: 0.03, cap: 512, input: 500, output: 500)
    #expect(tight <= loose && loose <= 512)
    let tpot = engine.steady(concurrency: tight, input: 500, output: 500).tpot
    #expect(tight == 1 || tpot.value * engine.software.tail <= 0.012 * 1.001)
  }
}
