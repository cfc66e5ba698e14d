import Economics
import FleetData
import Quantities
import Testing

@Suite struct CostBreakdownTests {
  func price(
    _ lines: [UsageLedger.Line], pods: [Pod], site: Site = World.site(), period: Seconds? = nil
  ) throws -> CostBreakdown {
    try PriceBook(pods: pods, sites: [site])
      .costBreakdown(of: World.ledger(lines), month: 0, label: "2027-01", period: period)
  }

  @Test("Lines are quantity times unit price and sum to the total")
  func linesSum() throws {
    let pods = [World.owned, World.committed, World.onDemand, World.spot]
    let breakdown = try price(
      pods.map { World.line($0.id) } + [World.line("own", service: nil)], pods: pods,
      site: World.site(construction: 11))
    for line in breakdown.lines { #expect(line.cost == line.quantity * line.unitPrice) }
    #expect(breakdown.total.value == breakdown.lines.map(\.cost).reduce(0, +))
    let parts = breakdown.total(ofService: "chat") + breakdown.total(ofService: nil)
    #expect(abs(parts.value - breakdown.total.value) < 1e-12 * breakdown.total.value)
    #expect(breakdown.lines.map(\.id) == breakdown.lines.map(\.id).sorted())
  }

  @Test("An owned chip-hour costs capital recovery, and its energy is billed through the PUE")
  func owned() throws {
    let lines = try price([World.line("own")], pods: [World.owned]).lines
    // 10 chip-hours at $1; 10 kWh × 1.2 at $0.10; 12 kWh at 400 g.
    #expect(lines.map(\.id) == ["2027-01/own/chat/compute", "2027-01/own/chat/energy"])
    #expect(lines.map(\.quantity) == [10, 12])
    #expect(abs(lines[0].unitPrice - 1) < 1e-12)
    #expect(abs(lines[1].cost - 1.2) < 1e-12)
    #expect(abs((lines[1].carbonKilograms ?? 0) - 4.8) < 1e-12)
  }

  @Test("Rented prices include energy: it is shown, with its carbon, at a price of zero")
  func rentedEnergy() throws {
    for pod in [World.committed, World.onDemand, World.spot] {
      let energy = try price([World.line(pod.id)], pods: [pod]).lines.filter { $0.category == .energy }
      #expect(energy.map(\.cost) == [0])
      #expect(energy.map(\.quantity) == [12])
      #expect(energy[0].carbonKilograms != nil)
    }
  }

  @Test("A commitment is paid whether used or not, on demand only while allocated and up")
  func terms() throws {
    func compute(_ pod: Pod, service: String?) throws -> Double {
      try price([World.line(pod.id, service: service)], pods: [pod]).total(of: .compute).value
    }
    #expect(abs(try compute(World.committed, service: "chat") - 20) < 1e-9)
    #expect(abs(try compute(World.committed, service: nil) - 20) < 1e-9)
    #expect(abs(try compute(World.onDemand, service: "chat") - 27) < 1e-9)
    #expect(try compute(World.onDemand, service: nil) == 0)
    // 9 chip-hours at $1: what interruptions take is capacity, not price.
    #expect(abs(try compute(World.spot, service: "chat") - 9) < 1e-9)
  }

  @Test("At a tariff energy costs what its hours cost, and emits what they emit")
  func tariff() throws {
    var site = World.site()
    site.electricityByHour = (0..<24).map { USDPerJoule(($0 < 12 ? 0.04 : 0.16) / 3.6e6) }
    site.carbonByHour = (0..<24).map { GramsCO2PerJoule(($0 < 12 ? 100 : 700) / 3.6e6) }
    func energy(_ draw: [Double]?) throws -> Plan.CostLine {
      var line = World.line("own")
      line.drawByHour = draw
      return try #require(
        try price([line], pods: [World.owned], site: site).lines.first { $0.category == .energy })
    }
    // 12 kWh at the meter: evenly at $0.10 and 400 g; three quarters of them in the morning at $0.07 and 250 g.
    let even = try energy(nil)
    #expect(abs(even.cost - 1.2) < 1e-12 && abs((even.carbonKilograms ?? 0) - 4.8) < 1e-12)
    let morning = try energy((0..<24).map { $0 < 12 ? 3 : 1 })
    #expect(morning.quantity == even.quantity)
    #expect(abs(morning.cost - 12 * 0.07) < 1e-12)
    #expect(abs((morning.carbonKilograms ?? 0) - 12 * 0.25) < 1e-12)
    #expect(morning.cost == morning.quantity * morning.unitPrice)
  }

  @Test("A useful hour of a spot chip costs its rate and the time that interruptions take")
  func usefulSpotHour() throws {
    let book = try PriceBook(pods: [World.spot], sites: [World.site()])
    // Twice a day, 5 minutes each: 1/144 more than $1.
    #expect(abs(try book.allInUSDPerChipHour(ofPod: "spo") - (1 + 1.0 / 144)) < 1e-12)
  }

  @Test("Traffic is gigabytes at the mean price of its links, and free traffic is no line")
  func egress() throws {
    let sent = Egress(site: "iowa", pod: "own", service: "chat", bytes: 5e9, cost: 0.4)
    let line = try #require(sent.costLine(month: 2, label: "2027-03"))
    #expect(line.id == "2027-03/own/chat/network" && line.quantity == 5 && line.category == .network)
    #expect(abs(line.unitPrice - 0.08) < 1e-12 && line.cost == 0.4)
    #expect(
      Egress(site: "iowa", pod: "own", service: "chat", bytes: 5e9, cost: 0).costLine(month: 0, label: "m")
        == nil)
  }

  @Test("Twice the price is twice the line, twice the time twice the cost")
  func scaling() throws {
    let once = try price([World.line("own")], pods: [World.owned])
    let dear = try price([World.line("own")], pods: [World.owned], site: World.site(electricity: 0.20))
    #expect(abs(dear.total(of: .energy).value - 2 * once.total(of: .energy).value) < 1e-12)
    #expect(dear.total(of: .compute) == once.total(of: .compute))
    let month = try price([World.line("own")], pods: [World.owned], period: .month)
    #expect(abs(month.total.value / once.total.value - 730.5) < 1e-9)
  }

  @Test("The order of the ledger's lines does not matter")
  func symmetry() throws {
    let pods = [World.owned, World.committed]
    let lines = [World.line("own"), World.line("com"), World.line("com", service: nil)]
    #expect(try price(lines, pods: pods) == price(lines.reversed(), pods: pods.reversed()))
  }

  @Test("The building around owned chips is one line of kilowatt-hours of capacity")
  func facility() throws {
    let breakdown = try price([World.line("own")], pods: [World.owned], site: World.site(construction: 11))
    // $11,000 per kW over 15 years of 8,766 hours, 10 chip-hours of 1 kW.
    #expect(abs(breakdown.total(of: .facility).value - 10 * 11_000 / (15 * 8766)) < 1e-9)
    let rented = try price([World.line("com")], pods: [World.committed], site: World.site(construction: 11))
    #expect(rented.total(of: .facility) == 0)
  }

  @Test("A negative price, a PUE under 1 and an unknown pod or site are refused with the reason")
  func refusals() {
    #expect(throws: EconomicsError.self) {
      try PriceBook(pods: [World.pod("x", .onDemand(-1))], sites: [World.site()])
    }
    var site = World.site()
    site.pue = 0.9
    #expect(
      throws: EconomicsError.outOfRange(
        quantity: "PUE of iowa", value: 0.9, expected: "a number of 1 or more")
    ) {
      try PriceBook(pods: [World.owned], sites: [site])
    }
    #expect(throws: EconomicsError.unknown(kind: "pod", id: "nowhere")) {
      try price([World.line("nowhere")], pods: [World.owned])
    }
    #expect(throws: EconomicsError.unknown(kind: "site", id: "mars")) {
      try PriceBook(pods: [World.pod("x", .onDemand(1), site: "mars")], sites: [World.site()])
    }
  }
}
