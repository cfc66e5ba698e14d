import FleetData
import Foundation
import Quantities

/// The step cost and the limits of one group, as the engine reads them at every event.
struct StepModel: BitwiseCopyable {
  var d, q, u, w, e, s, r, v, o, y, z, f, g: Double
  /// Tokens each sequence gains per step: 1 without speculation.
  var tokensPerStep: Double
  /// KV tokens that fit, KV tokens charged per sequence for its last block, and those admissions leave free.
  var capacity, slack, reserve: Double
  /// Seconds to move one KV token to or from the host; negative = recompute instead.
  var swapPerToken: Double
  /// Seconds per KV token and seconds of latency to a decode group; negative = decode here.
  var transferPerToken, transferLatency: Double
  /// Seconds to read one token's KV back from the prefix cache on the host.
  var hostReadPerToken: Double
  var maxBatch: Int32
  var chunk: Int32
  var site: Int32

  init(_ group: ReplicaGroup, limits: SchedulerLimits, site: Int) {
    let cost = group.profile.step
    let gamma = Double(group.speculation?.draftTokens ?? 0)
    d = cost.computePerSequence * (gamma + 1)
    q = cost.computePerPrefillToken
    u = cost.computePerAttentionPair
    w = cost.weightRead
    e = cost.expertRead
    s = cost.expertMissShare
    r = cost.kvReadPerToken
    v = cost.stateReadPerSequence
    o = cost.overhead + gamma * (group.speculation?.draftStep.value ?? 0)
    y = cost.overheadPerSequence
    z = cost.overheadPerPrefillToken
    f = cost.computeFloorShare
    g = cost.memoryFloorShare
    tokensPerStep = group.speculation?.tokensPerStep ?? 1
    let share = 1 - (group.prefixCache?.deviceShare ?? 0)
    capacity = (Double(group.profile.kvCapacityTokens) * share).rounded(.down)
    slack = Double(limits.kvBlockTokens - 1)
    reserve = (capacity * limits.watermark).rounded()
    hostReadPerToken =
      group.profile.kvBytesPerToken.value / (group.prefixCache?.hostBandwidth.value ?? .infinity)
    swapPerToken = -1
    if case .swap(let bandwidth) = limits.preemption {
      swapPerToken = group.profile.kvBytesPerToken.value / bandwidth.value
    }
    transferPerToken = -1
    transferLatency = 0
    if case .prefill(let link) = group.role {
      transferPerToken = group.profile.kvBytesPerToken.value / link.bandwidth.value
      transferLatency = link.latency.value
    }
    chunk = Int32(clamping: limits.chunkTokens)
    maxBatch = Int32(clamping: min(limits.maxBatch, group.profile.maxSequences, limits.chunkTokens))
    self.site = Int32(site)
  }

  /// Decode steps that `tokens` more tokens of one sequence take: ⌈tokens / E⌉.
  @inline(__always)
  func steps(for tokens: Int32) -> Double {
    tokensPerStep == 1 ? Double(tokens) : (Double(tokens) / tokensPerStep).rounded(.up)
  }

  /// The decode run of `sequences` over `kv` cached tokens.
  @inline(__always)
  func decodeRun(sequences: Double, kv: Double) -> DecodeRun {
    DecodeRun(
      compute: sequences * d, memory: memory(sequences: sequences, prefill: 0, kv: kv),
      growth: sequences * tokensPerStep * r, overhead: o + sequences * y)
  }

  /// Seconds of memory traffic of one step.
  @inline(__always)
  func memory(sequences: Double, prefill: Double, kv: Double) -> Double {
    var time = w + kv * r + sequences * v
    if e > 0 { time += e * (1 - pow(s, sequences + prefill)) }
    return time
  }

  /// Seconds of one step that decodes `sequences` and prefills `prefill` tokens with `pairs` attention pairs.
  @inline(__always)
  func step(sequences: Double, kv: Double, prefill: Double, pairs: Double) -> Double {
    let compute = sequences * d + prefill * q + pairs * u
    return max(compute, memory(sequences: sequences, prefill: prefill, kv: kv)) + o + sequences * y
      + prefill * z
  }

  /// The physical floor of the same step: compute at peak, memory at full bandwidth.
  @inline(__always)
  func floor(sequences: Double, kv: Double, prefill: Double, pairs: Double) -> Double {
    let compute = sequences * d + prefill * q + pairs * u
    return max(compute * f, memory(sequences: sequences, prefill: prefill, kv: kv) * g)
  }
}
