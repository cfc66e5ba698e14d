import Foundation
import Placement

/// CPU seconds of this process so far: load of other programs does not count.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func measure(_ name: String, _ problem: PlacementProblem) {
  let start = processorSeconds()
  do {
    let plan = try Placer.plan(problem)
    let seconds = processorSeconds() - start
    let replicas = plan.deployments.reduce(0) { $0 + $1.replicas }
    print(
      String(
        format: "%@: %.2f CPU s, objective %.0f, bound %.0f, gap %.4f %%, proven %@, %d replicas", name,
        seconds,
        plan.objective, plan.bound, plan.relativeGap * 100, plan.proven ? "yes" : "no", replicas))
  } catch {
    print("\(name): \(processorSeconds() - start) CPU s, \(error)")
  }
}

let wanted = Set(CommandLine.arguments.dropFirst())
func runs(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }

if runs("small") {
  measure(
    "200 cells x 20 sites x 5 chips, near 8",
    Instance(cells: 200, sites: 20, chips: 5, near: 8).problem(gap: 1e-3))
}
if runs("all-pairs") {
  measure(
    "200 cells x 20 sites x 5 chips, all pairs",
    Instance(cells: 200, sites: 20, chips: 5, near: 20).problem(gap: 1e-3))
}
if runs("large") {
  measure(
    "1000 cells x 50 sites x 6 chips, near 8",
    Instance(cells: 1000, sites: 50, chips: 6, near: 8).problem(gap: 1e-2))
}
for (name, buys) in [("horizon", false), ("purchases", true)] where runs(name) {
  let instance = Instance(
    cells: 8, sites: 12, chips: 2, near: 12, services: 20, months: 24, monthlyGrowth: 0.04, buys: buys)
  measure(
    "24 months x 20 services x 12 sites\(buys ? " with purchases" : "")", instance.problem(gap: 1e-3))
}

if runs("joint") {
  let instance = Instance(
    cells: 8, sites: 4, chips: 2, near: 4, services: 6, months: 6, monthlyGrowth: 0.08, buys: true)
  measure("6 months x 6 services x 4 sites with purchases, one program", instance.problem(gap: 1e-3))
}
if runs("refused") {
  let instance = Instance(
    cells: 8, sites: 12, chips: 2, near: 12, services: 20, months: 2, monthlyGrowth: 0.04, buys: true)
  var problem = instance.problem(gap: 1e-3)
  for index in problem.fleet.sites.indices { problem.fleet.sites[index].powerCap = 20_000 }
  measure("2 months x 20 services x 12 sites, too little power everywhere", problem)
}
