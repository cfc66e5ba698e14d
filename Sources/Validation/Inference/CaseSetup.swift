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
  /// Assumptions made where the row is silent.
  var hasShape: Bool
  var input: Int?
  var output: Int?
  /// Sequences per replica, when the row states them.
  var batch: Double?
  /// The engine's own limit on sequences per replica.
  var limit: Double?

  init(_ row: MeasuredCase, catalog: Catalog, table: EfficiencyTable) throws(Diagnostic) {
    self.row = row
    chip = try row.chip(in: catalog)
    software = row.software
    hasShape = row.model.hasShape
    let spec = row.model.spec
    let weights = try precision(row.precision.weights)
    let layout = layout(of: row, chip: chip, weightBytes: row.model.params * weights.bytesPerElement)
    replicas = layout.replicas
    let slice = SliceTopology.standard(chips: layout.sharding.chips, on: chip)
    let arithmetic = try arithmetic(row.precision, chip: chip, weights: weights)
    do {
      instance = try InferenceModel(
        model: spec, counts: ModelCounts(spec), chip: chip, slice: slice, sharding: layout.sharding,
        weights: weights, kv: try cacheFormat(row, weights: weights), arithmetic: arithmetic,
        entry: table.entry(for: chip, software: software), checked: false)
    } catch let error as EstimateError {
      throw error.diagnostic
    } catch let error as Diagnostic {
      throw error
    } catch { throw Diagnostic("\(error)") }
    let assumed = row.workload.phase == "offline_throughput" ? row.dataSetLengths : nil
    input = row.workload.inputTokens ?? assumed?.input
    output = row.workload.outputTokens ?? assumed?.output
    batch = row.workload.batch.map { Double($0) / Double(layout.replicas) }
    let ranks = row.parallelism?.attentionData == true ? layout.sharding.chips : 1
    limit = row.parallelism?.batchPerReplica.map { Double($0 * ranks) }
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
private func cacheFormat(_ row: MeasuredCase, weights: Precision) throws(Diagnostic) -> Precision {
  if let kv = row.precision.kv { return try precision(kv) }
  if ["vllm-serving", "sglang-serving", "vllm-tpu", "sglang-jax"].contains(row.software) { return .bf16 }
  return weights.bytesPerElement <= 1 ? .fp8 : .bf16
}

/// Replicas, and how each is sharded. What a row leaves unsaid is filled by these rules:
///
/// - no layout at all in a benchmark submission: the fewest chips of which weights take at most 60 %, tensor ways
///   up to 8, pipeline stages beyond;
/// - chips that the named ways leave over: data parallel;
/// - attention run data-parallel: its ranks are expert ways.
private func layout(
  of row: MeasuredCase, chip: ChipSpec, weightBytes: Double
) -> (sharding: Sharding, replicas: Int) {
  let chips = row.hardware.nChips
  let named = row.parallelism
  if named?.isEmpty ?? true, row.scenario != nil || row.workload.phase == "offline_throughput", chips > 1,
    chip.family == .gpu
  {
    var (tensor, stages) = (1, 1)
    func tight() -> Bool { weightBytes > 0.6 * Double(tensor * stages) * chip.hbmCapacity.value.value }
    while tensor < min(8, chips), tight() { tensor *= 2 }
    while tensor * stages < chips, tight() { stages *= 2 }
    return (Sharding(tensor: tensor, pipeline: stages), max(1, chips / (tensor * stages)))
  }
  let replicas = max(1, named?.replicas ?? 1)
  let each = max(1, chips / replicas)
  if named?.attentionData == true { return (Sharding(expert: each), replicas) }
  let stages = max(1, named?.pipeline ?? 1)
  var tensor = named?.tensor ?? each / stages
  // A v7x chip is two devices: tensor ways are counted in devices there.
  if tensor * stages > each || chip.id == "tpu7x" { tensor = max(1, each / stages) }
  let data = max(1, each / (tensor * stages))
  return (Sharding(data: data, tensor: tensor, pipeline: stages), replicas)
}
