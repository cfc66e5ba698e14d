import CCatalog
import Foundation

/// A training run whose model FLOP utilisation was measured and published.
public struct PublishedTrainingRun: Sendable, Hashable, Decodable {
  public var id: String
  public var model: String
  /// Chip id of the catalog.
  public var chip: String
  public var chips: Int
  /// Parameters that work on each token.
  public var activeParameters: Double
  /// Has the model routed experts?
  public var experts: Bool
  /// Tokens of one sequence, where the source says.
  public var sequence: Int?
  /// Share of the bf16 peak, as the source counts it.
  public var mfu: Double
  public var source: String

  /// The runs in bf16 that ship with the tool.
  public static let all = decodeBuiltIn {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(File.self, from: $0).runs
  } bytes: {
    (catalog_training_runs, catalog_training_runs_size)
  }

  private struct File: Decodable { var runs: [PublishedTrainingRun] }

  /// The runs of a chip on models of the same kind, with routed experts or without, the most alike first.
  ///
  ///     distance = |ln(N/N')| + ¼·|ln(chips/chips')|
  ///
  /// Size decides more than the number of chips: over a 32-fold cluster MFU falls by a tenth. Experts cost a third of it,
  /// so that a run without them says nothing of one with them.
  public static func nearest(
    chip: String, parameters: Double, chips: Int, experts: Bool
  ) -> [PublishedTrainingRun] {
    func distance(_ run: PublishedTrainingRun) -> Double {
      abs(log(run.activeParameters / parameters)) + abs(log(Double(run.chips) / Double(max(1, chips)))) / 4
    }
    return all.filter { $0.chip == chip && $0.experts == experts }.map { (run: $0, distance: distance($0)) }
      .sorted { ($0.distance, $0.run.id) < ($1.distance, $1.run.id) }.map(\.run)
  }
}
