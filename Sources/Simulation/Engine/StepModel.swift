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
  /// The same from the remote tier, whose link all replicas of the group share.
  var remoteReadPerToken: Double
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
    remoteReadPerToken =
      group.profile.kvBytesPerToken.value / (group.prefixCache?.remoteBandwidth.value ?? .infinity)
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

  /// Seconds of one step.
  func step(_ load: StepLoad) -> Double {
    let b = load.sequences
    let compute = matmul(b) + (load.prefill > 0 ? load.prefill * q + h : 0)
    return max(compute, weights(load)) + reads(load) * cacheShare(b) + load.pairs * u + o + b * y
      + load.prefill * z
  }

  /// Seconds of matmul of the decoding sequences.
  func matmul(_ sequences: Double) -> Double {
    groups > 1 ? ceiling(sequences / groups) * groups * d : sequences * d
  }

  /// The physical floor of the same step: compute at peak, memory at full bandwidth.
  @inline(__always)
  func floor(_ load: StepLoad) -> Double {
    let compute = load.sequences * d + load.prefill * q + load.pairs * u
    return max(compute * f, (weights(load) + reads(load)) * g)
  }

  /// Seconds to read the caches of the decoding sequences when every chip reads an even share.
  @inline(__always)
  private func reads(_ load: StepLoad) -> Double {
    load.kv * r + min(load.kv, load.sequences * window) * m + load.sequences * v
  }

  /// κ: how much longer cache reads take than if every chip read an even share.
  func cacheShare(_ sequences: Double) -> Double {
    guard groups > 1 || split > 1, sequences > 0 else { return 1 }
    return max(ceiling(sequences / groups) * groups, split) / sequences
  }

  /// Seconds to read the weights a step touches.
  func weights(_ load: StepLoad) -> Double {
    e > 0 ? w + e * (1 - pow(s, load.sequences * candidates + load.prefill)) : w
  }
}

/// What one step works on: decoding sequences and the cached tokens they read, prompt tokens and their attention pairs.
struct StepLoad {
  var sequences: Double
  var kv: Double
  var prefill = 0.0
  var pairs = 0.0
}
