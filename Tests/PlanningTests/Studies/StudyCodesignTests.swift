import Economics
import FleetData
import Planning
import Testing

@Suite struct StudyCodesignTests {
  func study(_ set: [ChipKnob: Double] = [:]) throws -> StudyResult {
    try codesignStudy(
      CodesignQuestion(
        services: [
          .init(name: "chat", serving: try StudyWorld.serving(), requestsPerSecond: InputRange(20)),
          .init(
            name: "agents", serving: try StudyWorld.serving(output: 1000), requestsPerSecond: InputRange(5)),
        ], hypothetical: set.mapValues { InputRange($0) }, generations: Catalog.builtIn.chips))
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

  @Test("The fleet's busy time is all of its services' time, and what it waits for adds up to all of it")
  func profile() throws {
    let study = try study()
    let shares = study.column("Share of busy time", of: "codesign-fleet")
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9 && shares == shares.sorted(by: >))
    let bounds = study.findings.filter { $0.id.hasPrefix("bound/") }
    #expect(bounds.count == 4 && abs(bounds.reduce(0) { $0 + $1.value } - 1) < 1e-9)
    let services = study.column("Share of the service's time", of: "codesign-time")
    #expect(abs(services.reduce(0, +) - 2) < 1e-9)
  }

  @Test("Prompts of uneven length take more attention than equal ones of the same mean")
  func mix() throws {
    func attention(_ lengths: [Double]) throws -> Double {
      let serving = try StudyWorld.serving()
      let study = try codesignStudy(
        CodesignQuestion(
          services: [
            .init(
              name: "chat", serving: serving, requestsPerSecond: InputRange(10),
              lengths: lengths.map { RequestShape(input: $0, output: 200) })
          ]))
      let table = try #require(study.tables.first { $0.id == "codesign-time" })
      let row = try #require(table.rows.first { $0[2] == .text("attention over the prompt") })
      guard case .number(let ms, _) = row[4] else { return 0 }
      return ms
    }
    // (200² + 1800²)/2 over 1000², to the half tokens of the triangle.
    let ratio = try attention([200, 1800]) / attention([1000, 1000])
    #expect(abs(ratio - 1.64) < 1e-2)
  }

  @Test("Another chip of the catalog takes the same traffic at its own price")
  func rivals() throws {
    let serving = try StudyWorld.serving()
    let same = try codesignStudy(
      CodesignQuestion(
        services: [.init(name: "chat", serving: serving, requestsPerSecond: InputRange(10))],
        rivals: [.init(chip: serving.chip, usdPerChipHour: InputRange(4))]))
    let costs = same.column("Cost", of: "codesign-chips")
    // StudyWorld's price is 2.
    #expect(costs.count == 2 && abs(costs[1] / costs[0] - 2) < 1e-9)
  }

  @Test("Rates and prices as ranges give the fleet's cost an interval and a tornado")
  func interval() throws {
    let serving = try StudyWorld.serving(price: InputRange(low: 1, base: 2, high: 3))
    let study = try codesignStudy(
      CodesignQuestion(
        services: [
          .init(name: "chat", serving: serving, requestsPerSecond: InputRange(10, plusOrMinus: 0.3))
        ]))
    let cost = try #require(study.finding("fleet_usd_per_hour"))
    #expect(try #require(cost.low) < cost.value && cost.value < (try #require(cost.high)))
    let table = try #require(study.certainty.first { $0.id == "codesign-drivers" })
    let swings = table.rows.filter { $0[0] == .text("cost of the fleet, $/h") }.map { $0[7] }
    let drivers = swings.compactMap { if case .number(let x, _) = $0 { x } else { nil } }
    #expect(drivers.count >= 2 && drivers == drivers.sorted(by: >))
  }

  @Test("No requests, an impossible PUE and a change of nothing are refused")
  func nonsense() throws {
    func ask(rate: Double = 1, pue: Double = 1.1, change: Double = 0.25) throws {
      _ = try codesignStudy(
        CodesignQuestion(
          services: [
            .init(name: "chat", serving: try StudyWorld.serving(), requestsPerSecond: InputRange(rate))
          ], change: change, power: PowerTerms(pue: InputRange(pue))))
    }
    #expect(throws: StudyError.self) { try ask(rate: 0) }
    #expect(throws: StudyError.self) { try ask(pue: 0.9) }
    #expect(throws: StudyError.self) { try ask(change: 0) }
  }
}
