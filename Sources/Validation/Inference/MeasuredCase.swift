import FleetData
import Foundation

/// One published inference measurement, as cases files write it; what the source does not say is `nil`.
public struct MeasuredCase: Decodable, Sendable, Hashable {
  public struct Source: Decodable, Sendable, Hashable {
    public var title: String
    public var urlOrRepoPath: String?
    public var table: String?
  }

  public struct Experts: Decodable, Sendable, Hashable {
    public var experts: Int?
    public var topK: Int?
    public var dFfExpert: Int?
    public var dFfShared: Int?
    public var denseLayers: Int?
    public var moeEvery: Int?
  }

  public struct Latent: Decodable, Sendable, Hashable {
    public var qLora: Int?
    public var kvLora: Int
    public var qkRope: Int
    public var qkNope: Int
    public var vHead: Int
  }

  public struct Model: Decodable, Sendable, Hashable {
    public var name: String
    public var params: Double
    public var activeParams: Double?
    public var layers: Int?
    public var dModel: Int?
    public var heads: Int?
    public var kvHeads: Int?
    public var headDim: Int?
    public var dFf: Int?
    public var vocab: Int?
    public var gatedFfn: Bool?
    public var moe: Experts?
    public var mla: Latent?
    public var parallelBlock: Bool?
    public var tiedEmbeddings: Bool?
    public var archComplete: Bool?
    public var slidingWindow: Int?
    public var slidingLayers: Int?
    public var fullAttentionLayers: Int?
    public var attentionChunk: Int?
  }

  public struct Hardware: Decodable, Sendable, Hashable {
    public var chip: String
    public var nChips: Int
    public var topology: String?
  }

  public struct Formats: Decodable, Sendable, Hashable {
    public var weights: String
    public var activations: String?
    public var kv: String?
  }

  public struct Workload: Decodable, Sendable, Hashable {
    public var phase: String
    public var batch: Int?
    public var inputTokens: Int?
    public var outputTokens: Int?
    public var context: Int?
  }

  public struct Measured: Decodable, Sendable, Hashable {
    public var metric: String
    public var value: Double
    public var unit: String
  }

  public var id: String
  public var source: Source
  public var model: Model
  public var hardware: Hardware
  public var precision: Formats
  public var parallelism: CaseParallelism?
  public var workload: Workload
  public var measured: Measured
  public var notes: String?
  public var serving: Bool?
  /// Rows of one physical run share a group; a row without one is its own.
  public var runGroup: String?
  /// The serving stack, where a row states it as a field.
  public var framework: String?
  public var engine: String?
  public var stack: String?

  /// Reads a file of rows: one JSON array.
  public static func read(_ data: Data) throws -> [MeasuredCase] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([MeasuredCase].self, from: data)
  }
}

/// The ways a row names; sources write some of them as words, which count as unstated.
public struct CaseParallelism: Decodable, Sendable, Hashable {
  public var tensor: Int?
  public var pipeline: Int?
  public var data: Int?
  public var replicas: Int?
  public var batchPerReplica: Int?
  public var attentionData: Bool

  enum Keys: String, CodingKey {
    case tp, pp, dp, replicas, maxBatchPerReplica, attentionDp, dpAttention
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    func number(_ key: Keys) -> Int? { try? values.decode(Int.self, forKey: key) }
    tensor = number(.tp)
    pipeline = number(.pp)
    data = number(.dp)
    replicas = number(.replicas)
    batchPerReplica = number(.maxBatchPerReplica)
    attentionData = (try? values.decode(Bool.self, forKey: .attentionDp)) ?? (number(.dpAttention) != nil)
  }

  /// Nothing stated.
  var isEmpty: Bool { tensor == nil && pipeline == nil && data == nil && replicas == nil }
}
