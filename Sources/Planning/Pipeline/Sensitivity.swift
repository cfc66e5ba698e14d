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

    init(
      name: String, low: String, high: String,
      move: @escaping (inout PlacementProblem, _ isHigh: Bool) -> Void
    ) {
      self.name = name
      self.low = low
      self.high = high
      self.move = move
    }

    /// - Parameter share: What "high" adds to the input as a share of it; negative where less of it costs more.
    init(name: String, share: Double, move: @escaping (inout PlacementProblem, _ isHigh: Bool) -> Void) {
      func words(_ share: Double) -> String {
        (share < 0 ? "-" : "+") + PlainNumber.fixed(100 * share.magnitude, 0) + "%"
      }
      self.init(name: name, low: words(-share), high: words(share), move: move)
    }
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
      Driver(name: "demand", share: SensitivityRange.demand) { problem, isHigh in
        for index in problem.services.indices {
          let factor = 1 + (isHigh ? SensitivityRange.demand : -SensitivityRange.demand)
          problem.services[index].flows = problem.services[index].flows.map { flow in
            var moved = flow
            moved.peakRates = flow.peakRates.map { $0 * factor }
            return moved
          }
        }
      },
      Driver(name: "price of chips", share: SensitivityRange.chipPrice) { problem, isHigh in
        let factor = 1 + (isHigh ? SensitivityRange.chipPrice : -SensitivityRange.chipPrice)
        problem.fleet.pods = problem.fleet.pods.map { $0.priced(by: factor) }
      },
      Driver(name: "price of electricity", share: SensitivityRange.electricity) { problem, isHigh in
        problem.fleet.sites = problem.fleet.sites.map { site in
          var moved = site
          let factor = 1 + (isHigh ? SensitivityRange.electricity : -SensitivityRange.electricity)
          moved.electricity = site.electricity * factor
          moved.electricityByHour = site.electricityByHour.map { $0 * factor }
          return moved
        }
      },
      Driver(name: "capacity per replica", share: -SensitivityRange.capacity) { problem, isHigh in
        let factor = 1 + (isHigh ? -SensitivityRange.capacity : SensitivityRange.capacity)
        problem.options = problem.options.map { option in
          var moved = option
          moved.capacity = option.capacity.map { $0 * factor }
          return moved
        }
      },
      Driver(name: "utilisation cap", low: "+10 points", high: "-10 points") { problem, isHigh in
        problem.maxUtilization = SensitivityRange.utilization(
          problem.maxUtilization, moved: isHigh ? -SensitivityRange.utilization : SensitivityRange.utilization
        )
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
