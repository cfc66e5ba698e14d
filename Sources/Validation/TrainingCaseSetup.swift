import FleetData
import Performance

extension TrainingCase {
  /// The run as the model understands it. What a row leaves unsaid is filled by these rules, never by its name:
  ///
  /// - recompute: a tuned partial policy on TPUs, attention only on GPUs;
  /// - tensor and pipeline ways under one "model parallel" number: tensor fills a domain of 8;
  /// - no sharding at all: the fastest that fits;
  /// - tokens per step: whole sequences per chip, up to 8, that fit beside the training state.
  func setup(
    _ spec: TransformerSpec, chip: ChipSpec, sequence: Int, efficiency: TrainingEfficiencyTable
  ) throws -> TrainingSetup {
    let slices = slicesStated(chip)
    let sharding = stated(chip, slices: slices)
    var setup = TrainingSetup(
      model: spec, chip: chip, slice: .standard(chips: nChips / slices, on: chip), slices: slices,
      sharding: sharding ?? Sharding(data: nChips), tokensPerStep: tokensPerStep ?? 0, sequence: sequence,
      precision: precision.flatMap { Precision(rawValue: $0) } ?? .bf16, recompute: recompute(chip),
      microbatch: parallelism.microbatch, interleave: parallelism.vp ?? parallelism.interleave)
    setup.sequenceParallel =
      parallelism.sequenceParallel ?? (chip.family == .tpu || setup.recompute != .full)
    if tokensPerStep == nil { setup.tokensPerStep = nChips * assumedTokensPerChip(spec, chip, sequence) }
    if sharding == nil || needsPipeline {
      setup.sharding = try searched(setup, efficiency: efficiency)
    }
    return setup
  }

  /// A large tensor-parallel GPU run whose pipeline is unstated.
  private var needsPipeline: Bool {
    parallelism.pp == nil && parallelism.modelParallel == nil && parallelism.dp == nil
      && parallelism.fsdp == nil && parallelism.cp == nil
  }

  private func searched(
    _ setup: TrainingSetup, efficiency: TrainingEfficiencyTable
  ) throws -> Sharding {
    let all = try bestTrainingShardings(
      setup, recompute: setup.recompute, limit: .max, efficiency: efficiency)
    let fitting = all.first { choice in
      parallelism.tp.map { $0 == choice.setup.sharding.tensor } ?? true
    }
    return (fitting ?? all[0]).setup.sharding
  }

  func recompute(_ chip: ChipSpec) -> Recompute {
    guard let text = remat?.lowercased() else { return chip.family == .tpu ? .partial : .selective }
    if text.hasPrefix("full") { return .full }
    let offloads = text.contains("offload")
    if text.contains("minimal") { return offloads ? .offloaded : .selective }
    if text.contains("selective") { return .selective }
    // MaxText's policies that keep some projections (`qkv_proj_offloaded`, `save_out_proj`) repeat the FFN.
    if text.contains("proj") || text.contains("custom") { return .partial }
    return offloads ? .offloaded : Recompute.none
  }

  private func slicesStated(_ chip: ChipSpec) -> Int {
    guard case .torus = chip.interconnect else { return 1 }
    let slices = parallelism.dcnDp ?? parallelism.dcnDpOrFsdp ?? 1
    return nChips.isMultiple(of: slices) ? slices : 1
  }

  /// The sharding in chips, or `nil` when the row names no axis. What the named axes leave goes to FSDP where the
  /// row uses it, to data otherwise.
  private func stated(_ chip: ChipSpec, slices: Int) -> Sharding? {
    let p = parallelism
    var tensor = p.tp ?? 1
    var pipeline = p.pp ?? 1
    if let ways = p.modelParallel {
      tensor = min(8, ways)
      pipeline = max(1, ways / tensor)
    }
    let named = [p.tp, p.pp, p.fsdp, p.modelParallel, p.cp, p.ep].contains { $0 != nil }
    guard named else { return nil }
    let devices = (p.fsdp ?? 1) * tensor * pipeline * slices
    let perChip = devices > nChips && devices.isMultiple(of: nChips) ? devices / nChips : 1
    let context = max(1, (p.cp ?? 1) / perChip)
    let expert = p.ep ?? 1
    let rest = nChips / (tensor * pipeline * context * expert)
    guard rest >= 1, rest * tensor * pipeline * context * expert == nChips else { return nil }
    var fsdp = 1
    if let ways = p.fsdp {
      fsdp = chip.family == .tpu ? rest / (p.dcnDp ?? 1) : min(rest, ways)
      if !rest.isMultiple(of: fsdp) { fsdp = rest }
    }
    return Sharding(
      data: rest / fsdp, fsdp: fsdp, tensor: tensor, pipeline: pipeline, expert: expert,
      sequence: context)
  }

  private func assumedTokensPerChip(_ spec: TransformerSpec, _ chip: ChipSpec, _ sequence: Int) -> Int {
    let state = 12 * ModelCounts(spec).totalParameters / Double(nChips)
    let room = 0.9 * chip.hbmCapacity.value.value - state
    let perSequence = 3 * Double(spec.layers.count * spec.modelWidth) * Double(sequence)
    return sequence * max(1, min(8, Int(max(0, room) / perSequence)))
  }
}
