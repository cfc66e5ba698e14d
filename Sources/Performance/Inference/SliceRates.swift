import FleetData
import Quantities

/// What the datasheet promises for a whole slice.
struct SliceRates: Sendable {
  var chips: Double
  /// FLOP/s of one chip in the format multiplied.
  var peak: Double
  /// HBM bytes/s of one chip.
  var bandwidth: Double

  init(chip: ChipSpec, chips: Int, arithmetic: Precision) throws(EstimateError) {
    guard let peak = chip.peak[arithmetic] else {
      throw .precisionUnsupported(chip: chip.id, precision: arithmetic, supported: supportedPrecisions(chip))
    }
    self.chips = Double(chips)
    self.peak = peak.value.value
    bandwidth = chip.hbmBandwidth.value.value
  }
}

/// The formats a chip multiplies, widest first.
func supportedPrecisions(_ chip: ChipSpec) -> [Precision] {
  Precision.allCases.filter { chip.peak[$0] != nil }
}

/// The format the matrix units work in for weights stored as `weights`.
///
/// Eight-bit formats are multiplied as stored and so need a unit of their own. Four-bit integers are storage: they are
/// expanded to bf16 on the way to the matrix unit. `fp4` is multiplied as stored.
func arithmeticPrecision(
  weights: Precision, requested: Precision?, chip: ChipSpec
) throws(EstimateError) -> Precision {
  let wanted = requested ?? (weights == .int4 ? .bf16 : weights)
  guard chip.peak[wanted] != nil else {
    throw .precisionUnsupported(chip: chip.id, precision: wanted, supported: supportedPrecisions(chip))
  }
  return wanted
}
