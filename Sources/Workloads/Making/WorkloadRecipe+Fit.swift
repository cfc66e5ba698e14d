import FleetData
import Quantities

extension WorkloadRecipe {
  /// Learns a description from a trace: one client per model, region and class, with its rate over time, its gaps,
  /// and its lengths as the trace has them.
  ///
  /// The rate over time is learnt in bins of at least `requestsPerBin` requests; gaps, and their order where it tells,
  /// on the clock that runs with that rate (`ArrivalFit`). Conversations and shared prefixes are laid over the requests (`ConversationRecipe`,
  /// `PrefixRecipe`), so that learning them moves neither arrivals nor lengths.
  /// - Returns: nil for a trace of fewer than two requests or without duration.
  public static func fit(_ trace: WorkloadTrace, requestsPerBin: Int = 100) -> WorkloadRecipe? {
    guard trace.count > 1, let first = trace.arrivals.first, let last = trace.arrivals.last,
      last > first
    else { return nil }
    // Half a gap beyond the last request, as before the first.
    let duration = (last - first).seconds * Double(trace.count) / Double(trace.count - 1)
    let origin = first.seconds
    let clients = groups(trace).map { group -> ClientRecipe in
      var client = ClientFit(
        trace, group.indices, origin: origin, duration: duration, requestsPerBin: requestsPerBin
      )
      .client(group.label)
      client.conversation = ConversationRecipe(trace, group.indices)
      client.prefix = PrefixRecipe(trace, group.indices)
      return client
    }
    return WorkloadRecipe(
      durationSeconds: duration, start: (trace.start ?? WorkloadRecipe.defaultStart) + origin,
      clients: clients)
  }

  private struct Label: Hashable {
    var service: String?
    var region: String?
    var sloClass: String?
    var name: String { [service, region, sloClass].compactMap { $0 }.joined(separator: "/") }
  }

  /// Requests by label, in order of first appearance.
  private static func groups(_ trace: WorkloadTrace) -> [(label: Label, indices: [Int])] {
    var order: [Label: Int] = [:]
    var groups: [(label: Label, indices: [Int])] = []
    for i in trace.arrivals.indices {
      let label = Label(
        service: trace.services.isEmpty ? nil : trace.serviceNames[Int(trace.services[i])],
        region: trace.regions.isEmpty ? nil : trace.regionNames[Int(trace.regions[i])],
        sloClass: trace.classes.isEmpty ? nil : trace.classNames[Int(trace.classes[i])])
      if let known = order[label] {
        groups[known].indices.append(i)
      } else {
        order[label] = groups.count
        groups.append((label, [i]))
      }
    }
    return groups
  }

  private struct ClientFit {
    let times: [Double]
    let inputs: [Double]
    let outputs: [Double]
    let thinking: Double?
    let duration: Double
    let requestsPerBin: Int

    init(
      _ trace: WorkloadTrace, _ indices: [Int], origin: Double, duration: Double,
      requestsPerBin: Int
    ) {
      times = indices.map { trace.arrivals[$0].seconds - origin }
      inputs = indices.map { Double(trace.inputTokens[$0]) }
      let hasThinking = !trace.reasoningTokens.isEmpty
      outputs = indices.map {
        Double(trace.outputTokens[$0]) - (hasThinking ? Double(trace.reasoningTokens[$0]) : 0)
      }
      let thought = hasThinking ? indices.reduce(0.0) { $0 + Double(trace.reasoningTokens[$1]) } : 0
      thinking = hasThinking ? thought / max(1, outputs.reduce(0, +)) : nil
      self.duration = duration
      self.requestsPerBin = requestsPerBin
    }

    func client(_ label: Label) -> ClientRecipe {
      var client = ClientRecipe(
        name: label.name.isEmpty ? "all" : label.name,
        ratePerSecond: Double(times.count) / duration,
        input: .empirical(quantiles: quantiles(inputs)),
        output: .empirical(quantiles: quantiles(outputs)))
      client.service = label.service
      client.region = label.region
      client.sloClass = label.sloClass
      client.correlation = rankCorrelation(inputs, outputs)
      client.thinking = thinking.map { ThinkingRecipe(tokensPerAnswerToken: $0) }
      return ArrivalFit(times: times, duration: duration, requestsPerBin: requestsPerBin).arrivals(of: client)
    }
  }
}

/// Equally spaced quantiles, all order statistics when there are few.
func quantiles(_ values: [Double], limit: Int = 1025) -> [Double] {
  let sorted = values.sorted()
  guard sorted.count > limit else { return sorted }
  return (0..<limit).map { i in
    let place = Double(i) / Double(limit - 1) * Double(sorted.count - 1)
    let below = min(Int(place), sorted.count - 2)
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
  }
}

/// Spearman's rank correlation, ties at their middle rank; 0 when either side does not vary.
func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
  let x = middleRanks(a)
  let y = middleRanks(b)
  let mean = Double(a.count + 1) / 2
  var covariance = 0.0
  var varianceX = 0.0
  var varianceY = 0.0
  for i in a.indices {
    covariance += (x[i] - mean) * (y[i] - mean)
    varianceX += (x[i] - mean) * (x[i] - mean)
    varianceY += (y[i] - mean) * (y[i] - mean)
  }
  return varianceX > 0 && varianceY > 0 ? covariance / (varianceX * varianceY).squareRoot() : 0
}

private func middleRanks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = values
  var start = 0
  while start < order.count {
    var end = start
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}
