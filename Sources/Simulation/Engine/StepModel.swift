import FleetData
import Foundation
import Quantities

/// The step cost and the limits of one group, as the engine reads them at every event.
struct StepModel: BitwiseCopyable {
  var d, q, h, u, w, e, s, r, m, window, v, o, y, z, f, g, groups, split: Double
  /// Tokens each sequence passes through the model per step: its last and its drafts.
  var candidates: Double
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
    candidates = gamma + 1
    d = cost.computePerSequence * candidates
    q = cost.computePerPrefillToken
    h = cost.computePerPrefill
    u = cost.computePerAttentionPair
    w = cost.weightRead
    e = cost.expertRead
    s = cost.expertMissShare
    r = cost.kvReadPerToken
    m = cost.windowReadPerToken
    window = cost.windowTokens
    v = cost.stateReadPerSequence
    groups = cost.groups
    split = cost.cacheSplitSequences
    o = cost.overhead + gamma * (group.speculation?.draftStep.value ?? 0)
    y = cost.overheadPerSequence * candidates
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
    let share = cacheShare(sequences)
    let added = sequences * tokensPerStep
    let first = step(sequences: sequences, kv: kv, prefill: 0, pairs: 0)
    let growth = added * r * share
    guard m > 0, kv < sequences * window else { return DecodeRun(first: first, growth: growth) }
    let slope = growth + added * m * share
    let bend = ceiling((sequences * window - kv) / added)
    let beyond = kv + bend * added - sequences * window
    return DecodeRun(
      first: first, growth: slope, bend: bend, late: first + bend * slope - beyond * m * share,
      lateGrowth: growth)
  }

  /// Seconds of one step that decodes `sequences` and prefills `prefill` tokens with `pairs` attention pairs.
  @inline(__always)
  func step(sequences: Double, kv: Double, prefill: Double, pairs: Double) -> Double {
    let full = groups > 1 ? ceiling(sequences / groups) * groups : sequences
    let compute = full * d + (prefill > 0 ? prefill * q + h : 0)
    let reads = kv * r + min(kv, sequences * window) * m + sequences * v
    return max(compute, weights(sequences: sequences, prefill: prefill)) + reads * cacheShare(sequences)
      + pairs * u + o + sequences * y + prefill * z
  }

  /// The physical floor of the same step: compute at peak, memory at full bandwidth.
  @inline(__always)
  func floor(sequences: Double, kv: Double, prefill: Double, pairs: Double) -> Double {
    let compute = sequences * d + prefill * q + pairs * u
    let reads = kv * r + min(kv, sequences * window) * m + sequences * v
    return max(compute * f, (weights(sequences: sequences, prefill: prefill) + reads) * g)
  }

  /// κ: how much longer cache reads take than if every chip read an even share.
  @inline(__always)
  private func cacheShare(_ sequences: Double) -> Double {
    guard groups > 1 || split > 1, sequences > 0 else { return 1 }
    return max(ceiling(sequences / groups) * groups, split) / sequences
  }

  /// Seconds to read the weights a step touches.
  @inline(__always)
  private func weights(sequences: Double, prefill: Double) -> Double {
    e > 0 ? w + e * (1 - pow(s, sequences * candidates + prefill)) : w
  }
}
