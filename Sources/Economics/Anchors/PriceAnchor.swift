import FleetData

/// A known price to hold a result against.
public struct PriceAnchor: Sendable, Hashable, Codable {
  public var name: String
  public var tokensPerUSD: Double
  public var provenance: Provenance

  /// An API list price as blended tokens per dollar at a share of output tokens.
  static func api(_ name: String, input: Double, output: Double, asOf: String) -> PriceAnchor {
    // Three prompt tokens for each generated one, a common blend.
    PriceAnchor(
      name: "\(name) API (3:1)", tokensPerUSD: 1e6 / (0.75 * input + 0.25 * output),
      provenance: Provenance(
        source: "list price, \(input)/\(output) $/M input/output, simonw/llm-prices", asOf: asOf,
        grade: .quoted))
  }

  /// Books, people and list prices, cheapest tokens last.
  public static let all: [PriceAnchor] = [
    PriceAnchor(
      name: "writer", tokensPerUSD: 500 * 4 / 3.0 / 32.66,
      provenance: Provenance(
        source: "500 finished words an hour at the US mean wage of $32.66", asOf: "2024-05", grade: .assumed)),
    PriceAnchor(
      name: "reader", tokensPerUSD: 238 * 60 * 4 / 3.0 / 32.66,
      provenance: Provenance(
        source: "238 words a minute (Brysbaert 2019) at the US mean wage of $32.66", asOf: "2024-05",
        grade: .assumed)),
    PriceAnchor(
      name: "paperback", tokensPerUSD: 10_000,
      provenance: Provenance(
        source: "90,000 words for $12 at 4/3 tokens a word", asOf: "2025-02", grade: .assumed)),
    api("claude-opus-4.5", input: 5, output: 25, asOf: "2026-08-05"),
    api("gpt-4o", input: 2.5, output: 10, asOf: "2026-08-05"),
    api("gemini-2.0-flash", input: 0.1, output: 0.4, asOf: "2026-08-05"),
    api("nova-micro", input: 0.035, output: 0.14, asOf: "2026-08-05"),
  ]
}
