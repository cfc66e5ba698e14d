import FleetData
import Foundation
import Performance
import Quantities

/// One row of other tools' predictions and of published microbenchmarks.
public struct PeerCase: Decodable, Sendable, Hashable {
  public struct Arguments: Decodable, Sendable, Hashable {
    public var tpSize: Int?
    public var moeEpSize: Int?
    public var isl: Int?
    public var osl: Int?
    public var batchSize: Int?
  }
  public struct Formats: Decodable, Sendable, Hashable {
    public var gemm: String?
    public var kvcache: String?
    public var fmha: String?
  }
  public struct Layer: Decodable, Sendable, Hashable {
    public var dModel: Int
    public var heads: Int
    public var dFf: Int
  }

  public var id: String
  public var kind: String
  public var mode: String?
  public var model: String?
  public var system: String?
  public var args: Arguments?
  public var precision: Formats?
  public var ttftMs: Double?
  public var tpotMs: Double?
  public var chip: String?
  /// A square matmul's size; other matmuls state M, K and N.
  public var square: Double?
  public var m: Double?
  public var k: Double?
  public var n: Double?
  public var tflopsPerDevice: Double?
  public var gelementsPerS: Double?
  public var bytes: Double?
  public var timeUs: Double?
  public var theoryUs: Double?
  public var layer: Layer?
  public var batch: Int?
  public var seq: Int?
  public var totalUs: Double?

  enum CodingKeys: String, CodingKey {
    case id, kind, mode, model, system, args, precision, chip, bytes, layer, batch, seq
    case ttftMs, tpotMs, tflopsPerDevice, gelementsPerS, timeUs, theoryUs, totalUs
    case square = "m=n=k"
    case m = "M"
    case k = "K"
    case n = "N"
  }

  public static func read(_ data: Data) throws -> [PeerCase] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([PeerCase].self, from: data)
  }
}

/// A figure of ours beside a figure of theirs.
public struct PeerComparison: Sendable, Hashable {
  public var id: String
  public var quantity: String
  public var ours: Double
  public var theirs: Double
  public var unit: String
  /// Ours over theirs.
  public var ratio: Double { ours / theirs }
}

extension PeerCase {
  /// Speed-of-light TTFT and TPOT of a row in that mode; empty for other rows.
  ///
  /// - Throws: a `Diagnostic` when the catalog lacks the model or the chip.
  public func speedOfLight() throws -> [PeerComparison] {
    guard mode == "SOL", let args, let isl = args.isl, let osl = args.osl, let batch = args.batchSize,
      let model, let system
    else { return [] }
    var light = SpeedOfLight(
      model: try Catalog.builtIn.model(Self.catalogID(model)),
      chip: try Catalog.builtIn.chip(system.replacing("_", with: "-")), tensor: args.tpSize ?? 1,
      expert: args.moeEpSize ?? 1, weights: Self.format(precision?.gemm),
      kv: Self.format(precision?.kvcache), attention: Self.format(precision?.fmha))
    // The peer reads every expert in every step, leaves latent attention's projections out of prefill, runs a state
    // space's convolution and scan whole on every chip and reads no states; so does this comparison.
    light.readsAllExperts = true
    light.splitsStates = false
    let prefill = try light.prefill(batch: batch, tokens: isl)
    let decode = try light.decode(batch: batch, context: isl + osl / 2)
    return [
      PeerComparison(
        id: id, quantity: "TTFT",
        ours: SpeedOfLight.total(prefill, except: ["latent projections"]).value * 1e3,
        theirs: ttftMs ?? 0, unit: "ms"),
      PeerComparison(
        id: id, quantity: "TPOT", ours: SpeedOfLight.total(decode, except: ["state"]).value * 1e3,
        theirs: tpotMs ?? 0, unit: "ms"),
    ]
  }

  /// Hugging Face's name as the catalog spells it: without the owner's name and the format of the weights.
  private static func catalogID(_ name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    var id = last.lowercased()
    for owner in ["meta-", "nvidia-"] where id.hasPrefix(owner) { id = String(id.dropFirst(owner.count)) }
    return id.hasSuffix("-fp8") ? String(id.dropLast(4)) : id
  }

  private static func format(_ text: String?) -> Precision {
    text?.hasPrefix("fp8") == true ? .fp8 : .bf16
  }
}
