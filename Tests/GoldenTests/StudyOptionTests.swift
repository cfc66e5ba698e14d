import Foundation
import Testing

/// Each study takes a range for each of its numbers, and the range moves a figure of the answer.
@Suite struct StudyOptionTests {
  /// What is no quantity of the question: names, the sampling's seed, bounds of the search, and the lists and the probe
  /// whose every value has its own row.
  private static let settings: Set = [
    "model", "models", "chip", "chips", "training-chip", "weights", "kv", "law", "scenario", "trace",
    "catalog",
    "format", "out", "version", "h", "seed", "max-chips", "contexts", "local-steps", "change",
  ]

  /// The numbers that every study's subject has, each with a range and the input it becomes.
  private static let subject = [
    ("output-tokens", "300..500..800", "answer, tokens"), ("capital", "20k..30k..40k", "capital, $/chip"),
    ("depreciation-years", "3..5..6", "depreciation, years"), ("interest", "6%..8%..12%", "interest, /year"),
  ]
  private static let prompt = [("input-tokens", "1k..2k..4k", "prompt, tokens")]
  private static let use = [("utilization", "40%..60%..80%", "utilisation")]
  private static let power = [
    ("electricity", "0.06..0.08..0.12", "electricity, $/kWh"),
    ("tariff", "16-21=0.15..0.2..0.3", "electricity from 16 to 21, $/kWh"), ("pue", "1.05..1.1..1.3", "PUE"),
    ("watts", "200..250..300", "chip with its host, W"), ("carbon", "200..300..500", "carbon, g/kWh"),
  ]

  private static let studies: [(study: String, options: [(String, String, String)])] = [
    (
      "scale",
      subject + prompt + use + [
        ("tpot-ms", "40..50..80", "token time users accept, ms"),
        ("ttft-ms", "1k..2k..4k", "wait users accept, ms"),
        ("variation", "0.5..1..2", "variation of service times"), ("rate", "10..20..30", "demand, req/s"),
        ("agent-turns", "10..20..30", "agent's turns"),
        ("agent-prompt", "2k..4k..8k", "agent's first prompt, tokens"),
        ("agent-output", "200..300..500", "agent's output per turn, tokens"),
        ("tool-tokens", "300..700..900", "tool's result, tokens"),
        ("tool-seconds", "1..5..9", "tool call, s"),
      ]
    ),
    (
      "spend",
      subject + prompt + use + power + [
        ("tpot-ms", "40..50..80", "token time users accept, ms"),
        ("requests-per-day", "500k..1M..2M", "requests, /day"), ("growth", "2%..5%..8%", "growth, /month"),
        ("months", "12..24..36", "life, months"), ("training-chips", "512..1024..2048", "training chips"),
        ("training-price", "1..1.2..2", "training price, $/chip.h"), ("mfu", "30%..40%..50%", "MFU"),
        ("tokens-per-parameter", "20..30..40", "tokens per parameter"),
        ("failures", "2..4..6", "failures, /1000 node-days"), ("checkpoint", "30..60..90", "checkpoint, s"),
        ("restart", "100..300..600", "restart, s"), ("pass-rate", "10%..15%..20%", "pass rate"),
        ("coverage", "250:50%..56%..60%", "coverage"),
        ("verifier-cost", "0.001..0.01..0.1", "verifier cost, $/answer"),
        ("verifier-recall", "80%..90%..100%", "verifier recall"),
        ("solved-worth", "0.5..1..2", "worth of a solved question, $"),
        ("discount", "5%..8%..12%", "discount, /year"), ("trough", "30%..40%..60%", "trough over peak"),
        ("committed-price", "0.4..0.5..0.6", "committed price, $/chip.h"),
      ]
    ),
    (
      "context",
      subject + use + [("tpot-ms", "20..40..60", "token time users accept, ms")]
    ),
    (
      "codesign",
      subject + prompt + use + power + [
        ("tpot-ms", "40..50..80", "llama-3.1-8b token time users accept, ms"),
        ("rate", "5..10..20", "llama-3.1-8b rate, req/s"),
        ("also", "gemma-3-27b:1k..2k:200..300:1..2..3", "gemma-3-27b rate, req/s"),
        ("set", "hbm-bandwidth=1.25..1.5..2", ""), ("against", "tpu-v6e=1..2..3", ""),
      ]
    ),
    (
      "training",
      subject + prompt + power + [
        ("sites", "2..4..8", "sites"), ("chips-per-site", "128..256..512", "chips per site"),
        ("tokens", "100B..160B..200B", "training tokens"),
        ("tokens-per-step", "2M..4M..8M", "tokens per step"),
        ("mfu", "30%..40%..50%", "MFU"), ("link", "10..40..100", "link, Gbit/s"),
        ("rtt-ms", "20..60..90", "round trip, ms"), ("site-mw", "3..5..8", "power of a site, MW"),
        ("staleness", "2..4..8", "staleness, learner steps"),
        ("rollout-tokens", "8M..16M..32M", "rollout tokens per step"),
        ("trough", "30%..40%..60%", "trough over peak"),
      ]
    ),
  ]

  @Test("Every number of every study may be a range that moves a figure", arguments: studies.map(\.study))
  func ranges(_ study: String) throws {
    let options = try #require(Self.studies.first { $0.study == study }).options
    let folder = try Folder()
    let model =
      study == "context" ? "--models llama-3.1-8b nemotron-h-8b --contexts 4096 8192" : "--model llama-3.1-8b"
    let arguments = options.map { "--\($0.0) '\($0.1)'" }.joined(separator: " ")
    let answer = try folder.run(
      "fleetplan study \(study) \(model) \(arguments) --format json > $OUT/answer.json")
    #expect(answer.status == 0, "\(answer.errors)")
    let moved = try Self.movers(folder.bytes("answer.json") ?? Data())
    for (option, _, input) in options where !input.isEmpty {
      let own = moved.contains(input) || moved.contains("llama-3.1-8b \(input)")
      #expect(own, "--\(option) moves nothing called '\(input)'")
    }
    let known = Set(options.map(\.0) + Self.exclusive).union(Self.settings)
    let dump = try folder.run("fleetplan study \(study) --experimental-dump-help")
    for option in try Self.options(Data(dump.output.utf8)) {
      #expect(known.contains(option), "--\(option) is neither tried as a range nor a setting")
    }
  }

  /// In place of `capital` and of `tokens-per-parameter`.
  private static let exclusive = ["price", "loss"]

  @Test("Rent and a loss to reach take ranges too")
  func inPlace() throws {
    let folder = try Folder()
    let answer = try folder.run(
      "fleetplan study spend --model llama-3.1-8b --price 1..1.2..2 --loss 2.1..2.2..2.3 --format json > $OUT/answer.json"
    )
    #expect(answer.status == 0, "\(answer.errors)")
    let moved = try Self.movers(folder.bytes("answer.json") ?? Data())
    #expect(moved.contains("serving price, $/chip.h") && moved.contains("loss, nats/token"))
  }

  private static func movers(_ bytes: Data) throws -> Set<String> {
    let study = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let tables = try #require(study["tables"] as? [[String: Any]])
    let drivers = try #require(tables.first { ($0["id"] as? String)?.hasSuffix("-drivers") == true })
    let rows = try #require(drivers["rows"] as? [[Any]])
    return Set(rows.compactMap { $0[1] as? String })
  }

  private static func options(_ bytes: Data) throws -> [String] {
    let help = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    let command = try #require(help["command"] as? [String: Any])
    let arguments = try #require(command["arguments"] as? [[String: Any]])
    return arguments.compactMap { ($0["names"] as? [[String: Any]])?.first?["name"] as? String }
  }
}
