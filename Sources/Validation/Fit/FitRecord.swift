import FleetData
import Foundation

/// What a fit left behind in `efficiency.json` beside its constants: the rows that fitted them and how far off the
/// constants are, on rows seen and on rows held out.
public struct FitRecord: Sendable, Hashable, Codable {
  /// What was held out of the fit that predicted a row.
  public enum HeldOut: String, Sendable, Codable, CaseIterable {
    case nothing
    /// A tenth of the runs, the row's own among them.
    case run
    case source
    case chip
  }

  public struct Line: Sendable, Hashable, Codable {
    /// `all`, `tpu`, or `chip/<id> <phase>`.
    public var group: String
    public var heldOut: HeldOut
    public var rows: Int
    public var median: Double
    public var p90: Double

    enum CodingKeys: String, CodingKey {
      case group, rows, median, p90
      case heldOut = "held_out"
    }

    init(_ group: String, _ heldOut: HeldOut, _ errors: ErrorSummary) {
      self.group = group
      self.heldOut = heldOut
      rows = errors.count
      median = (errors.median * 1e4).rounded() / 1e4
      p90 = (errors.p90 * 1e4).rounded() / 1e4
    }
  }

  /// One row as the fit that had not seen its run predicted it.
  public struct Point: Sendable, Hashable, Codable {
    public var chip: String
    public var measured: Double
    public var predicted: Double

    /// - Parameter ratio: predicted over measured.
    init(chip: String, measured: Double, ratio: Double) {
      self.chip = chip
      self.measured = fourDigits(measured)
      predicted = fourDigits(measured * ratio)
    }
  }

  /// `inference` or `training`.
  public var kind: String
  public var rows: Int
  /// Fitted numbers that the rows bear on.
  public var constants: Int
  /// Of the rows' ids and measured values: tells whether a file holds the rows that fitted.
  public var digest: String
  public var errors: [Line]
  /// Empty when nothing was held out.
  public var points: [Point]

  public init(
    kind: String, rows: Int, constants: Int, digest: String, errors: [Line], points: [Point] = []
  ) {
    self.kind = kind
    self.rows = rows
    self.constants = constants
    self.digest = digest
    self.errors = errors
    self.points = points
  }

  /// The errors of a group on rows held out so; `nil` where none were.
  public func line(_ group: String, _ heldOut: HeldOut) -> Line? {
    errors.first { $0.group == group && $0.heldOut == heldOut }
  }

  /// FNV-1a of `id=value` of each row, in order of id.
  static func digest(_ rows: [(id: String, value: Double)]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for row in rows.sorted(by: { $0.id < $1.id }) {
      for byte in "\(row.id)=\(row.value);".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }

  /// The records of an `efficiency.json`; none in a file that predates them.
  public static func read(_ bytes: Data) -> [FitRecord] {
    struct File: Decodable { var fitted: [FitRecord]? }
    return (try? JSONDecoder().decode(File.self, from: bytes))?.fitted ?? []
  }

  /// Those of the file that ships with the program.
  public static let builtIn: [FitRecord] = read(Data(EmbeddedEfficiency.bytes))
}

extension FitResult {
  /// The record of this fit: all rows, TPU rows, then every chip and phase, by what was held out.
  public func record(of rows: [MeasuredCase]) -> FitRecord {
    let used = Set(residuals.map(\.id))
    var lines: [FitRecord.Line] = []
    for kind in FitRecord.HeldOut.allCases {
      for (name, belongs) in groups(for: kind) {
        let ratios = residuals.filter(belongs).compactMap { $0.error(kind).map(exp) }
        if !ratios.isEmpty { lines.append(.init(name, kind, ErrorSummary(ratios))) }
      }
    }
    return FitRecord(
      kind: "inference", rows: residuals.count, constants: constants,
      digest: FitRecord.digest(rows.filter { used.contains($0.id) }.map { ($0.id, $0.measured.value) }),
      errors: lines, points: points(rows))
  }

  private func points(_ rows: [MeasuredCase]) -> [FitRecord.Point] {
    let values = Dictionary(rows.map { ($0.id, $0.measured.value) }, uniquingKeysWith: { first, _ in first })
    return residuals.compactMap { residual in
      guard let error = residual.withoutRun, let value = values[residual.id] else { return nil }
      return FitRecord.Point(chip: residual.chip, measured: value, ratio: exp(error))
    }
  }

  private func groups(for kind: FitRecord.HeldOut) -> [(String, (FitResidual) -> Bool)] {
    var found: [(String, (FitResidual) -> Bool)] = [
      ("all", { _ in true }), ("tpu", { $0.chip.hasPrefix("tpu") }),
    ]
    guard kind == .nothing || kind == .run else { return found }
    for chip in Set(residuals.map(\.chip)).sorted() {
      for phase in Set(residuals.filter { $0.chip == chip }.map(\.phase)).sorted() {
        found.append(("chip/\(chip) \(phase)", { $0.chip == chip && $0.phase == phase }))
      }
    }
    return found
  }
}

extension FitResidual {
  func error(_ kind: FitRecord.HeldOut) -> Double? {
    switch kind {
    case .nothing: seen
    case .run: withoutRun
    case .source: withoutSource
    case .chip: withoutChip
    }
  }
}

private func fourDigits(_ value: Double) -> Double {
  guard value > 0, value.isFinite else { return value }
  let scale = pow(10, 3 - floor(log10(value)))
  return (value * scale).rounded() / scale
}
