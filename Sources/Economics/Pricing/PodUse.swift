import FleetData
import Quantities

/// Everything one service used on one pod, ledger lines added up.
struct PodUse: Hashable {
  var pod: String
  var service: String?
  var busyHours: Double
  var idleHours: Double
  var downHours: Double
  var joules: Double
  /// The same energy by the hour (UTC) of the day in which it is drawn.
  var joulesByHour: [Double]

  var capacityChipHours: Double { busyHours + idleHours + downHours }

  /// Chip-hours on the bill: all of them, or those allocated and up.
  func billedChipHours(_ price: ChipHourPrice) -> Double {
    price.isPaidWhenUnused ? capacityChipHours : busyHours + idleHours
  }

  func stretched(by factor: Double) -> PodUse {
    PodUse(
      pod: pod, service: service, busyHours: busyHours * factor, idleHours: idleHours * factor,
      downHours: downHours * factor, joules: joules * factor,
      joulesByHour: joulesByHour.map { $0 * factor })
  }

  /// One entry per pod and service, in the order of (pod, service), so that sums do not depend on the ledger's order
  /// of pods; lines of one pod and service are added as the ledger lists them.
  static func merged(_ lines: [UsageLedger.Line]) -> [PodUse] {
    var uses: [PodUse] = []
    var index: [String: Int] = [:]
    for line in lines {
      let key = line.service.map { "\(line.pod)\u{0}\($0)" } ?? line.pod
      let position = index[key] ?? uses.count
      if position == uses.count {
        index[key] = position
        uses.append(
          PodUse(
            pod: line.pod, service: line.service, busyHours: 0, idleHours: 0, downHours: 0, joules: 0,
            joulesByHour: Array(repeating: 0, count: 24)))
      }
      uses[position].busyHours += line.busyChipSeconds / Seconds.hour.value
      uses[position].idleHours += line.idleChipSeconds / Seconds.hour.value
      uses[position].downHours += line.downChipSeconds / Seconds.hour.value
      uses[position].joules += line.energy.value
      for (hour, joules) in joulesByHour(of: line).enumerated() {
        uses[position].joulesByHour[hour] += joules
      }
    }
    return uses.sorted { ($0.pod, $0.service ?? "") < ($1.pod, $1.service ?? "") }
  }

  private static func joulesByHour(of line: UsageLedger.Line) -> [Double] {
    let draw = line.drawByHour ?? Array(repeating: 1, count: 24)
    let total = draw.reduce(0, +)
    precondition(draw.count == 24 && total > 0, "a day has 24 hours, and energy is drawn in one of them")
    return draw.map { line.energy.value * $0 / total }
  }
}
