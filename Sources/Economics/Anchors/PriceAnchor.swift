import FleetData

/// A known price to hold a result against.
public struct PriceAnchor: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable { case person, book, api }

  public var name: String
  public var kind: Kind
  public var tokensPerUSD: Double
  public var provenance: Provenance

  /// Four tokens for three words of English.
  private static let tokensPerWord = 4.0 / 3

  /// An API's list price as tokens per dollar, three prompt tokens for each generated one, a common blend.
  private static func api(_ name: String, _ input: Double, _ output: Double, asOf: String = "2026-08-05")
    -> PriceAnchor
  {
    PriceAnchor(
      name: "\(name) API", kind: .api, tokensPerUSD: 1e6 / (0.75 * input + 0.25 * output),
      provenance: Provenance(
        source: "list price, $\(input)/\(output) per M in/out at 3:1, simonw/llm-prices", asOf: asOf,
        grade: .quoted))
  }

  /// Words per hour at a wage.
  private static func person(
    _ name: String, wordsPerHour: Double, usdPerHour: Double, source: String, asOf: String = "2024-05"
  ) -> PriceAnchor {
    PriceAnchor(
      name: name, kind: .person, tokensPerUSD: wordsPerHour * tokensPerWord / usdPerHour,
      provenance: Provenance(source: source, asOf: asOf, grade: .assumed))
  }

  /// People who write and read. Speeds and wages are round published figures, so each grade is `assumed`.
  public static let people = [
    person(
      "software engineer, writing", wordsPerHour: 500, usdPerHour: 63.98,
      source: "500 finished words an hour (assumed) at $63.98, US median of software developers (BLS)"),
    person(
      "writer", wordsPerHour: 500, usdPerHour: 32.66,
      source: "500 finished words an hour (assumed) at the US mean wage of $32.66 (BLS)"),
    person(
      "support agent, typing", wordsPerHour: 40 * 60, usdPerHour: 20.59,
      source: "40 words a minute (assumed) at $20.59, US median of customer service (BLS)"),
    person(
      "reader", wordsPerHour: 238 * 60, usdPerHour: 32.66,
      source: "238 words a minute (Brysbaert 2019) at the US mean wage of $32.66 (BLS)"),
  ]

  public static let paperback = PriceAnchor(
    name: "paperback", kind: .book, tokensPerUSD: 10_000,
    provenance: Provenance(
      source: "90,000 words for $12 at 4/3 tokens a word", asOf: "2025-02", grade: .assumed))

  /// List prices, dearest first.
  public static let apis = [
    api("claude-opus-4-1", 15, 75), api("text-davinci-003", 20, 20, asOf: "2023-03"),
    api("gpt-5.5", 5, 30), api("claude-opus-4-5", 5, 25), api("o3 at launch", 10, 40, asOf: "2025-04-16"),
    api("claude-sonnet-4.5", 3, 15), api("gpt-4o", 2.5, 10), api("gemini-3-pro", 2, 12),
    api("gpt-4.1", 2, 8), api("gpt-5", 1.25, 10), api("gemini-2.5-pro", 1.25, 10),
    api("claude-haiku-4.5", 1, 5), api("deepseek-reasoner", 0.55, 2.19, asOf: "2025-02-08"),
    api("deepseek-chat", 0.27, 1.1, asOf: "2025-02-08"), api("gpt-5.6-luna", 0.2, 1.2, asOf: "2026-07-30"),
    api("gpt-4o-mini", 0.15, 0.6), api("gemini-2.0-flash", 0.1, 0.4), api("deepseek-v4-flash", 0.14, 0.28),
    api("gpt-5-nano", 0.05, 0.4), api("nova-micro", 0.035, 0.14),
  ].sorted { $0.tokensPerUSD < $1.tokensPerUSD }

  /// People, the paperback, then list prices.
  public static let all = (people + [paperback]).sorted { $0.tokensPerUSD < $1.tokensPerUSD } + apis
}
