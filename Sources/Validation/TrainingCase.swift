import FleetData
import Foundation

/// One published training run, as cases files write it; what the source does not say is `nil`.
public struct TrainingCase: Decodable, Sendable, Hashable {
  public struct Model: Decodable, Sendable, Hashable {
    public struct Experts: Decodable, Sendable, Hashable {
      public var experts: Int
      public var topK: Int
      public var dFf: Int
      public var sharedDFf: Int?
      public var denseLayers: Int?
      public var denseDFf: Int?
      public var every: Int?
    }

    public struct Latent: Decodable, Sendable, Hashable {
      public var qRank: Int?
      public var kvRank: Int
      public var nope: Int
      public var rope: Int
      public var v: Int
    }

    public var name: String?
    public var layers: Int
    public var dModel: Int
    public var heads: Int
    public var kvHeads: Int
    public var headDim: Int
    public var dFf: Int
    public var vocab: Int?
    public var seq: Int?
    public var gatedMlp: Bool?
    public var tied: Bool?
    public var params: Double?
    public var moe: Experts?
    public var mla: Latent?
    public var window: Int?
    public var globalLayers: Int?
  }

  /// Ways along each axis as the source names them; on chips that show two devices each, in devices.
  ///
  /// A value that is not a number (`"auto"`) counts as unstated.
  public struct Parallelism: Decodable, Sendable, Hashable {
    public var tp: Int?
    public var pp: Int?
    public var dp: Int?
    public var fsdp: Int?
    public var cp: Int?
    public var ep: Int?
    public var vp: Int?
    public var interleave: Int?
    public var microbatch: Int?
    public var modelParallel: Int?
    public var dcnDp: Int?
    public var dcnDpOrFsdp: Int?
    public var sequenceParallel: Bool?

    private enum Key: String, CodingKey {
      case tp, pp, dp, fsdp, cp, ep, vp, interleave, microbatch, modelParallel, dcnDp, dcnDpOrFsdp
      case sequenceParallel
    }

    public init(from decoder: any Decoder) throws {
      let row = try decoder.container(keyedBy: Key.self)
      func ways(_ key: Key) -> Int? { (try? row.decode(Int.self, forKey: key)).flatMap { $0 > 0 ? $0 : nil } }
      (tp, pp, dp, fsdp) = (ways(.tp), ways(.pp), ways(.dp), ways(.fsdp))
      (cp, ep, vp, interleave) = (ways(.cp), ways(.ep), ways(.vp), ways(.interleave))
      (microbatch, modelParallel) = (ways(.microbatch), ways(.modelParallel))
      (dcnDp, dcnDpOrFsdp) = (ways(.dcnDp), ways(.dcnDpOrFsdp))
      sequenceParallel = try? row.decode(Bool.self, forKey: .sequenceParallel)
    }
  }

  /// The published figures; one that is not a number counts as unstated.
  public struct Measured: Decodable, Sendable, Hashable {
    public var stepTimeS: Double?
    public var tokensPerSPerChip: Double?
    public var tflopsPerChip: Double?
    public var mfu: Double?
    public var gpuHoursTotal: Double?
    public var tokensTotal: Double?

    private enum Key: String, CodingKey {
      case stepTimeS, tokensPerSPerChip, tflopsPerChip, mfu, gpuHoursTotal, tokensTotal
    }

    public init(from decoder: any Decoder) throws {
      let row = try decoder.container(keyedBy: Key.self)
      func figure(_ key: Key) -> Double? { try? row.decode(Double.self, forKey: key) }
      (stepTimeS, tokensPerSPerChip) = (figure(.stepTimeS), figure(.tokensPerSPerChip))
      (tflopsPerChip, mfu) = (figure(.tflopsPerChip), figure(.mfu))
      (gpuHoursTotal, tokensTotal) = (figure(.gpuHoursTotal), figure(.tokensTotal))
    }
  }

  public struct Check: Decodable, Sendable, Hashable {
    public var modelFlopsPerToken: Double?
    public var convention: String?
    public var recomputedTflopsPerChip: Double?
  }

  public var id: String
  public var kind: String?
  public var model: Model
  public var hardware: String
  public var nChips: Int
  public var parallelism: Parallelism
  public var tokensPerStep: Int?
  public var precision: String?
  public var remat: String?
  public var measured: Measured
  public var peakBf16FlopsUsed: Double?
  public var flopConvention: String?
  public var source: String
  public var check: Check?

  /// The source's repository or name, without its revision and path.
  public var sourceName: String { source.split(separator: "@").first.map(String.init) ?? source }

  /// Reads a file of runs: one JSON array.
  /// - Throws: what `JSONDecoder` finds wrong, with its path.
  public static func read(_ data: Data) throws -> [TrainingCase] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([TrainingCase].self, from: data)
  }
}
