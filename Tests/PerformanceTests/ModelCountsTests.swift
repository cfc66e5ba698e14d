import FleetData
import Quantities
import Testing

@testable import Performance

@Suite("Model counts")
struct ModelCountsTests {
  /// Catalog models whose published total rounds, or counts towers and drafts that the shape leaves out.
  static let roundedInPublication: Set<String> = [
    "qwen2.5-32b", "qwen3-0.6b", "kimi-k2", "llama-4-scout", "jamba-v0.1", "nemotron-h-56b",
  ]

  @Test("Every catalog model counts its published parameters within half a percent")
  func publishedTotals() throws {
    for model in Catalog.builtIn.models {
      guard let published = model.publishedParameters else { continue }
      let ratio = ModelCounts(model).totalParameters / published
      let tolerance = Self.roundedInPublication.contains(model.id) ? 0.015 : 0.005
      #expect(abs(ratio - 1) <= tolerance, "\(model.id) counts \(ratio) of its published parameters")
    }
  }

  @Test("Distinct experts touched run from top-k for one token to all of them for many")
  func touchedExperts() {
    // 8 of 256: one token touches 1/32 of the experts; 1 − (31/32)^2 for two.
    #expect(ModelCounts.touchedShare(count: 256, topK: 8, tokens: 1) == 1.0 / 32)
    let two = 1 - (31.0 / 32) * (31.0 / 32)
    #expect(abs(ModelCounts.touchedShare(count: 256, topK: 8, tokens: 2) - two) < 1e-12)
    #expect(ModelCounts.touchedShare(count: 256, topK: 8, tokens: 10_000) > 0.999)
  }

  @Test("A sliding window caps the pairs that prefill visits")
  func pairs() {
    // Positions 1...5 with span 3 see 1 + 2 + 3 + 3 + 3 keys.
    #expect(ModelCounts.pairs(tokens: 5, cached: 0, span: 3) == 12)
    #expect(ModelCounts.pairs(tokens: 5, cached: 0, span: nil) == 15)
    #expect(ModelCounts.pairs(tokens: 2, cached: 2, span: 3) == 6)
    #expect(ModelCounts.pairs(tokens: 2, cached: 10, span: 3) == 6)
  }

  @Test("Experts in a latent width are that much smaller, and two projections serve them all")
  func latentExperts() {
    let wide = TransformerSpec.Experts(count: 8, topK: 2, expertWidth: 64, gated: false, sharedWidth: 128)
    var narrow = wide
    narrow.latentWidth = 16
    // Of width 32: eight experts of 2·32·64, or of 2·16·64 with 2·32·16 of projections; 2·32·128 shared; a router 32·8.
    #expect(ffnParameters(.experts(wide), width: 32) == Double(8 * 4096 + 8192 + 256))
    #expect(ffnParameters(.experts(narrow), width: 32) == Double(8 * 2048 + 1024 + 8192 + 256))
  }

  @Test("A latent model sends narrow vectors to its experts")
  func routedWidth() throws {
    let counts = ModelCounts(try Catalog.builtIn.model("nemotron-3-super-120b-a12b"))
    #expect(counts.routedWidth == 1024 && counts.modelWidth == 4096 && counts.expertLayers == 40)
    #expect(ModelCounts(try Catalog.builtIn.model("deepseek-v3")).routedWidth == 7168)
  }
}
