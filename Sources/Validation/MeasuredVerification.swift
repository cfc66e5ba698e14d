import FleetData
import Foundation
import Performance

/// Predictions beside measurements: every row of a cases file, predicted or skipped with its reason.
public struct MeasuredVerification: Sendable {
  public struct Row: Sendable, Hashable {
    public var id: String
    public var chip: String
    public var phase: String
    public var source: String
    public var predicted: Double?
    public var measured: Double
    public var unit: String
    public var ratio: Double?
    public var lowerBound: Double?
    /// The measurement is better than physics allows.
    public var beatsBound: Bool
    /// Why the row was skipped.
    public var reason: String?
    /// What was assumed where the row is silent.
    public var assumed: [String] = []

    public init(
      id: String, chip: String, phase: String, source: String, predicted: Double? = nil, measured: Double,
      unit: String, ratio: Double? = nil, lowerBound: Double? = nil, beatsBound: Bool = false,
      reason: String? = nil
    ) {
      self.id = id
      self.chip = chip
      self.phase = phase
      self.source = source
      self.predicted = predicted
      self.measured = measured
      self.unit = unit
      self.ratio = ratio
      self.lowerBound = lowerBound
      self.beatsBound = beatsBound
      self.reason = reason
    }
  }

  public struct Group: Sendable, Hashable {
    public var name: String
    public var errors: ErrorSummary
    /// Rows better than physics allows.
    public var belowLowerBound: Int
  }

  public var rows: [Row]
  /// The fit that these very rows made, with its errors on rows held out; `nil` for other rows.
  public var fit: FitRecord?

  /// - Parameter records: the fits behind the constants that predicted the rows.
  public init(rows: [Row], records: [FitRecord] = []) {
    self.rows = rows
    let digest = FitRecord.digest(rows.filter { $0.ratio != nil }.map { ($0.id, $0.measured) })
    fit = records.first { $0.digest == digest }
  }

  public var predicted: [Row] { rows.filter { $0.ratio != nil } }

  /// All rows, TPU rows, then by chip, by phase and by source.
  public var summary: [Group] {
    var groups = [group("all", predicted), group("tpu", predicted.filter { $0.chip.hasPrefix("tpu") })]
    for (label, key) in [("chip", \Row.chip), ("phase", \Row.phase), ("source", \Row.source)] {
      for name in Set(predicted.map { $0[keyPath: key] }).sorted() {
        groups.append(group("\(label)/\(name)", predicted.filter { $0[keyPath: key] == name }))
      }
    }
    return groups.filter { $0.errors.count > 0 }
  }

  private func group(_ name: String, _ rows: [Row]) -> Group {
    Group(
      name: name, errors: ErrorSummary(rows.compactMap(\.ratio)),
      belowLowerBound: rows.count { $0.beatsBound })
  }

  /// The rows furthest off, by the logarithm of their ratio.
  public func worst(_ count: Int = 10) -> [Row] {
    let ranked = predicted.enumerated().sorted {
      let (a, b) = (abs(log($0.element.ratio ?? 1)), abs(log($1.element.ratio ?? 1)))
      return (b, $0.offset) < (a, $1.offset)
    }
    return ranked.prefix(count).map(\.element)
  }
}

/// Predicts every row of a file of inference or training measurements, as the shape of its rows tells.
///
/// - Throws: a `Diagnostic` when the file is neither.
public func verify(
  _ data: Data, catalog: Catalog = .builtIn, efficiency: EfficiencyTable = .builtIn,
  training: TrainingEfficiencyTable = .builtIn, records: [FitRecord] = FitRecord.builtIn
) throws(Diagnostic) -> MeasuredVerification {
  if let rows = try? MeasuredCase.read(data) {
    return MeasuredVerification(
      rows: rows.map { verify($0, catalog: catalog, efficiency: efficiency) }, records: records)
  }
  do {
    let rows = try TrainingCase.read(data)
    return MeasuredVerification(
      rows: rows.map { verify($0, catalog: catalog, training: training) }, records: records)
  } catch {
    throw Diagnostic(
      "the file holds neither inference nor training measurements", found: "\(error)",
      help: "each row needs id, source, model, hardware, workload and measured")
  }
}

private func verify(
  _ row: MeasuredCase, catalog: Catalog, efficiency: EfficiencyTable
) -> MeasuredVerification.Row {
  var result = MeasuredVerification.Row(
    id: row.id, chip: row.hardware.chip, phase: row.phaseName, source: row.source.title,
    measured: row.measured.value, unit: row.measured.unit)
  do {
    let setup = try CaseSetup(row, catalog: catalog, table: efficiency)
    result.assumed = setup.assumed
    result.chip = setup.chip.id
    let prediction = try setup.predict(efficiency)
    result.predicted = prediction.predicted
    result.ratio = prediction.ratio
    result.lowerBound = prediction.limit
    result.beatsBound = prediction.beatsLimit
  } catch { result.reason = (error as Diagnostic).description }
  return result
}

private func verify(
  _ row: TrainingCase, catalog: Catalog, training: TrainingEfficiencyTable
) -> MeasuredVerification.Row {
  var result = MeasuredVerification.Row(
    id: row.id, chip: row.hardware, phase: "training", source: row.source, measured: 0, unit: "")
  do {
    let prediction = try predictTraining(row, catalog: catalog, efficiency: training)
    result.chip = prediction.setup.chip.id
    result.predicted = prediction.predicted
    result.measured = prediction.measured
    result.unit = prediction.unit
    result.ratio = prediction.predicted / prediction.measured
    result.lowerBound = prediction.limit
    result.beatsBound = prediction.beatsLimit
    if !prediction.fits { result.assumed.append("it ran, though by our count its memory does not fit") }
  } catch { result.reason = (error as Diagnostic).description }
  return result
}
