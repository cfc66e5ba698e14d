import Economics
import FleetData
import Ingest
import Planning

/// The real traffic of a scenario or a trace, as services of the codesign study.
struct TrafficMix {
  let catalog: Catalog
  /// Chip, price, utilisation and the largest instance for every service.
  let base: ScaleQuestion
  /// Requests kept of each trace: every n-th.
  static let kept = 2000

  func services(scenario path: String) throws -> [CodesignQuestion.Service] {
    let study = try Study.read(scenario: path, catalog: catalog)
    return try study.scenario.services.map { service in
      guard let trace = study.traces.first(where: { $0.service == service.id }) else {
        throw ExitError(.badContent, "service '\(service.id)' has no trace")
      }
      let reading = try PlanRun.read(trace)
      let workload = try ServiceWorkload(service: service, trace: reading.trace)
      var serving = base
      serving.model = try catalog.model(service.model)
      (serving.weights, serving.kv) = (service.weights, service.kv)
      serving.secondsPerToken = service.slo.tpot.map { InputRange($0.value) }
      return self.service(
        service.id, serving, workload, rate: InputRange(workload.peakRate(month: 0), plusOrMinus: 0.2))
    }
  }

  func service(trace path: String, rate: InputRange) throws -> CodesignQuestion.Service {
    let reading = try PlanRun.read(Study.TraceFile(service: base.model.id, path: path))
    let workload = try ServiceWorkload(
      service: Service(id: base.model.id, model: base.model.id, slo: ServiceLevelObjective()),
      trace: reading.trace)
    return service(base.model.id, base, workload, rate: rate)
  }

  private func service(
    _ name: String, _ serving: ScaleQuestion, _ workload: ServiceWorkload, rate: InputRange
  ) -> CodesignQuestion.Service {
    var serving = serving
    serving.input = InputRange(workload.meanInput.rounded())
    serving.output = InputRange(max(1, workload.meanOutput.rounded()))
    let trace = workload.trace
    let stride = max(1, trace.count / Self.kept)
    let lengths = Swift.stride(from: 0, to: trace.count, by: stride).map {
      RequestShape(input: Double(trace.inputTokens[$0]), output: Double(trace.outputTokens[$0]))
    }
    return .init(name: name, serving: serving, requestsPerSecond: rate, lengths: lengths)
  }
}
