import FleetData
import Foundation
import Performance

/// Where the time of the traffic goes: by operation and by what each waits for, service by service and over the fleet.
///
/// Prompts are taken from the service's own requests, so that attention, which grows with the square of a prompt, counts
/// the long ones. Matmul time is divided by the weights of each kind that a token passes. Decode takes the larger of
/// multiplying and reading weights; the smaller is hidden beneath it and not counted. Attention over caches is bound by
/// reading them.
struct ComputeProfile: Sendable {
  struct Row: Sendable {
    var service: String
    var phase: String
    var operation: String
    var bound: StepEstimate.Bound
    /// Slice seconds per request.
    var seconds: Double
    /// Chips of the fleet busy with it.
    var chips: Double
  }

  var rows: [Row]
  var busyChips: Double { rows.reduce(0) { $0 + $1.chips } }

  init(_ question: CodesignQuestion, _ base: FleetOutcome) {
    rows = zip(question.services, base.services).flatMap { Self.rows($0, $1) }
  }

  private static func rows(
    _ service: CodesignQuestion.Service, _ one: FleetOutcome.One
  ) -> [Row] {
    let serving = service.serving
    let parts = prefill(service, one) + decode(serving, one)
    let chips = Double(one.point.chips) * service.requestsPerSecond.base
    return parts.filter { $0.seconds > 0 }.map {
      Row(
        service: service.name, phase: $0.phase, operation: $0.operation, bound: $0.bound,
        seconds: $0.seconds, chips: $0.seconds * chips)
    }
  }

  private typealias Part = (phase: String, operation: String, bound: StepEstimate.Bound, seconds: Double)

  private static func prefill(_ service: CodesignQuestion.Service, _ one: FleetOutcome.One) -> [Part] {
    let step = one.point.profile.step
    let shapes = service.lengths.isEmpty ? [service.serving.shape] : service.lengths
    let count = Double(shapes.count)
    let tokens = shapes.reduce(0) { $0 + $1.input } / count
    let pairs = shapes.reduce(0) { $0 + $1.input * ($1.input + 1) / 2 } / count
    let matmul = tokens * (step.computePerPrefillToken + step.computePerPrefill / StepCost.usualChunk)
    let split = MatmulSplit(service.serving.model).shares
    return split.map { ("prefill", $0.name, .compute, matmul * $0.share) } + [
      ("prefill", "attention over the prompt", .compute, pairs * step.computePerAttentionPair),
      ("prefill", "collectives", .interconnect, tokens * step.overheadPerPrefillToken),
      ("prefill", "launches and routing", .overhead, tokens > 0 ? step.overhead : 0),
    ]
  }

  private static func decode(_ serving: ScaleQuestion, _ one: FleetOutcome.One) -> [Part] {
    let step = one.point.profile.step
    let (batch, output) = (Double(one.point.batch), serving.shape.output)
    let perRequest = output / batch
    let experts = step.weightSeconds(tokens: batch) - step.weightRead
    let multiply = step.matmulSeconds(decoding: batch)
    let attend = step.cacheSeconds(decoding: batch, cachedTokens: batch * serving.shape.meanContext)
    let rest: [Part] = [
      ("decode", "attention over caches and state", .hbm, attend * perRequest),
      ("decode", "launches, routing, collectives' latency", .overhead, step.overhead * perRequest),
      ("decode", "activations and collectives", .interconnect, step.overheadPerSequence * output),
    ]
    guard step.weightRead + experts >= multiply else {
      return MatmulSplit(serving.model).shares.map {
        ("decode", $0.name, .compute, multiply * $0.share * perRequest)
      } + rest
    }
    return [
      ("decode", "reading weights", .hbm, step.weightRead * perRequest),
      ("decode", "reading experts", .hbm, experts * perRequest),
    ] + rest
  }

  /// Shares of the busy time by what it waits for, largest first.
  var bounds: [(bound: StepEstimate.Bound, share: Double)] {
    let kinds: [StepEstimate.Bound] = [.compute, .hbm, .interconnect, .overhead]
    return kinds.map { kind in
      (kind, rows.filter { $0.bound == kind }.reduce(0) { $0 + $1.chips } / max(1e-300, busyChips))
    }.sorted { $0.1 > $1.1 }
  }

  /// The whole fleet by phase and operation, largest first.
  private var fleet: [(phase: String, operation: String, bound: StepEstimate.Bound, chips: Double)] {
    var sums: [(phase: String, operation: String, bound: StepEstimate.Bound, chips: Double)] = []
    for row in rows {
      if let i = sums.firstIndex(where: {
        $0.phase == row.phase && $0.operation == row.operation && $0.bound == row.bound
      }) {
        sums[i].chips += row.chips
      } else {
        sums.append((row.phase, row.operation, row.bound, row.chips))
      }
    }
    return sums.sorted { $0.chips > $1.chips }
  }

  var sentence: String {
    let largest = fleet[0]
    let shares = bounds.filter { $0.share >= 0.005 }
      .map { "\($0.bound.rawValue) \(StudyText.percent($0.share))" }.joined(separator: ", ")
    return
      "While busy the fleet waits for \(shares); the largest single part is \(largest.operation) in \(largest.phase), "
      + "\(StudyText.percent(largest.chips / busyChips)) of the time."
  }

  var fleetTable: Table {
    Table(
      id: "codesign-fleet", title: "The whole fleet's time by operation and bound",
      columns: [
        Table.Column("Phase"), Table.Column("Operation"), Table.Column("Bound by"),
        Table.Column("Chips busy with it", format: .significant3),
        Table.Column("Share of busy time", format: .percent),
      ],
      rows: fleet.map {
        [
          .text($0.phase), .text($0.operation), .text($0.bound.rawValue), .number($0.chips, grade: .derived),
          .number($0.chips / busyChips),
        ]
      },
      note:
        "Services weighted by their traffic. Multiplying hidden under reading weights, or the reverse, is not counted twice."
    )
  }

  var serviceTable: Table {
    Table(
      id: "codesign-time", title: "Where a request's time goes, service by service",
      columns: [
        Table.Column("Service"), Table.Column("Phase"), Table.Column("Operation"), Table.Column("Bound by"),
        Table.Column("Slice time per request", unit: "ms", format: .significant3),
        Table.Column("Share of the service's time", format: .percent),
      ],
      rows: rows.map { row in
        let own = rows.filter { $0.service == row.service }.reduce(0) { $0 + $1.chips }
        return [
          .text(row.service), .text(row.phase), .text(row.operation), .text(row.bound.rawValue),
          .number(row.seconds * 1000, grade: .derived), .number(row.chips / own),
        ]
      }, note: "At the cheapest sharding, slice and batch.")
  }

  /// One column for each service and the fleet, stacked by what the time waits for.
  var chart: Chart {
    let services = rows.map(\.service).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let columns = services.count > 1 ? services + ["fleet"] : services
    let kinds: [StepEstimate.Bound] = [.compute, .hbm, .interconnect, .overhead]
    return Chart(
      id: "codesign-time", title: "What busy time waits for", kind: .stackedColumns,
      x: Chart.Axis("Service", unit: ""), y: Chart.Axis("Share of busy time", unit: "%"),
      categories: columns,
      series: kinds.map { kind in
        Chart.Series(
          kind.rawValue,
          columns.enumerated().map { i, name in
            let own = rows.filter { name == "fleet" || $0.service == name }
            let all = own.reduce(0) { $0 + $1.chips }
            let part = own.filter { $0.bound == kind }.reduce(0) { $0 + $1.chips }
            return Chart.Point(x: Double(i), y: 100 * part / max(1e-300, all))
          })
      }, altText: sentence)
  }
}

/// The kinds of weights that a token is multiplied with, by their share of the multiplications.
struct MatmulSplit: Sendable {
  var shares: [(name: String, share: Double)]

  init(_ model: TransformerSpec) {
    let counts = ModelCounts(model)
    let width = Double(model.modelWidth)
    var (experts, dense) = (0.0, 0.0)
    for layer in model.layers {
      switch layer.ffn {
      case .dense(let ffn): dense += width * Double(ffn.width) * (ffn.gated ? 3 : 2)
      case .experts(let moe):
        let routed = Double(moe.topK * moe.expertWidth * moe.routedWidth(in: model.modelWidth))
        experts += (routed + width * Double(moe.sharedWidth)) * (moe.gated ? 3 : 2)
        experts += 2 * width * Double(moe.latentWidth ?? 0)
      case nil: break
      }
    }
    let logits = counts.logitParameters
    let mixers = max(0, counts.activeParameters - dense - experts - logits)
    let parts = [
      ("projections of attention and state", mixers), ("feed-forward matmuls", dense),
      ("expert matmuls", experts), ("logits", logits),
    ].filter { $0.1 > 0 }
    let all = parts.reduce(0) { $0 + $1.1 }
    shares = parts.map { (name: $0.0, share: $0.1 / all) }
  }
}
