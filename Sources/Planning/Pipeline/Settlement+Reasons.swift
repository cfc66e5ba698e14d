import FleetData
import Foundation
import Placement
import Simulation

extension Settlement.Period {
  /// Why there is no plan, with what simulation took away before: without it the numbers of the placement would not
  /// be seen to follow from what the study says.
  func withSimulation(_ why: Infeasibility, scenario: Scenario) -> Infeasibility {
    var told = why
    if let loss = brokenLoss, trust.afterLoss < 1 {
      let left = Int((100 * scenario.utilizationAfterLoss * trust.afterLoss).rounded())
      told.sentence +=
        "; only \(left) % of what is left after a loss is counted on, because with \(loss.site) lost at the peak "
        + loss.broken
    }
    let lowered = trust.share.filter { $0.value < 1 }.map(\.key).sorted()
    if let first = lowered.first, let share = trust.share[first] {
      let percent = Int((100 * share).rounded())
      let others = lowered.count > 1 ? " and \(lowered.count - 1) other options" : ""
      told.sentence +=
        "; of the capacity of \(first)\(others) \(percent) % is counted on after simulated misses"
    }
    return told
  }

  /// The loss of the last round that broke a promise most.
  private var brokenLoss: (site: String, broken: String)? {
    let worst = losses.filter { !$0.holds }.max { $0.isBetter(than: $1) }
    return worst.map { loss in
      guard loss.levels.steady, let closest = loss.levels.closest(to: loss.service.slo) else {
        return (loss.site, "\(loss.service.id) falls ever further behind")
      }
      func seconds(_ value: Double) -> String { "\((value * 1000).rounded() / 1000) s" }
      return (
        loss.site,
        "\(loss.service.id) had a \(closest.metric.uppercased()) of \(seconds(closest.result.value)), promised "
          + seconds(closest.target.value)
      )
    }
  }
}
