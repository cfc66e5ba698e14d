import Foundation
import Quantities
import Testing

@testable import CPUKernel

/// One suite, one test at a time: the instruction set is chosen for the whole process.
@Suite(.serialized)
struct DecoderTests {
  /// Grouped heads, two layers, sizes that leave partial tiles everywhere.
  static let grouped = DecoderShape(
    layers: 2, width: 64, heads: 6, kvHeads: 2, headSize: 32, ffnWidth: 96, vocabulary: 64)
  static let multiHead = DecoderShape(
    layers: 1, width: 32, heads: 2, kvHeads: 2, headSize: 64, ffnWidth: 32, vocabulary: 32)

  /// The largest difference in units of the largest logit.
  private func distance(_ a: some Collection<Float>, _ b: [Double]) -> Double {
    let scale = b.map(abs).max()!
    return zip(a, b).map { abs(Double($0) - $1) }.max()! / scale
  }

  @Test(
    "Prefill and decode give the logits of the plain equations on every instruction set",
    arguments: [grouped, multiHead])
  func matchesReference(shape: DecoderShape) {
    let weights = RandomWeights(shape: shape, seed: 7)
    let prompt = (0..<37).map { ($0 * 11 + 3) % shape.vocabulary }
    let continued = [5, 17, 2]
    var reference = NaiveDecoder(weights)
    var expected = prompt.map { reference.read($0) }
    expected += continued.map { reference.read($0) }
    defer { InstructionSet.best.use() }
    for set in InstructionSet.allCases where set.use() {
      let decoder = Decoder(weights, rows: 64, context: 64, sequences: 2)
      let cache = KVCache(shape: shape, capacity: 64)
      // Float rounding over a few hundred additions per logit: 1e-4 of the largest leaves room for three sets.
      #expect(distance(decoder.prefill([prompt], into: [cache]), expected[36]) < 1e-4, "\(set)")
      for (i, token) in continued.enumerated() {
        #expect(distance(decoder.decode([token], into: [cache]), expected[37 + i]) < 1e-4, "\(set)")
      }
    }
  }

  @Test("A prompt read in two parts leaves the logits of one reading")
  func chunkedPrefill() {
    let weights = RandomWeights(shape: Self.grouped)
    let decoder = Decoder(weights, rows: 64, context: 64, sequences: 1)
    let prompt = (0..<45).map { $0 % 64 }
    let (whole, parts) = (
      KVCache(shape: Self.grouped, capacity: 64), KVCache(shape: Self.grouped, capacity: 64)
    )
    let expected = Array(decoder.prefill([prompt], into: [whole])).map(Double.init)
    decoder.prefill([Array(prompt[..<20])], into: [parts])
    #expect(distance(decoder.prefill([Array(prompt[20...])], into: [parts]), expected) < 1e-5)
    #expect(parts.length == 45)
  }

  @Test("Sequences of a batch do not see each other")
  func batchesAreIndependent() {
    let weights = RandomWeights(shape: Self.grouped)
    let decoder = Decoder(weights, rows: 64, context: 64, sequences: 3)
    let prompts = (0..<3).map { s in (0..<9).map { ($0 * 5 + s * 13) % 64 } }
    let together = (0..<3).map { _ in KVCache(shape: Self.grouped, capacity: 32) }
    decoder.prefill(prompts, into: together)
    let batch = Array(decoder.decode([1, 2, 3], into: together))
    for s in 0..<3 {
      let alone = KVCache(shape: Self.grouped, capacity: 32)
      decoder.prefill([prompts[s]], into: [alone])
      let expected = Array(decoder.decode([s + 1], into: [alone])).map(Double.init)
      #expect(distance(batch[(s * 64)..<((s + 1) * 64)], expected) < 1e-5)
    }
  }

  @Test("A cut cache decodes as if the tokens after the cut had never been read")
  func truncation() {
    let decoder = Decoder(RandomWeights(shape: Self.grouped), rows: 64, context: 64, sequences: 1)
    let cache = KVCache(shape: Self.grouped, capacity: 64)
    decoder.prefill([[1, 2, 3, 4, 5]], into: [cache])
    let first = Array(decoder.decode([9], into: [cache]))
    decoder.decode([10], into: [cache])
    cache.truncate(to: 5)
    #expect(Array(decoder.decode([9], into: [cache])) == first)
  }
}
