import ArgumentParser
import FleetData
import Foundation
import Performance
import Quantities

/// `estimate`: one point of the performance model.
struct EstimateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "How long does one step take, what bounds it, and does it fit?",
    discussion: """
      Prices one prefill, decode or training step of a model on a slice. Without sharding flags the best sharding \
      for the goal is searched, and the runners-up are shown.

      Example: fleetplan estimate --model llama-3.1-70b --chip tpu-v5e --chips 8 --phase decode --batch 32 --context 8192 --weights int8
      """)

  enum Phase: String, ExpressibleByArgument, CaseIterable { case prefill, decode, train }

  @Option(help: "A model id of `catalog list models`, or the path of a HuggingFace config.json.")
  var model: String
  @Option(help: "A chip id of `catalog list chips`.") var chip: String
  @Option(help: "Chips of the slice.") var chips: Int?
  @Option(help: "Shape of the slice, such as 4x2; by default the squarest.") var slice: String?
  @Option(help: "prefill, decode or train.") var phase: Phase = .decode
  @Option(help: "Sequences at once.") var batch: Int = 1
  @Option(help: "Cached tokens that each sequence sees; in prefill, tokens already cached.")
  var context: Int?
  @Option(help: "Prompt tokens of each sequence (prefill).") var inputTokens: Int?
  @OptionGroup var formats: EstimatePrecisions
  @OptionGroup var axes: EstimateSharding
  @OptionGroup var drafts: EstimateDrafts
  @OptionGroup var training: EstimateTraining
  @Option(help: "latency, throughput or cost: what the sharding is searched for.")
  var goal: SearchGoal = .latency
  @Option(help: "How many other shardings to show after the best.") var runnersUp: Int = 3
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var constants: EfficiencyOption
  @OptionGroup var output: FormatOption

  func run() async throws {
    let loaded = try catalog.load()
    let chipSpec = try loaded.chip(chip)
    let shape = try sliceShape(chipSpec)
    let answer: EstimateAnswer
    do {
      let spec = try readModel(model, catalog: loaded)
      let speculation = try drafts.speculation { try readModel($0, catalog: loaded) }
      guard speculation == nil || phase == .decode else {
        throw ValidationError("drafts speed up --phase decode alone")
      }
      answer =
        try phase == .train
        ? train(spec, chipSpec, shape) : serve(spec, chipSpec, shape, drafting: speculation)
    } catch let error as EstimateError {
      let chips = shape.chips * training.slices
      let narrowable = phase == .train ? nil : formats.weights
      throw ExitError(.badContent, [error.diagnostic(weights: narrowable, on: chipSpec, chips: chips)])
    }
    if output.format == .json { return try Output.json(answer.record) }
    Output.text(answer.text)
  }

  private func sliceShape(_ chip: ChipSpec) throws -> SliceTopology {
    if let slice {
      guard let shape = SliceTopology(parsing: slice) else {
        throw ValidationError("'\(slice)' is not a slice shape; write it as 4x2 or 4x4x4")
      }
      guard chips == nil || chips == shape.chips else {
        throw ValidationError("--slice \(slice) holds \(shape.chips) chips, --chips says \(chips!)")
      }
      do throws(EstimateError) { try shape.validate(on: chip) } catch {
        throw ExitError(.badContent, [error.diagnostic])
      }
      return shape
    }
    guard let chips, chips >= 1 else { throw ValidationError("state --chips N or --slice AxB") }
    let shape = SliceTopology.standard(chips: chips, on: chip)
    do throws(EstimateError) { try shape.validate(on: chip) } catch {
      // A number of chips may be a budget: it is priced all the same.
      var warning = error.diagnostic
      warning.severity = .warning
      Output.diagnostics([warning])
    }
    return shape
  }

  private func serve(
    _ spec: TransformerSpec, _ chip: ChipSpec, _ slice: SliceTopology, drafting: Speculation?
  ) throws -> EstimateAnswer {
    let step = try servingStep(spec)
    let efficiency = try constants.load().inference
    let count = 1 + max(0, runnersUp)
    let found: [ServingChoice]
    if let sharding = axes.sharding(chips: slice.chips) {
      let instance = try InferenceModel(
        model: spec, chip: chip, slice: slice, sharding: sharding, weights: formats.weights,
        kv: formats.kvOrDefault, arithmetic: formats.arithmetic, efficiency: efficiency)
      found = [try instance.choice(for: step, goal: goal)]
    } else {
      found = try bestServingShardings(
        of: spec, on: chip, slice: slice, step: step, weights: formats.weights, kv: formats.kvOrDefault,
        arithmetic: formats.arithmetic, goal: goal, limit: drafting == nil ? count : .max,
        efficiency: efficiency)
    }
    let choices =
      try drafting.map { try rounds(of: $0, found, count: count) } ?? found.map(EstimateAnswer.Choice.init)
    return EstimateAnswer(model: spec, chip: chip, phase: phase.rawValue, choices: choices)
  }

  /// The same choices with drafts, those that still fit, best first for the goal.
  private func rounds(
    of speculation: Speculation, _ found: [ServingChoice], count: Int
  ) throws -> [EstimateAnswer.Choice] {
    var choices: [EstimateAnswer.Choice] = []
    var refusal: EstimateError?
    for choice in found {
      do throws(EstimateError) {
        let round = try choice.instance.round(of: speculation, batch: choice.batch, context: context ?? 1)
        choices.append(EstimateAnswer.Choice(choice, round))
      } catch { refusal = refusal ?? error }
    }
    if choices.isEmpty, let refusal { throw refusal }
    func score(_ choice: EstimateAnswer.Choice) -> Double {
      switch goal {
      case .latency: choice.round?.secondsPerToken.value ?? 0
      case .throughput: -choice.tokensPerSecond
      case .cost: Double(choice.chips) / choice.tokensPerSecond
      }
    }
    let ranked = choices.enumerated().sorted {
      (score($0.element), $0.offset) < (score($1.element), $1.offset)
    }
    return ranked.prefix(count).map(\.element)
  }

  private func servingStep(_ spec: TransformerSpec) throws -> ServingStep {
    guard batch >= 1 else { throw ValidationError("--batch must be at least 1") }
    if phase == .prefill {
      guard let tokens = inputTokens ?? context else { throw ValidationError("prefill needs --input-tokens") }
      let cached = inputTokens == nil ? 0 : context ?? 0
      try checkContext(tokens + cached, of: spec)
      return .prefill(batch: batch, inputTokens: tokens, cached: cached)
    }
    guard let context else { throw ValidationError("decode needs --context") }
    try checkContext(context, of: spec)
    return .decode(batch: batch, context: context)
  }

  private func checkContext(_ tokens: Int, of spec: TransformerSpec) throws {
    guard tokens >= 1 else { throw ValidationError("the context must hold at least 1 token") }
    if let limit = spec.maxContext, tokens > limit {
      throw EstimateError.contextTooLong(context: tokens, limit: limit)
    }
  }

  private func train(_ spec: TransformerSpec, _ chip: ChipSpec, _ slice: SliceTopology) throws
    -> EstimateAnswer
  {
    guard let sequence = context else {
      throw ValidationError("training needs --context, the sequence length")
    }
    let efficiency = try constants.load().training
    let sharding = axes.sharding(chips: slice.chips * training.slices)
    let setup = TrainingSetup(
      model: spec, chip: chip, slice: slice, slices: training.slices,
      sharding: sharding ?? Sharding(data: slice.chips * training.slices),
      tokensPerStep: training.tokensPerStep ?? batch * sequence, sequence: sequence,
      precision: formats.weights, recompute: training.recompute ?? .full, overlap: training.overlap,
      microbatch: training.microbatch, interleave: training.interleave)
    let found: [TrainingChoice]
    if sharding != nil, training.recompute != nil {
      found = [TrainingChoice(setup: setup, estimate: try trainingStep(setup, efficiency: efficiency))]
    } else if sharding != nil {
      found = [try fastestTraining(setup, efficiency: efficiency)]
    } else {
      found = try bestTrainingShardings(
        setup, recompute: training.recompute, goal: goal, limit: 1 + max(0, runnersUp), efficiency: efficiency
      )
    }
    return EstimateAnswer(
      model: spec, chip: chip, phase: "train", choices: found.map(EstimateAnswer.Choice.init))
  }
}

extension SearchGoal: ExpressibleByArgument {}

/// Reads a catalog id, or a config.json when the name is a path.
func readModel(_ name: String, catalog: Catalog) throws -> TransformerSpec {
  guard name.hasSuffix(".json") || name.contains("/") else { return try catalog.model(name) }
  guard let data = FileManager.default.contents(atPath: name) else {
    throw ExitError(.inputMissing, "cannot read the model '\(name)'")
  }
  return try TransformerSpec(huggingFace: data, id: name)
}
