import FleetData
import Quantities

/// One instance of a model on one slice: how long its prefill and decode steps take.
///
/// The work is counted from the shape, divided over the chips by the sharding, priced at the datasheet's rates times
/// the chip's fitted shares, and never allowed below the physical floor.
public struct InferenceModel: Sendable {
  public let model: TransformerSpec
  public let counts: ModelCounts
  public let chip: ChipSpec
  public let slice: SliceTopology
  public let sharding: Sharding
  public let weights: Precision
  public let kv: Precision
  /// The format the matrix units multiply in.
  public let arithmetic: Precision
  public private(set) var efficiency: EfficiencyTable.Entry
  let rates: SliceRates
  let division: WorkDivision
  let traffic: SliceTraffic
  private(set) var isConnected = true
  /// Share of the peak that large multiplies reach in the instance's format.
  private(set) var matmulShare: Double

  /// - Parameters:
  ///   - arithmetic: format of the multiply; by default the weights' own where the chip multiplies it, else bf16.
  ///   - checked: false admits shardings that need padded heads, as published runs sometimes have.
  /// - Throws: what makes the question meaningless: a precision the chip lacks, a sharding that does not divide.
  public init(
    model: TransformerSpec, chip: ChipSpec, slice: SliceTopology, sharding: Sharding, weights: Precision,
    kv: Precision, arithmetic: Precision? = nil, efficiency: EfficiencyTable = .builtIn, checked: Bool = true
  ) throws(EstimateError) {
    let counts = ModelCounts(model)
    try self.init(
      model: model, counts: counts, chip: chip, slice: slice, sharding: sharding, weights: weights, kv: kv,
      arithmetic: arithmetic, entry: efficiency.entry(for: chip), checked: checked)
  }

  /// As the other initialiser, for callers that price many instances of one model: counts and constants at hand.
  public init(
    model: TransformerSpec, counts: ModelCounts, chip: ChipSpec, slice: SliceTopology, sharding: Sharding,
    weights: Precision, kv: Precision, arithmetic: Precision? = nil, entry: EfficiencyTable.Entry,
    checked: Bool = true
  ) throws(EstimateError) {
    if checked { try validate(sharding, of: model, counts: counts, on: slice, chip: chip) }
    let multiply = try arithmeticPrecision(weights: weights, requested: arithmetic, chip: chip)
    self.model = model
    self.counts = counts
    self.chip = chip
    self.slice = slice
    self.sharding = sharding
    self.weights = weights
    self.kv = kv
    self.arithmetic = multiply
    efficiency = entry
    rates = try SliceRates(chip: chip, chips: slice.chips, arithmetic: multiply)
    division = WorkDivision(counts: counts, sharding: sharding, chip: chip)
    traffic = SliceTraffic(chip: chip, slice: slice, sharding: sharding, counts: counts)
    matmulShare = entry.constants.matmulShare(multiply, on: chip)
  }

  /// The same instance priced with other constants.
  public func priced(with entry: EfficiencyTable.Entry) -> InferenceModel {
    var copy = self
    copy.efficiency = entry
    copy.matmulShare = entry.constants.matmulShare(arithmetic, on: chip)
    return copy
  }

  /// Bytes of HBM that weights and `sequences` caches of `context` tokens take on the whole slice.
  public func memory(sequences: Int, context: Int) -> StepEstimate.Memory {
    let cache = counts.kvBytes(context: context, kv) * division.cacheCopies(sequences: sequences)
    let perSequence = cache + counts.stateBytes
    return StepEstimate.Memory(
      weights: storedWeights, kvCache: perSequence * Double(sequences),
      other: runtimeReserve(chip, sliceChips: slice.chips) * Double(slice.chips),
      capacity: chip.hbmCapacity.value * Double(slice.chips))
  }

  /// Weights as stored over the slice, with the copies that the sharding keeps.
  public var storedWeights: Bytes {
    let always = counts.totalParameters - counts.expertParameters
    let copies = always * division.weightCopies + counts.expertParameters * division.expertCopies
    return Bytes(copies * weights.bytesPerElement)
  }
}

/// HBM of one chip that the runtime keeps: compiled programs, buffers, collectives' scratch.
///
/// - Source: a v4 exposes 30.75 of its 32 GiB to programs; serving engines on GPUs reserve 3.5 GiB and 0.34 to
///   0.39 GiB for collectives when there are several.
func runtimeReserve(_ chip: ChipSpec, sliceChips: Int) -> Bytes {
  let gibibyte = 1_073_741_824.0
  switch chip.family {
  case .tpu: return chip.hbmCapacity.value * (1.25 / 32)
  case .gpu: return Bytes((sliceChips > 1 ? 3.87 : 3.5) * gibibyte)
  case .cpu: return 0
  }
}

extension InferenceModel {
  /// The same instance with links that cost nothing: what bounds every sharding.
  public var unconnected: InferenceModel {
    var copy = self
    copy.isConnected = false
    return copy
  }
}
