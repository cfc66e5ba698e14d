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
  public var software: [SoftwareEfficiency]

  public init(entries: [Entry], software: [SoftwareEfficiency] = []) {
    schema = "efficiency/1"
    self.entries = entries
    self.software = software
  }

  enum CodingKeys: String, CodingKey {
    case schema, software
    case entries = "chips"
  }

  /// The stack's constants, or those of the typical one of the chip's family.
  public func stack(_ name: String?, for chip: ChipSpec) -> SoftwareEfficiency {
    software.first { $0.id == name } ?? software.first { $0.id == "family:\(chip.family.rawValue)" }
      ?? SoftwareEfficiency(id: "family:\(chip.family.rawValue)")
  }

  /// The chip's entry as the named stack drives it.
  public func entry(for chip: ChipSpec, software name: String) -> Entry {
    var entry = entry(for: chip)
    entry.constants = entry.constants.driven(by: stack(name, for: chip))
    return entry
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
