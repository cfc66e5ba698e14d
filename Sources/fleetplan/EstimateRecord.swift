import FleetData
import Performance

/// The JSON shape `estimate/1`.
struct EstimateRecord: Encodable {
  struct Breakdown: Encodable {
    var computeS, hbmS, interconnectS, overheadS: Double
    enum CodingKeys: String, CodingKey {
      case computeS = "compute_s"
      case hbmS = "hbm_s"
      case interconnectS = "interconnect_s"
      case overheadS = "overhead_s"
    }
  }

  struct Memory: Encodable {
    var weights, kv, other, total, capacity: Double
    var fits: Bool
    enum CodingKeys: String, CodingKey {
      case fits
      case weights = "weights_bytes"
      case kv = "kv_bytes"
      case other = "other_bytes"
      case total = "total_bytes"
      case capacity = "capacity_bytes"
    }
  }

  struct Alternative: Encodable {
    var sharding: Sharding
    var slice: String
    var timeS: Double
    var tokensPerS: Double
    enum CodingKeys: String, CodingKey {
      case sharding, slice
      case timeS = "time_s"
      case tokensPerS = "tokens_per_s"
    }
  }

  var schema = "estimate/1"
  var model = ""
  var chip = ""
  var phase = ""
  var slice: String
  var chips: Int
  var batch: Int?
  var timeS: Double
  var bound: String
  var breakdown: Breakdown
  var lowerBoundS: Double
  var tokensPerS: Double
  var mfu: Double
  var flops: Double
  var hbmBytes: Double
  var memory: Memory
  var sharding: Sharding
  var grade: String
  var errorBand: Double?
  var alternatives: [Alternative] = []

  init(_ choice: EstimateAnswer.Choice) {
    let e = choice.estimate
    slice = choice.slice.description
    chips = choice.slice.chips
    batch = choice.batch
    timeS = e.time.value
    bound = e.bound.rawValue
    breakdown = Breakdown(
      computeS: e.breakdown.compute.value, hbmS: e.breakdown.hbm.value,
      interconnectS: e.breakdown.interconnect.value, overheadS: e.breakdown.overhead.value)
    lowerBoundS = e.lowerBound.value
    tokensPerS = choice.tokensPerSecond
    mfu = e.mfu
    flops = e.flops.value
    hbmBytes = e.hbmBytes.value
    memory = Memory(
      weights: e.memory.weights.value, kv: e.memory.kvCache.value, other: e.memory.other.value,
      total: e.memory.total.value, capacity: e.memory.capacity.value, fits: e.memory.fits)
    sharding = e.sharding
    grade = e.grade.rawValue
    errorBand = e.errorBand
  }

  enum CodingKeys: String, CodingKey {
    case schema, model, chip, phase, slice, chips, batch, bound, breakdown, mfu, flops, memory, sharding,
      grade
    case alternatives
    case timeS = "time_s"
    case lowerBoundS = "lower_bound_s"
    case tokensPerS = "tokens_per_s"
    case hbmBytes = "hbm_bytes"
    case errorBand = "error_band"
  }
}
