import FleetData
import Placement
import Quantities

extension Outlook {
  /// One input that the plan's cost may depend on, and how to move it.
  private struct Driver {
    var name: String
    var low: String
    var high: String
    /// Edits a problem; the factor is below 1 for low and above 1 for high.
    var move: (inout PlacementProblem, _ isHigh: Bool) -> Void
  }

  /// What each driver alone does to the last month's cost; every row is planned anew.
  func sensitivity() -> [Plan.SensitivityRow] {
    guard let base = plan.costs.last?.total else { return [] }
    return drivers.compactMap { driver in
      guard let low = cost(driver, isHigh: false), let high = cost(driver, isHigh: true) else { return nil }
      return Plan.SensitivityRow(
        driver: driver.name, low: driver.low, high: driver.high, baseCost: base, costAtLow: low,
        costAtHigh: high)
    }
    .sorted { abs($0.costAtHigh - $0.costAtLow) > abs($1.costAtHigh - $1.costAtLow) }
  }

  private func cost(_ driver: Driver, isHigh: Bool) -> Double? {
    var problem = problem(ofMonth: lastMonth)
    problem.monthlyBudget = nil
    driver.move(&problem, isHigh)
    return (try? Placer.plan(problem))?.costs.last?.total
  }

  private var drivers: [Driver] {
    [
      Driver(name: "demand", low: "-20%", high: "+20%") { problem, isHigh in
        for index in problem.services.indices {
          problem.services[index].flows = problem.services[index].flows.map { flow in
            var moved = flow
            moved.peakRates = flow.peakRates.map { $0 * (isHigh ? 1.2 : 0.8) }
            return moved
          }
        }
      },
      Driver(name: "price of chips", low: "-10%", high: "+10%") { problem, isHigh in
        problem.fleet.pods = problem.fleet.pods.map { $0.priced(by: isHigh ? 1.1 : 0.9) }
      },
      Driver(name: "price of electricity", low: "-30%", high: "+30%") { problem, isHigh in
        problem.fleet.sites = problem.fleet.sites.map { site in
          var moved = site
          let factor = isHigh ? 1.3 : 0.7
          moved.electricity = site.electricity * factor
          moved.electricityByHour = site.electricityByHour.map { $0 * factor }
          return moved
        }
      },
      Driver(name: "capacity per replica", low: "+15%", high: "-15%") { problem, isHigh in
        problem.options = problem.options.map { option in
          var moved = option
          moved.capacity = option.capacity.map { $0 * (isHigh ? 0.85 : 1.15) }
          return moved
        }
      },
      Driver(name: "utilisation cap", low: "+10 points", high: "-10 points") { problem, isHigh in
        problem.maxUtilization = min(1, max(0.05, problem.maxUtilization + (isHigh ? -0.1 : 0.1)))
      },
    ]
  }
}

extension Pod {
  /// This pod with its rates or capital multiplied.
  func priced(by factor: Double) -> Pod {
    var pod = self
    pod.commitment?.otherwise = commitment?.otherwise.map { $0 * factor }
    switch price.kind {
    case .owned(let capital, let depreciation, let interest):
      pod.price.kind = .owned(capital: capital * factor, depreciation: depreciation, annualInterest: interest)
    case .committed(let rate): pod.price.kind = .committed(rate * factor)
    case .onDemand(let rate): pod.price.kind = .onDemand(rate * factor)
    case .spot(let rate, let interruptions):
      pod.price.kind = .spot(rate * factor, interruptionsPerSecond: interruptions)
    }
    return pod
  }
}
