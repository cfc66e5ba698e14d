import CPUKernel
import FleetData
import Foundation
import Performance
import Quantities

/// This CPU as the planner sees a chip: roofs from the micro-benchmarks, efficiency constants from half of the grid.
public struct KernelFit: Sendable {
  public var chip: ChipSpec
  public var constants: ChipEfficiency
  /// Points the constants were fitted to.
  public var rows: Int
  /// The instances by shape, with the fitted constants.
  private var instances: [String: InferenceModel]

  /// - Parameter measurement: its seen points make the fit; the others are left alone.
  public init(_ measurement: KernelMeasurement) {
    let chip = Self.chip(measurement)
    let instances = Self.instances(of: measurement.shapes, on: chip)
    let seen = measurement.timings.filter(\.point.seen)
    let start = ChipEfficiency(
      matmul: measurement.micro.gemm / measurement.micro.peak, attention: 0.5, bandwidth: 0.95, links: 1,
      layerSeconds: 5e-6, collectiveSeconds: 0, sequenceSeconds: 2e-6, stepSeconds: 1e-5, unhidden: 0.3)
    let fitted = Self.fit(from: start) { constants in
      let entry = EfficiencyTable.Entry(id: chip.id, constants: constants, rows: seen.count)
      return seen.reduce(0) { total, timing in
        let predicted = Self.estimate(timing.point, instances[timing.point.shape]!.priced(with: entry)).time
        return total + pow(log(predicted / timing.least), 2)
      }
    }
    self.chip = chip
    constants = fitted
    rows = seen.count
    let entry = EfficiencyTable.Entry(id: chip.id, constants: fitted, rows: seen.count)
    self.instances = instances.mapValues { $0.priced(with: entry) }
  }

  /// The step's time by the functions that price every accelerator.
  ///
  /// - Precondition: the point is of a shape of the measurement.
  public func estimate(_ point: KernelPoint) -> StepEstimate {
    Self.estimate(point, instances[point.shape]!)
  }

  private static func instances(of shapes: [DecoderShape], on chip: ChipSpec) -> [String: InferenceModel] {
    let pairs = shapes.map { shape -> (String, InferenceModel) in
      do {
        let instance = try InferenceModel(
          model: shape.transformer, chip: chip, slice: SliceTopology([1]), sharding: Sharding(),
          weights: .fp32, kv: .fp32, efficiency: .roofline)
        return (shape.id, instance)
      } catch {
        preconditionFailure("one CPU holds any dense decoder: \(error)")
      }
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  private static func estimate(_ point: KernelPoint, _ instance: InferenceModel) -> StepEstimate {
    do {
      switch point.phase {
      case .decode: return try instance.decodeTime(batch: point.batch, context: point.context)
      case .prefill: return try instance.prefillTime(batch: point.batch, inputTokens: point.context)
      }
    } catch {
      preconditionFailure("a step of at least one sequence and token has a time: \(error)")
    }
  }

  private static func chip(_ measurement: KernelMeasurement) -> ChipSpec {
    func measured<Value>(_ value: Value, _ what: String) -> Figure<Value> {
      Figure(
        value, Provenance(source: what, asOf: measurement.host.asOf, grade: .measured))
    }
    return ChipSpec(
      id: "cpu", vendor: measurement.host.cpu, family: .cpu,
      peak: [
        .fp32: measured(measurement.micro.peak, "multiply-add tiles in the first cache, one thread")
      ],
      hbmCapacity: measured(measurement.host.memory, "the system's main memory"),
      hbmBandwidth: measured(
        measurement.micro.bandwidth, "the better of a sum and a matrix-vector product, one thread"),
      interconnect: .none)
  }
}

extension KernelFit {
  /// The constants a search may move, with their limits. Times stay above a nanosecond so that factors can move them.
  private static let axes: [(WritableKeyPath<ChipEfficiency, Double> & Sendable, ClosedRange<Double>)] = [
    (\.matmul, 0.05...1), (\.bandwidth, 0.05...1), (\.attention, 0.02...1), (\.unhiddenShare, 0.001...1),
    (\.layerSeconds, 1e-9...1e-2), (\.sequenceSeconds, 1e-9...1e-2), (\.stepSeconds, 1e-9...1e-1),
  ]

  /// Pattern search: each constant in turn is scaled up or down while that helps; when nothing helps, by less.
  ///
  /// Deterministic; ends when factors of 1.001 no longer help, or after 400 rounds.
  static func fit(from start: ChipEfficiency, error: (ChipEfficiency) -> Double) -> ChipEfficiency {
    var best = start
    var least = error(best)
    var factor = 1.4
    for _ in 0..<400 where factor > 1.001 {
      var improved = false
      for (path, limits) in axes {
        for scale in [factor, 1 / factor] {
          var candidate = best
          candidate[keyPath: path] = min(
            max(best[keyPath: path] * scale, limits.lowerBound), limits.upperBound)
          let value = error(candidate)
          if value < least {
            (best, least, improved) = (candidate, value, true)
            break
          }
        }
      }
      if !improved { factor = factor.squareRoot() }
    }
    return best
  }
}

extension ChipEfficiency {
  /// `unhidden` of a chip that has it.
  fileprivate var unhiddenShare: Double {
    get { unhidden ?? 0 }
    set { unhidden = newValue }
  }
}
