import FleetData
import Foundation
import Quantities

/// Seconds of communication of one step, per chip, before any overlap.
extension TrainingModel {
  private var links: LinkEfficiency { .typical(of: setup.chip) }
  private var layersPerStage: Double { Double(counts.layers) / Double(setup.sharding.pipeline) }
  /// Tokens of one microbatch that one tensor group holds.
  private var tokensPerMicrobatch: Double {
    setup.tokensPerReplica / microbatches / Double(setup.sharding.sequence)
  }
  private var forwardRepeats: Double { setup.recompute.repeatsCollectives ? 3 : 2 }

  private func seconds(_ kind: Collective, _ bytes: Double, along axis: SliceNetwork.Axis) -> Double {
    kind.time(Bytes(bytes), over: network[axis], at: links).value
  }

  /// Sharded weights are gathered forward and backward, their gradients scattered, layer by layer and microbatch by
  /// microbatch: 3 · L · V/n, in bf16.
  var gatherSeconds: Double {
    guard setup.sharding.fsdp > 1 else { return 0 }
    let ways = Double(setup.sharding.tensor * setup.sharding.pipeline)
    let dense = counts.totalParameters - counts.expertParameters
    let held = dense / ways + counts.expertParameters / ways / Double(setup.sharding.expert)
    let layer = 2 * held / layersPerStage
    let rounds = setup.sharding.pipeline > 1 ? 1 : microbatches
    return layersPerStage * rounds
      * (2 * seconds(.allGather, layer, along: .fsdp) + seconds(.reduceScatter, layer, along: .fsdp))
  }

  /// Activations are reduced over the tensor group after attention and after the FFN, forward and backward.
  var tensorSeconds: Double {
    guard setup.sharding.tensor > 1 else { return 0 }
    let bytes = 2 * tokensPerMicrobatch * Double(counts.modelWidth)
    let count = Double(counts.reductions) / Double(setup.sharding.pipeline) * forwardRepeats * microbatches
    return count * seconds(.allReduce, bytes, along: .tensor)
  }

  /// Tokens travel to their experts in the matmuls' format and come back in bf16, forward and backward.
  ///
  /// Beyond a domain a token crosses once to every domain that holds any of its k experts and is handed on inside:
  /// of p domains an expected p·(1 − (1 − 1/p)^k) are reached.
  /// - Source: DeepSeek-V3 technical report 2024, section 3.2 (dispatch in fp8, one crossing a node).
  var expertSeconds: Double {
    guard setup.sharding.expert > 1 else { return 0 }
    let topK = Double(counts.expertGroups.map(\.topK).max() ?? 0)
    let ways = Double(setup.sharding.expert)
    let places = Double(network[.expert].outer?.parts ?? setup.sharding.expert)
    let copies = places * (1 - pow(1 - 1 / places, topK))
    // Every member holds one microbatch; the whole shuffle is the group's.
    let element = (min(2, setup.precision.bytesPerElement) + 2) / 2
    let shuffled = element * tokensPerMicrobatch * Double(counts.routedWidth) * copies * ways
    let count =
      2 * Double(counts.expertLayers) / Double(setup.sharding.pipeline) * forwardRepeats * microbatches
    return count * seconds(.allToAll, shuffled / Double(setup.sharding.tensor), along: .expert)
  }

  /// Context parallelism: each layer gathers the keys and values of its sequences, and scatters their gradients.
  var sequenceSeconds: Double {
    guard setup.sharding.sequence > 1 else { return 0 }
    let tokens = tokensPerMicrobatch * Double(setup.sharding.sequence)
    let perLayer = 2 * tokens * work.kvElements / Double(counts.layers) / Double(setup.sharding.tensor)
    return layersPerStage * microbatches * 3 * seconds(.allGather, perLayer, along: .sequence)
  }

  /// Activations cross to the next stage and gradients come back, once per microbatch and chunk.
  var pipelineSeconds: Double {
    guard setup.sharding.pipeline > 1 else { return 0 }
    let split = setup.sequenceParallel ? Double(setup.sharding.tensor) : 1
    let bytes = 2 * tokensPerMicrobatch * Double(counts.modelWidth) / split
    return 2 * microbatches * interleave * seconds(.permute, bytes, along: .pipeline)
  }

  /// Replicas average their gradients: reduce-scatter in fp32, all-gather of the updated bf16 weights.
  var gradientSeconds: Double {
    let share = 1 / setup.weightWays
    let dense = (counts.totalParameters - counts.expertParameters) * share
    let experts = counts.expertParameters * share / Double(setup.sharding.expert)
    var total = 0.0
    if setup.sharding.data > 1 {
      total += seconds(.reduceScatter, 4 * (dense + experts), along: .data)
      total += seconds(.allGather, 2 * (dense + experts), along: .data)
    }
    if setup.sharding.expert > 1 {
      total += seconds(.reduceScatter, 4 * dense, along: .expert)
      total += seconds(.allGather, 2 * dense, along: .expert)
    }
    return total
  }

  func logBase2(_ value: Double) -> Double { log2(value) }
}

/// Chunks of layers a stage runs when the schedule is unstated: plain when microbatches are plenty, else the count that
/// wastes least on bubbles and uneven chunks.
func defaultInterleave(_ setup: TrainingSetup, microbatches: Double) -> Int {
  let stages = setup.sharding.pipeline
  guard stages > 1, microbatches < Double(4 * stages) else { return 1 }
  let layers = Double(setup.model.layers.count)
  func cost(_ chunks: Int) -> Double {
    let parts = Double(stages * chunks)
    let uneven = (layers / parts).rounded(.up) * parts / layers
    return uneven * (1 + Double(stages - 1) / (microbatches * Double(chunks)))
  }
  let choices = 1...max(1, setup.model.layers.count / stages)
  return choices.min { (cost($0), $0) < (cost($1), $1) } ?? 1
}
