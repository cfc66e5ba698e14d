import FleetData
import Foundation

/// What a chip's training software leaves of the datasheet: two constants of the chip and eight of its family.
public struct TrainingEfficiency: Sendable, Hashable, Codable {
  /// Share of the peak that large matmuls reach.
  public var matmul: Double
  /// Share of the peak that causally halved attention reaches.
  public var attention: Double
  /// Share of the matmul rate that routed experts keep.
  public var experts: Double
  /// Share of the matmul rate kept when the peak is that of an 8-bit format.
  public var eightBit: Double
  /// Attention's gain in the newer kernels that come with 8-bit training.
  public var eightBitAttention: Double
  /// Element-wise traffic as a multiple of what is counted.
  public var traffic: Double
  /// Shares of weight gathering, tensor collectives and gradient synchronisation that hide behind computation.
  public var gatherOverlap: Double
  public var tensorOverlap: Double
  public var gradientOverlap: Double
  /// Slow-down for every doubling of the slices or domains that march in step.
  public var lockstep: Double

  public init(
    matmul: Double, attention: Double, experts: Double, eightBit: Double, eightBitAttention: Double,
    traffic: Double, gatherOverlap: Double, tensorOverlap: Double, gradientOverlap: Double, lockstep: Double
  ) {
    self.matmul = matmul
    self.attention = attention
    self.experts = experts
    self.eightBit = eightBit
    self.eightBitAttention = eightBitAttention
    self.traffic = traffic
    self.gatherOverlap = gatherOverlap
    self.tensorOverlap = tensorOverlap
    self.gradientOverlap = gradientOverlap
    self.lockstep = lockstep
  }

  enum CodingKeys: String, CodingKey {
    case matmul, attention, experts, traffic, lockstep
    case eightBit = "eight_bit"
    case eightBitAttention = "eight_bit_attention"
    case gatherOverlap = "gather_overlap"
    case tensorOverlap = "tensor_overlap"
    case gradientOverlap = "gradient_overlap"
  }

  /// A chip that loses nothing.
  public static let ideal = TrainingEfficiency(
    matmul: 1, attention: 1, experts: 1, eightBit: 1, eightBitAttention: 1, traffic: 1, gatherOverlap: 1,
    tensorOverlap: 1, gradientOverlap: 1, lockstep: 0)
}

/// Fitted training constants by chip, with defaults by family (`family:tpu`).
public struct TrainingEfficiencyTable: Sendable, Hashable, Codable {
  public struct Entry: Sendable, Hashable, Codable {
    public var id: String
    /// Measured rows behind the constants; 0 for a default.
    public var rows: Int
    /// 80 % of the chip's rows lie within this share of the prediction.
    public var band: Double?
    public var constants: TrainingEfficiency

    public init(id: String, rows: Int, band: Double?, constants: TrainingEfficiency) {
      self.id = id
      self.rows = rows
      self.band = band
      self.constants = constants
    }
  }

  public var training: [Entry]

  public init(training: [Entry]) { self.training = training }

  /// The chip's constants, else its family's, else the roofline.
  public func entry(for chip: ChipSpec) -> Entry {
    training.first { $0.id == chip.id } ?? training.first { $0.id == "family:\(chip.family.rawValue)" }
      ?? Entry(id: chip.id, rows: 0, band: nil, constants: .ideal)
  }

  /// The table that ships with the program: the `training` part of `efficiency.json`.
  public static let builtIn: TrainingEfficiencyTable = {
    do {
      return try JSONDecoder().decode(
        TrainingEfficiencyTable.self, from: Data(EmbeddedEfficiency.bytes))
    } catch {
      preconditionFailure("the training part of efficiency.json is malformed: \(error)")
    }
  }()
}
