import FleetData
import Performance
import Quantities

/// A row as the performance model understands it: one instance of `replicas`, on a chip, driven by a stack.
struct CaseSetup {
  var row: MeasuredCase
  var chip: ChipSpec
  var software: String
  var instance: InferenceModel
  var replicas: Int
  var hasShape: Bool
  /// What was assumed where the row is silent, in words.
  var assumed: [String] = []
  var input: Int?
  var output: Int?
  /// Sequences per replica, when the row states them.
  var batch: Double?
  /// The engine's own limit on sequences per replica.
  var limit: Double?

  init(_ row: MeasuredCase, catalog: Catalog, table: EfficiencyTable) throws(Diagnostic) {
    self.row = row
    chip = try row.chip(in: catalog)
    let stack = row.software
    software = stack.id
    hasShape = row.model.hasShape
    let spec = row.model.spec
    let weights = try precision(row.precision.weights)
    let layout = layout(of: row, chip: chip, weightBytes: row.model.params * weights.bytesPerElement)
    replicas = layout.replicas
    let slice = SliceTopology.standard(chips: layout.sharding.chips, on: chip)
    let arithmetic = try arithmetic(row.precision, chip: chip, weights: weights)
    let cache = try cacheFormat(row, weights: weights, software: software)
    do throws(EstimateError) {
      instance = try InferenceModel(
        model: spec, counts: ModelCounts(spec), chip: chip, slice: slice, sharding: layout.sharding,
        weights: weights, kv: cache.format, arithmetic: arithmetic,
        entry: table.entry(for: chip, software: software), checked: false)
    } catch { throw error.diagnostic }
    let lengths = row.workload.phase == "offline_throughput" ? row.assumedLengths : nil
    input = row.workload.inputTokens ?? lengths?.input
    output = row.workload.outputTokens ?? lengths?.output
    batch = row.workload.batch.map { Double($0) / Double(layout.replicas) }
    let ranks = row.parallelism?.attentionData == true ? layout.sharding.chips : 1
    limit = row.parallelism?.batchPerReplica.map { Double($0 * ranks) }
    assumed = [stack.assumption, layout.assumption, cache.assumption].compactMap(\.self)
    if !hasShape { assumed.append("a shape filled from the total and active parameters") }
    if let lengths, row.workload.inputTokens == nil || row.workload.outputTokens == nil {
      assumed.append("\(input ?? 0) tokens in, \(output ?? 0) out: \(lengths.basis)")
    }
    noteRunning()
  }

  /// What the row leaves open of how many sequences run and how long each may take.
  private mutating func noteRunning() {
    switch row.workload.phase {
    case "offline_throughput" where batch == nil && limit == nil:
      assumed.append("as many sequences as the cache holds, at most 2,048 a replica")
    case "prefill" where batch == nil: assumed.append("8 prompts at once")
    default: break
    }
    if let limit = row.tokenLimit { assumed.append("\(Int(limit * 1000)) ms per output token at most") }
    if let slots = row.staticCache { assumed.append("cache slots of \(slots) tokens, read whole") }
  }

  func batching(_ table: EfficiencyTable) -> ContinuousBatching {
    ContinuousBatching(
      instance: instance.priced(with: table.entry(for: chip, software: software)),
      software: table.stack(software, for: chip), beams: row.beams, staticCache: row.staticCache)
  }
}

private func precision(_ text: String) throws(Diagnostic) -> Precision {
  let name = text.lowercased() == "fp16" ? "bf16" : text.lowercased()
  guard let precision = Precision(rawValue: name) else {
    throw Diagnostic("the row's precision is not one we know", found: text)
  }
  return precision
}

/// The format multiplied: the activations' where stated; 16 bits where the chip lacks it.
private func arithmetic(
  _ formats: MeasuredCase.Formats, chip: ChipSpec, weights: Precision
) throws(Diagnostic) -> Precision {
  let wanted = try precision(formats.activations ?? formats.weights)
  if chip.peak[wanted] != nil { return wanted }
  if wanted == .fp8 && chip.peak[.int8] != nil { return .int8 }
  return .bf16
}

/// The cache's format where unstated: engines that default to the activations' type keep 16 bits, others store
/// 8 bits under quantised weights.
private func cacheFormat(
  _ row: MeasuredCase, weights: Precision, software: String
) throws(Diagnostic) -> (format: Precision, assumption: String?) {
  if let kv = row.precision.kv { return (try precision(kv), nil) }
  let wide = ["vllm-serving", "sglang-serving", "vllm-tpu", "sglang-jax"].contains(software)
  let format: Precision = wide || weights.bytesPerElement > 1 ? .bf16 : .fp8
  return (format, "a \(format.rawValue) cache")
}

/// Replicas, and how each is sharded. What a row leaves unsaid is filled by these rules:
///
/// - no layout at all in a benchmark submission: the fewest chips of which weights take at most 60 %, tensor ways
///   up to 8, pipeline stages beyond;
/// - chips that the named ways leave over: data parallel;
/// - attention run data-parallel: its ranks are expert ways.
private func layout(
  of row: MeasuredCase, chip: ChipSpec, weightBytes: Double
) -> (sharding: Sharding, replicas: Int, assumption: String?) {
  let chips = row.hardware.nChips
  let named = row.parallelism
  if named?.isEmpty ?? true, row.scenario != nil || row.workload.phase == "offline_throughput", chips > 1,
    chip.family == .gpu
  {
    var (tensor, stages) = (1, 1)
    func tight() -> Bool { weightBytes > 0.6 * Double(tensor * stages) * chip.hbmCapacity.value.value }
    while tensor < min(8, chips), tight() { tensor *= 2 }
    while tensor * stages < chips, tight() { stages *= 2 }
    return (
      Sharding(tensor: tensor, pipeline: stages), max(1, chips / (tensor * stages)),
      "replicas of \(tensor * stages) chips, the fewest that hold the weights"
    )
  }
  let replicas = max(1, named?.replicas ?? 1)
  let each = max(1, chips / replicas)
  if named?.attentionData == true { return (Sharding(expert: each), replicas, nil) }
  let stages = max(1, named?.pipeline ?? 1)
  if let devices = idleLayout(named, chip: chip, chips: each) { return devices }
  var tensor = named?.tensor ?? each / stages
  // A v7x chip is two devices: tensor ways are counted in devices there.
  if tensor * stages > each || chip.id == "tpu7x" { tensor = max(1, each / stages) }
  let data = max(1, each / (tensor * stages))
  let unstated = named?.isEmpty ?? true
  return (
    Sharding(data: data, tensor: tensor, pipeline: stages), replicas,
    unstated && each > 1 ? "tensor parallel over all \(each) chips" : nil
  )
}

/// A v7x chip is two devices: a row that names fewer tensor ways than devices, and nothing else, leaves the rest idle.
private func idleLayout(
  _ named: CaseParallelism?, chip: ChipSpec, chips: Int
) -> (sharding: Sharding, replicas: Int, assumption: String?)? {
  guard chip.id == "tpu7x", let ways = named?.tensor, named?.data == nil, named?.replicas == nil, chips > 1,
    ways < 2 * chips
  else { return nil }
  let used = max(1, ways / 2)
  return (Sharding(tensor: used), 1, "\(used) of \(chips) chips at work, as two devices make a chip")
}
