import Economics
import FleetData
import Quantities
import Testing

@Suite struct MonthUsageTests {
  let deployment = Plan.Deployment(
    id: "chat/own/8/2027-01", month: 0, service: "chat", site: "iowa", pod: "own", chip: "h100-sxm",
    slice: "8", sharding: Sharding(tensor: 8), chipsPerReplica: 8, replicas: 1, capacityPerReplica: 4,
    load: 2, wattsPerReplica: 6000, bound: .hbm, grade: .derived)
  let service = ServiceMonth(
    demand: Plan.DemandRow(
      month: 0, service: "chat", requestsPerSecond: 2, meanInputTokens: 1000, meanOutputTokens: 200),
    flopsPerToken: 1.4e11)
  let inventory = [Plan.InventoryRow(month: 0, pod: "own", installed: 16, used: 8, free: 8, stranded: 0)]

  @Test("A planned month keeps busy + idle = capacity and serves the mean load")
  func month() throws {
    let ledger = try monthLedger(
      month: 0, seconds: 1000, deployments: [DeploymentMonth(deployment, meanToPeak: 0.5)],
      inventory: inventory, services: [service],
      pods: [World.owned])
    #expect(ledger.lines.count == 2)
    let used = ledger.lines[0]
    #expect(used.capacityChipSeconds == 8000)
    // Mean load 1/s of 4/s: a quarter busy; 1000 requests of 1,200 tokens.
    #expect(used.busyChipSeconds == 2000)
    #expect(used.inputTokens == 1e6)
    #expect(used.outputTokens == 2e5)
    #expect(used.energy == 6e6)
    let idle = ledger.lines[1]
    #expect(idle.service == nil)
    // 8 chips × 1000 s × 1000 W × 0.3.
    #expect(idle.energy == 2.4e6)
  }

  @Test("A deployment of an unknown service is refused")
  func unknown() {
    #expect(throws: EconomicsError.unknown(kind: "service", id: "chat")) {
      try monthLedger(
        month: 0, seconds: 1000, deployments: [DeploymentMonth(deployment)], inventory: [], services: [],
        pods: [])
    }
  }
}
