import FleetData
import Quantities
import Testing

@testable import Performance

@Suite("Efficiency constants")
struct EfficiencyTests {
  @Test("Multiplying the odds of a share keeps it between nothing and everything")
  func odds() {
    // Odds 1 to 1 become 3 to 1.
    #expect(scaled(0.5, odds: 3) == 0.75)
    #expect(scaled(0.75, odds: 1) == 0.75)
    #expect(scaled(0.9, odds: 1e9) < 1.0000001)
  }

  @Test("Every chip of the catalog has constants, its own or its family's, and every share is at most one")
  func table() {
    for chip in Catalog.builtIn.chips {
      let entry = EfficiencyTable.builtIn.entry(for: chip)
      #expect(entry.constants != .ideal, "\(chip.id) has no constants")
      for share in [entry.constants.matmul, entry.constants.attention, entry.constants.bandwidth] {
        #expect(share > 0 && share <= 1)
      }
    }
  }

  @Test("A stack that is the typical one changes nothing")
  func typicalStack() throws {
    let chip = try Catalog.builtIn.chip("h100-sxm")
    let constants = EfficiencyTable.builtIn.entry(for: chip).constants
    #expect(constants.driven(by: SoftwareEfficiency(id: "typical")) == constants)
  }

  @Test("An 8-bit multiply at twice the 16-bit rate keeps a smaller share, one at the same rate the same")
  func eightBit() throws {
    let constants = ChipEfficiency(
      matmul: 0.5, attention: 0.3, bandwidth: 0.9, links: 0.8, layerSeconds: 0, collectiveSeconds: 0,
      stepSeconds: 0, eightBitOdds: 0.5)
    let v5e = try Catalog.builtIn.chip("tpu-v5e")
    let v4 = try Catalog.builtIn.chip("tpu-v4")
    #expect(constants.matmulShare(.int8, on: v5e) == scaled(0.5, odds: 0.5))
    #expect(constants.matmulShare(.int8, on: v4) == 0.5)
    #expect(constants.matmulShare(.bf16, on: v5e) == 0.5)
  }
}
