import FleetData
import Performance
import Quantities

/// Why a pod cannot host a service, and the smallest change after which it could.
struct HostObstacle: Sendable, Hashable {
  var service: String
  /// `x takes 811.7 GB in bf16; a block of small has 64.0 GB`
  var sentence: String
  /// `serve chat in int4, which takes 40.2 GB`
  var remedy: String?

  /// The model does not fit a block of the pod, or its weights are of a format that the chip does not multiply.
  init(_ model: TransformerSpec, _ service: Service, _ pod: Pod, _ chip: ChipSpec) {
    func gigabytes(_ size: Double) -> String { "\((size / 1e8).rounded() / 10) GB" }
    func weights(_ precision: Precision) -> Double { ModelCounts(model).weightBytes(precision).value }
    let block = chip.hbmCapacity.value.value * Double(pod.topology.chips)
    let needed = weights(service.weights)
    self.service = service.id
    sentence =
      "\(model.id) takes \(gigabytes(needed)) in \(service.weights.rawValue); "
      + "a block of \(pod.id) has \(gigabytes(block))"
    // A tenth of memory goes to buffers and another to the KV cache at the least.
    let usable = 0.8 * block
    if service.weights != .int4, chip.peak[service.weights] == nil {
      sentence = "\(chip.id) has no \(service.weights.rawValue) multiply"
      let known = Precision.allCases.filter { chip.peak[$0] != nil && weights($0) <= usable }
      remedy = known.min { weights($0) < weights($1) }.map { "serve \(service.id) in \($0.rawValue)" }
      return
    }
    let smaller = Precision.allCases.filter { weights($0) < needed && weights($0) <= usable }
      .max { weights($0) < weights($1) }
    if let smaller {
      remedy = "serve \(service.id) in \(smaller.rawValue), which takes \(gigabytes(weights(smaller)))"
    } else {
      let chips = (needed / usable * Double(pod.topology.chips)).rounded(.up)
      remedy = "a block of at least \(Int(chips)) chips of \(chip.id)"
    }
  }

  private init(service: String, sentence: String, remedy: String?) {
    self.service = service
    self.sentence = sentence
    self.remedy = remedy
  }

  /// None of the chips it may run on is in the fleet.
  static func noAllowedChip(_ service: Service, _ fleet: Fleet) -> HostObstacle? {
    let present = Array(Set(fleet.pods.map(\.chip))).sorted()
    guard !service.allowedChips.isEmpty, !service.allowedChips.contains(where: present.contains) else {
      return nil
    }
    return HostObstacle(
      service: service.id,
      sentence:
        "\(service.id) may run on \(service.allowedChips.joined(separator: ", ")); the fleet has "
        + present.joined(separator: ", "),
      remedy: "allow \(service.id) on \(present[0])")
  }

  /// It fits, but a promise is broken even when a replica is nearly idle: the best latency there is, and where.
  static func tooSlow(
    _ entries: [OptionTable.Entry], seed: UInt64, requests: Int
  ) -> HostObstacle? {
    let best = entries.compactMap { entry -> (share: Double, obstacle: HostObstacle)? in
      let search = CapacitySearch(
        workload: entry.workload, options: PlanningOptions(), seed: seed)
      let tightened = entry.workload.promising(ttft: entry.timeToFirstToken)
      let trial = ReplicaTrial(workload: tightened, profile: entry.profile, replicas: 1, seed: seed)
      let rate = 0.01 * search.saturation(of: entry.profile)
      guard rate > 0, let levels = try? trial.run(rate: rate, requests: requests).services[0],
        let closest = levels.closest(to: tightened.service.slo)
      else { return nil }
      let service = entry.workload.service.id
      let took = "\((closest.result.value * 1000).rounded(.up) / 1000) s"
      let name = closest.metric.uppercased()
      return (
        closest.result.value / closest.target.value,
        HostObstacle(
          service: service,
          sentence:
            "even a nearly idle replica of \(entry.id) has a \(name) of \(took), beyond the "
            + "\((closest.target.value * 1000).rounded() / 1000) s that is left of the promise at its site",
          remedy: "promise \(service) a \(name) of \(took) or more")
      )
    }
    return best.min { $0.share < $1.share }?.obstacle
  }
}
