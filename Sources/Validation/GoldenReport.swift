import FleetData
import Foundation

/// A file of published cases with known answers, each beside ours: closed forms of the scaling book, speed-of-light rows
/// and microbenchmarks of other tools, or the FLOP rates that training runs print.
public struct GoldenReport: Sendable, Hashable, Codable {
  public enum Status: String, Sendable, Hashable, Codable {
    case reproduced, missed
    /// Not a question the model answers; `reason` says why.
    case notCovered = "not-covered"
    /// The source itself errs: nothing to reproduce.
    case disputed
    /// Shown for its ratio alone: a measured kernel beside the speed of light.
    case listed
  }

  public struct Row: Sendable, Hashable, Codable {
    public var id: String
    public var quantity: String
    public var ours: Double?
    public var expected: Double
    public var unit: String
    /// The largest |ours / expected − 1| that counts as reproduced.
    public var tolerance: Double?
    public var status: Status
    public var reason: String?

    public var ratio: Double? { ours.map { $0 / expected } }
  }

  public var schema = "golden/1"
  public var rows: [Row]

  /// Rows that ask for a value, and how many of them have it.
  public var asked: Int { rows.count { $0.status != .listed && $0.status != .disputed } }
  public var reproduced: Int { rows.count { $0.status == .reproduced } }

  /// Reads any of the three kinds of file.
  /// - Throws: a `Diagnostic` when the file is none of them.
  public init(_ data: Data) throws(Diagnostic) {
    if let book = try? ScalingBookCase.read(data) {
      rows = book.map(Self.row)
    } else if let peers = try? PeerCase.read(data) {
      rows = peers.flatMap(Self.rows)
    } else if let runs = try? TrainingCase.read(data) {
      rows = runs.compactMap(Self.row)
    } else {
      throw Diagnostic(
        "the file holds no cases with known answers",
        expected: "scaling-book cases, peer predictions or training runs, as a JSON array")
    }
  }

  private static func row(_ book: ScalingBookCase) -> Row {
    let tolerance = max(book.tolerance.relative, 1e-6)
    func row(_ status: Status, _ ours: Double?, _ reason: String? = nil) -> Row {
      Row(
        id: book.id, quantity: book.quantity, ours: ours, expected: book.expected.value,
        unit: book.expected.unit, tolerance: tolerance, status: status, reason: reason)
    }
    return switch book.evaluate() {
    case .reproduced(let value): row(.reproduced, value)
    case .missed(let value): row(.missed, value)
    case .notCovered(let reason): row(book.isDisputed ? .disputed : .notCovered, nil, reason)
    }
  }

  private static func rows(_ peer: PeerCase) -> [Row] {
    do {
      let light = try peer.speedOfLight().map { figure in
        let isClose = abs(figure.ratio - 1) <= 0.05
        return row(figure, tolerance: 0.05, isClose ? .reproduced : .missed)
      }
      return try light + (peer.microbenchmark().map { [row($0, tolerance: nil, .listed)] } ?? [])
    } catch {
      let reason = (error as? Diagnostic)?.what ?? "\(error)"
      return [
        Row(
          id: peer.id, quantity: "TPOT", ours: nil, expected: peer.tpotMs ?? 0, unit: "ms", tolerance: 0.05,
          status: .notCovered, reason: reason)
      ]
    }
  }

  private static func row(_ figure: PeerComparison, tolerance: Double?, _ status: Status) -> Row {
    Row(
      id: figure.id, quantity: figure.quantity, ours: figure.ours, expected: figure.theirs,
      unit: figure.unit, tolerance: tolerance, status: status, reason: nil)
  }

  private static func row(_ run: TrainingCase) -> Row? {
    do {
      guard let check = try run.flopCheck() else { return nil }
      let isRate = check.rate != nil && check.publishedRate != nil
      return Row(
        id: run.id, quantity: isRate ? "FLOP rate" : "FLOPs per token",
        ours: isRate ? check.rate : check.perToken,
        expected: (isRate ? check.publishedRate : check.publishedPerToken) ?? 0,
        unit: isRate ? "TFLOP/s/chip" : "FLOP/token", tolerance: 1e-3,
        status: check.error < 1e-3 ? .reproduced : .missed, reason: nil)
    } catch {
      return Row(
        id: run.id, quantity: "FLOP rate", ours: nil, expected: run.measured.tflopsPerChip ?? 0,
        unit: "TFLOP/s/chip", tolerance: 1e-3, status: .notCovered, reason: error.what)
    }
  }
}
