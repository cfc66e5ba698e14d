import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("The jump engine agrees with the token stepper")
struct ReferenceTests {
  @Test("Two hundred random small fleets: every latency within 1e-6", arguments: 0..<200)
  func agreesOnRandomFleets(seed: Int) throws {
    let simulation = RandomFleet(seed: UInt64(seed)).simulation
    var engine: [FinishedRequest] = []
    // A small fleet needs far fewer events than it takes to ask for progress: one that never ends is stopped.
    let result = try simulation.run(progress: { _, _ in false }, onFinish: { engine.append($0) })
    #expect(!result.interrupted)
    engine.sort { $0.arrival < $1.arrival }
    let reference = TokenStepper(simulation).run()
    #expect(result.brokenLaws.isEmpty, "\(result.brokenLaws)")
    #expect(engine.count == reference.count)
    for (a, b) in zip(engine, reference) {
      #expect(a.arrival == b.arrival && a.group == b.group && a.replica == b.replica)
      #expect(agrees(a.ttft, b.ttft), "TTFT of the request at \(a.arrival): \(a) against \(b)")
      #expect(agrees(a.endToEnd, b.endToEnd), "latency of the request at \(a.arrival): \(a) against \(b)")
      if !agrees(a.ttft, b.ttft) || !agrees(a.endToEnd, b.endToEnd) { break }
    }
  }

  private func agrees(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return (a == nil) == (b == nil) }
    return (a - b).magnitude <= 1e-6 * max(a.magnitude, b.magnitude)
  }
}
