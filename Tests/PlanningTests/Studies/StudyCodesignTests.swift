import Economics
import FleetData
import Planning
import Testing

@Suite struct StudyCodesignTests {
  func study(_ set: [ChipKnob: Double] = [:]) throws -> StudyResult {
    try codesignStudy(
      CodesignQuestion(
        services: [
          .init(name: "chat", serving: try StudyWorld.serving(), requestsPerSecond: 20),
          .init(name: "agents", serving: try StudyWorld.serving(output: 1000), requestsPerSecond: 5),
        ], hypothetical: set, generations: Catalog.builtIn.chips))
  }

  @Test("No improvement of one property makes the fleet dearer, and the best saves most")
  func knobs() throws {
    let study = try study()
    let changes = study.column("Fleet cost", of: "codesign-knobs")
    #expect(changes.count == ChipKnob.allCases.count)
    #expect(changes.allSatisfy { $0 <= 1e-9 })
    #expect(changes == changes.sorted())
    #expect(changes[0] < -0.01)
  }

  @Test("A chip that is better in every rate by a half serves the fleet for at most the present cost")
  func hypothetical() throws {
    let study = try study([.peak: 1.5, .hbmBandwidth: 1.5, .hbmCapacity: 1.5, .linkBandwidth: 1.5])
    for change in study.column("Change", of: "codesign-hypothetical") { #expect(change < -0.1) }
  }

  @Test("Scaling a chip's property and back gives the same chip")
  func scaling() throws {
    for id in ["tpu-v5e", "h100-sxm"] {
      let chip = try Catalog.builtIn.chip(id)
      for knob in ChipKnob.allCases {
        #expect(knob.scaled(knob.scaled(chip, by: 2), by: 0.5) == chip)
      }
    }
  }

  @Test("Performance per watt is listed for every chip, absent where the datasheet is silent")
  func generations() throws {
    let table = try #require(try study().tables.first { $0.id == "codesign-generations" })
    #expect(table.rows.count == Catalog.builtIn.chips.count)
  }
}
