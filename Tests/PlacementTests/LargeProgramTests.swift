import FleetData
import Quantities
import Testing

@testable import Placement

@Test("The search for large programs stays between the optimum and its bound", arguments: 0..<25)
func guidedSearchIsBounded(seed: Int) throws {
  let instance = SmallInstance(seed: UInt64(seed))
  guard let least = instance.leastByTrying() else { return }
  let resolved = try ResolvedProblem(instance.problem)
  guard Reachability.obstacle(in: resolved) == nil else { return }
  var model = PlacementModel(resolved, months: [0])
  let relaxed = try #require(LinkTightening.tighten(&model))
  #expect(relaxed.objective <= least * (1 + 1e-6))
  guard
    case .solved(let point, let objective, let bound, _) = GuidedSearch(model, relaxed).solve(
      limits: SearchLimits(relativeGap: 0))
  else { return }
  #expect(objective >= least * (1 - 1e-6))
  #expect(bound <= least * (1 + 1e-6))
  #expect(abs(model.program.objective(at: point) - objective) <= 1e-6 * objective)
}

@Test("A rounded cover row keeps every whole point and cuts off the fraction it was made for")
func coverCutsAreValid() throws {
  // 3a + 2b ≥ 7: the relaxation's a = 7/3 is cut off, and no whole point is.
  let cover = CoverCut(
    terms: [.init(column: 0, coefficient: 3), .init(column: 1, coefficient: 2)], least: 7)
  let cut = try #require(cover.mostViolated(at: [7.0 / 3, 0]))
  func value(_ a: Int, _ b: Int) -> Double {
    cut.terms[0].coefficient * Double(a) + cut.terms[1].coefficient * Double(b)
  }
  #expect(cut.terms[0].coefficient * 7 / 3 < cut.least - 1e-4)
  for a in 0...4 {
    for b in 0...4 where 3 * a + 2 * b >= 7 { #expect(value(a, b) >= cut.least - 1e-9) }
  }
}

@Test("A part of a program has the rows it touches, with the rest held")
func partsHoldTheRest() throws {
  var program = LinearProgram()
  for cost in [1.0, 2, 3] { _ = program.column(cost: cost, upper: 10) }
  program.row([.init(column: 0, coefficient: 1), .init(column: 1, coefficient: 1)], lower: 4)
  program.row([.init(column: 2, coefficient: 1)], lower: 1)
  let part = program.restricted(to: [1], at: [1, 0, 2])
  // b ≥ 3 beside a = 1; the row of c alone is left out; the constant is 1·1 + 3·2.
  #expect(part.rows == 1)
  let solution = try #require(RelaxedSolver(part).solve())
  #expect(solution.point == [3])
  #expect(solution.objective == 13)
}

@Test("A kind of chip more never raises the cost", arguments: 0..<12)
func moreChipsNeverCostMore(seed: Int) throws {
  let problem = SmallInstance(seed: UInt64(seed)).problem
  func least(_ problem: PlacementProblem) throws -> Double {
    Fixture.refusal(problem) == nil ? try Placer.plan(problem).objective : .infinity
  }
  var wider = problem
  wider.fleet.pods.append(
    Fixture.pod("new-pod", at: "site-0", chip: "new", shape: [4], count: 1, price: Fixture.onDemand(0.9)))
  wider.options += wider.services.map {
    Fixture.option($0.service, on: "new-pod", slice: [2], capacity: 1.3, ttft: 0.2)
  }
  let (more, before) = (try least(wider), try least(problem))
  #expect(more <= before * (1 + 1e-9))
}
