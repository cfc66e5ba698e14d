import Economics
import FleetData
import Performance
import Placement
import Quantities

/// The two comparisons that every plan carries: scale up or out, train or serve, for the service that computes most.
///
/// A comparison that has no answer on this fleet says why instead.
public struct HeadlineStudies: Sendable {
  public let scenario: Scenario
  public let catalog: Catalog
  public let workload: ServiceWorkload
  /// The pod that serves most of it.
  public let pod: Pod

  public init(scenario: Scenario, catalog: Catalog, workload: ServiceWorkload, pod: Pod) {
    self.scenario = scenario
    self.catalog = catalog
    self.workload = workload
    self.pod = pod
  }

  /// For the service that computes most at the peak of the plan's last month, in model FLOP/s, and the pod that holds
  /// most of its chips; `nil` when nothing is deployed.
  public init?(scenario: Scenario, catalog: Catalog, workloads: [ServiceWorkload], plan: PlacementPlan) {
    let last = plan.deployments.map(\.month).max() ?? 0
    let standing = plan.deployments.filter { $0.month == last && $0.replicas > 0 }
    func work(_ workload: ServiceWorkload) -> Double {
      let model = try? catalog.model(workload.service.model)
      let active = model.map { ModelCounts($0).activeParameters } ?? 0
      return workload.peakRate(month: last) * (workload.meanInput + workload.meanOutput) * active
    }
    let served = workloads.filter { workload in standing.contains { $0.service == workload.service.id } }
    guard let workload = served.max(by: { (work($0), $1.service.id) < (work($1), $0.service.id) }),
      let largest = standing.filter({ $0.service == workload.service.id }).max(by: {
        ($0.replicas * $0.chipsPerReplica, $1.option) < ($1.replicas * $1.chipsPerReplica, $0.option)
      }), let pod = scenario.fleet.pods.first(where: { $0.id == largest.pod })
    else { return nil }
    self.init(scenario: scenario, catalog: catalog, workload: workload, pod: pod)
  }

  public func sections() -> [Report.Section] {
    [
      section("Scale up or scale out") { () throws(StudyError) in try scaleStudy(serving()) },
      section("Train or serve") { () throws(StudyError) in try spend() },
    ]
  }

  private func section(
    _ title: String, _ study: () throws(StudyError) -> StudyResult
  ) -> Report.Section {
    do { return try study().section } catch {
      return Report.Section(title, [.warning("This comparison has no answer here: \(error.description).")])
    }
  }

  /// The service as its pod serves it.
  func serving() throws(StudyError) -> ScaleQuestion {
    let service = workload.service
    let model = try known { () throws(Diagnostic) in try catalog.model(service.model) }
    let chip = try known { () throws(Diagnostic) in try catalog.chip(pod.chip) }
    let price = try economics { () throws(EconomicsError) in
      try PriceBook(pods: [pod], sites: scenario.fleet.sites).allInUSDPerChipHour(ofPod: pod.id)
    }
    let base = max(0.01, min(1, scenario.maxUtilization * service.loadFactor))
    let use = InputRange(base, from: base * 0.7, to: min(1, scenario.maxUtilization))
    return ScaleQuestion(
      model: model, chip: chip, weights: service.weights, kv: service.kv,
      input: InputRange(workload.meanInput.rounded()),
      output: InputRange(max(1, workload.meanOutput.rounded())),
      maxChips: largestPowerOfTwo(upTo: min(64, pod.topology.chips)),
      rent: InputRange(price, plusOrMinus: 0.2), utilization: use,
      secondsPerToken: service.slo.tpot.map { InputRange($0.value) },
      secondsToFirstToken: service.slo.ttft.map { InputRange($0.value) }, seed: scenario.seed)
  }

  /// Training as the scenario asks, or of the served model on 1,024 of the chips that serve it.
  func spend() throws(StudyError) -> StudyResult {
    let serving = try serving()
    let asked = scenario.training
    let chip = try known { () throws(Diagnostic) in
      if let asked { return try catalog.chip(asked.chip) }
      return serving.chip
    }
    let price = asked == nil ? serving.usdPerChipHour : chip.listPriceRange ?? serving.usdPerChipHour
    let perDay = workload.peakRate(month: 0) * workload.service.loadFactor * Seconds.day.value
    var question = SpendQuestion(
      serving: serving, trainingChip: chip, trainingChips: InputRange(Double(asked?.chips ?? 1024)),
      trainingUSDPerChipHour: price,
      tokensPerParameter: InputRange(asked?.tokensPerParameter ?? 20), parameters: asked?.parameters,
      requestsPerDay: InputRange(perDay, plusOrMinus: 0.3),
      growth: InputRange(workload.service.monthlyGrowth),
      months: InputRange(Double(max(12, scenario.horizonMonths))))
    do throws(StudyError) { return try spendStudy(question) } catch {
      guard case .invalid = error else { throw error }
      // No sharding of these chips fits: what well-run training reaches elsewhere.
      question.mfu = .usualMFU
      return try spendStudy(question)
    }
  }

  private func known<Value>(_ look: () throws(Diagnostic) -> Value) throws(StudyError) -> Value {
    do { return try look() } catch {
      throw .invalid(
        what: error.what, found: error.found ?? "nothing", expected: error.expected ?? "a known id")
    }
  }
}

extension InputRange {
  /// Published large runs train at 30 to 50 % of peak.
  static let usualMFU = InputRange(0.4, from: 0.3, to: 0.5)
}

func largestPowerOfTwo(upTo limit: Int) -> Int {
  var power = 1
  while power * 2 <= limit { power *= 2 }
  return power
}
