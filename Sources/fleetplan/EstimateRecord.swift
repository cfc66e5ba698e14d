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

  struct Round: Encodable {
    var draft: String
    var draftTokens: Int
    var acceptance, tokensPerRound, roundS, draftStepS, secondsPerToken, plainS, speedup: Double
    enum CodingKeys: String, CodingKey {
      case draft, acceptance, speedup
      case draftTokens = "draft_tokens"
      case tokensPerRound = "tokens_per_round"
      case roundS = "round_s"
      case draftStepS = "draft_step_s"
      case secondsPerToken = "seconds_per_token"
      case plainS = "plain_step_s"
    }

    init(_ round: SpeculativeRound) {
      draft = round.draftID
      draftTokens = round.speculation.draftTokens
      acceptance = round.speculation.acceptance
      tokensPerRound = round.speculation.tokensPerRound
      roundS = round.time.value
      draftStepS = round.draftStep.value
      secondsPerToken = round.secondsPerToken.value
      plainS = round.plain.value
      speedup = round.speedup
    }
  }

  struct Training: Encodable {
    var recompute, overlap: String
    /// Model FLOPs over peak by convention.
    var utilisation: [String: Double]

    init?(_ choice: EstimateAnswer.Choice) {
      guard let setup = choice.training else { return nil }
      recompute = setup.recompute.rawValue
      overlap = setup.overlap.rawValue
      utilisation = Dictionary(
        uniqueKeysWithValues: choice.utilisations.map { ($0.convention.rawValue, $0.share) })
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
  var speculation: Round?
  var training: Training?
  var alternatives: [Alternative] = []

  init(_ choice: EstimateAnswer.Choice) {
    let e = choice.estimate
    slice = choice.slice.description
    chips = choice.chips
    speculation = choice.round.map(Round.init)
    training = Training(choice)
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
      grade, speculation, training
    case alternatives
    case timeS = "time_s"
    case lowerBoundS = "lower_bound_s"
    case tokensPerS = "tokens_per_s"
    case hbmBytes = "hbm_bytes"
    case errorBand = "error_band"
  }
}
