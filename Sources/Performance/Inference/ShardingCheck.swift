import FleetData

/// Refuses shardings that do not fill the slice or do not divide the model.
func validate(
  _ sharding: Sharding, of model: TransformerSpec, counts: ModelCounts, on slice: SliceTopology,
  chip: ChipSpec
) throws(EstimateError) {
  let axes = [
    ("data", sharding.data), ("fsdp", sharding.fsdp), ("tensor", sharding.tensor),
    ("pipeline", sharding.pipeline), ("expert", sharding.expert), ("sequence", sharding.sequence),
  ]
  for (name, ways) in axes where ways < 1 { throw .invalid(what: name, value: ways) }
  if case .torus(let links) = chip.interconnect, slice.chips > links.maxPodChips {
    throw .sliceTooLarge(chips: slice.chips, limit: links.maxPodChips, chip: chip.id)
  }
  try validateTensor(sharding.tensor, of: model)
  guard sharding.chips == slice.chips else {
    throw .shardingDoesNotFillSlice(shardingChips: sharding.chips, sliceChips: slice.chips)
  }
  if model.layers.count % sharding.pipeline != 0 {
    throw .shardingDoesNotDivide(
      axis: "pipeline", ways: sharding.pipeline, size: model.layers.count, what: "layers")
  }
  if sharding.expert > 1 {
    guard let experts = counts.expertGroups.map(\.count).min() else {
      throw .noRoutedExperts(model: model.id, ways: sharding.expert)
    }
    if experts % sharding.expert != 0 {
      throw .shardingDoesNotDivide(
        axis: "expert", ways: sharding.expert, size: experts, what: "routed experts")
    }
  }
}

/// Tensor parallelism divides heads and FFN width; beyond the heads it must be a multiple of them, so that each
/// head's work is shared by the same number of chips.
private func validateTensor(_ ways: Int, of model: TransformerSpec) throws(EstimateError) {
  guard ways > 1 else { return }
  for layer in model.layers {
    let heads: Int? =
      switch layer.mixer {
      case .attention(let a): a.heads
      case .latentAttention(let a): a.heads
      case .ssm(let s): s.heads > 0 ? s.heads : s.innerWidth
      case .none: nil
      }
    if let heads, heads % ways != 0, ways % heads != 0 {
      throw .shardingDoesNotDivide(axis: "tensor", ways: ways, size: heads, what: "heads")
    }
    let width: Int? =
      switch layer.ffn {
      case .dense(let d): d.width
      case .experts(let e): e.expertWidth
      case nil: nil
      }
    if let width, width % ways != 0 {
      throw .shardingDoesNotDivide(axis: "tensor", ways: ways, size: width, what: "FFN columns")
    }
  }
}
