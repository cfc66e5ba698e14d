import FleetData
import Foundation
import Quantities

/// Fitted constants by chip, with defaults by family for chips without measurements.
public struct EfficiencyTable: Sendable, Hashable, Codable {
  /// One chip's constants and how far its rows were from them.
  public struct Entry: Sendable, Hashable, Codable {
    /// A chip id, or `family:tpu` for the default of a family.
    public var id: String
    public var constants: ChipEfficiency
    /// Measured rows the constants were fitted to; 0 for a default.
    public var rows: Int
    /// 80 % of those rows lie within this share of the prediction, by phase.
    public var prefillBand: Double?
    public var decodeBand: Double?

    public init(
      id: String, constants: ChipEfficiency, rows: Int, prefillBand: Double? = nil, decodeBand: Double? = nil
    ) {
      self.id = id
      self.constants = constants
      self.rows = rows
      self.prefillBand = prefillBand
      self.decodeBand = decodeBand
    }

    enum CodingKeys: String, CodingKey {
      case id, constants, rows
      case prefillBand = "prefill_band"
      case decodeBand = "decode_band"
    }
  }

  public var schema: String
  public var entries: [Entry]

  public init(entries: [Entry]) {
    schema = "efficiency/1"
    self.entries = entries
  }

  enum CodingKeys: String, CodingKey {
    case schema
    case entries = "chips"
  }

  /// The constants fitted to the chip, or its family's default, or the roofline when neither is known.
  public func entry(for chip: ChipSpec) -> Entry {
    entries.first { $0.id == chip.id } ?? entries.first { $0.id == "family:\(chip.family.rawValue)" }
      ?? Entry(id: chip.id, constants: .ideal, rows: 0)
  }

  /// The table that ships with the program.
  public static let builtIn: EfficiencyTable = {
    do {
      return try JSONDecoder().decode(EfficiencyTable.self, from: Data(EmbeddedEfficiency.bytes))
    } catch {
      preconditionFailure("the embedded efficiency.json is malformed: \(error)")
    }
  }()

  /// Every chip at its roofline: no constant of ours, only the datasheet.
  public static let roofline = EfficiencyTable(entries: [])
}
