import FleetData
import Foundation
import Testing

@testable import Performance

/// `config.json` files of published models, in `fixtures/published/model-configs.json`, each with its source.
@Suite("A model is read from its HuggingFace config.json")
struct HuggingFaceTests {
  struct Published: Sendable, CustomTestStringConvertible {
    var name: String
    var parameters: Double
    var active: Double?
    var catalogID: String?
    var spec: TransformerSpec
    var testDescription: String { name }
  }

  static let published: [Published] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try! Data(contentsOf: root.appendingPathComponent("fixtures/published/model-configs.json"))
    let rows = try! JSONSerialization.jsonObject(with: data) as! [[String: Any]]
    return rows.map { row in
      let config = try! JSONSerialization.data(withJSONObject: row["config"]!)
      return Published(
        name: row["name"] as! String, parameters: (row["parameters"] as! NSNumber).doubleValue,
        active: (row["active_parameters"] as? NSNumber)?.doubleValue, catalogID: row["catalog_id"] as? String,
        spec: try! TransformerSpec(huggingFace: config, id: "config.json"))
    }
  }()

  @Test("Parameters are within 0.5 % of what is published, active ones within 4 %", arguments: published)
  func parameters(_ model: Published) {
    let counts = ModelCounts(model.spec)
    #expect(
      abs(counts.totalParameters / model.parameters - 1) < 0.005, "\(model.name): \(counts.totalParameters)")
    if let active = model.active {
      let used = counts.activeParameters + counts.lookupParameters
      let ratios = [counts.activeParameters / active, used / active]
      #expect(ratios.contains { abs($0 - 1) < 0.04 }, "\(model.name): \(ratios)")
    }
  }

  @Test("A config.json and the catalog's record of one model make the same layers", arguments: published)
  func catalogAgrees(_ model: Published) throws {
    guard let id = model.catalogID else { return }
    let known = try Catalog.builtIn.model(id)
    #expect(model.spec.layers.map(\.mixer) == known.layers.map(\.mixer), "\(model.name)")
    #expect(model.spec.layers.map(\.ffn) == known.layers.map(\.ffn), "\(model.name)")
    #expect(model.spec.tiedEmbeddings == known.tiedEmbeddings && model.spec.mtpLayers == known.mtpLayers)
    let (read, catalog) = (ModelCounts(model.spec).totalParameters, ModelCounts(known).totalParameters)
    #expect(abs(read / catalog - 1) < 0.0005, "\(model.name): \(read) against \(catalog)")
  }

  @Test("A file that is no plain decoder's is refused with the key that says so")
  func refusals() {
    for (text, key) in [
      (#"{"hidden_size": 64}"#, "num_hidden_layers"), (#"[1, 2]"#, "JSON object"),
      (#"{"model_type": "t5", "is_encoder_decoder": true, "d_model": 512}"#, "is_encoder_decoder"),
      (
        #"{"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "block_configs": [{}]}"#,
        "block_configs"
      ),
    ] {
      do {
        _ = try TransformerSpec(huggingFace: Data(text.utf8), id: "x")
        Issue.record("\(text) was read")
      } catch { #expect("\(error)".contains(key), "\(error)") }
    }
  }
}
