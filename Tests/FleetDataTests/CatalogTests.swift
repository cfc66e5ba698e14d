import FleetData
import Quantities
import Testing

@Test("The catalog holds seventeen chips and forty-six models, each under an id of its own")
func catalogIsComplete() {
  #expect(Set(Catalog.builtIn.chips.map(\.id)).count == 18)
  #expect(Set(Catalog.builtIn.models.map(\.id)).count == 46)
}

@Test("A chip is found by id or alias, in any case")
func chipLookup() throws {
  #expect(try Catalog.builtIn.chip("Ironwood").id == "tpu7x")
  #expect(try Catalog.builtIn.chip("TPU-V5E").hbmBandwidth.value == 819e9)
}

@Test("An unknown chip or model names its nearest neighbour")
func unknownNames() {
  #expect(throws: Diagnostic.self) { try Catalog.builtIn.chip("tpu-v5x") }
  do {
    _ = try Catalog.builtIn.model("lama-3.1-70b")
    Issue.record("an unknown model was accepted")
  } catch {
    #expect(error.help == "did you mean 'llama-3.1-70b'?")
  }
}

@Test("Wrap rules follow the chip: axes of 16 on v5e and v6e, whole cubes on v4, v5p and 7x")
func wrapRules() throws {
  for (id, rule) in [
    ("tpu-v5e", TorusLinks.WrapRule.axisOf16), ("tpu-v6e", .axisOf16), ("tpu-v4", .wholeCubes),
    ("tpu-v5p", .wholeCubes), ("tpu7x", .wholeCubes), ("tpu-v2", .fullPod),
  ] {
    guard case .torus(let links) = try Catalog.builtIn.chip(id).interconnect else {
      Issue.record("\(id) is a torus")
      continue
    }
    #expect(links.wrap == rule, "\(id)")
  }
}

@Test("Every figure of the catalog says where it comes from and when")
func provenanceIsComplete() {
  for chip in Catalog.builtIn.chips {
    for figure in chip.peak.values {
      #expect(!figure.provenance.source.isEmpty && !figure.provenance.asOf.isEmpty)
    }
    #expect(!chip.hbmBandwidth.provenance.source.isEmpty)
  }
  for model in Catalog.builtIn.models { #expect(!model.provenance.source.isEmpty) }
}

@Test("A chip or a model decoded on its own is the one among all")
func recordsOnTheirOwn() throws {
  for chip in Catalog.builtIn.chips { #expect(try Catalog.builtIn.chip(chip.id) == chip) }
  for model in Catalog.builtIn.models { #expect(try Catalog.builtIn.model(model.id) == model) }
}
