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
  @Option(help: "Tokens of one training step.") var tokensPerStep: Int?
  @OptionGroup var formats: EstimatePrecisions
  @OptionGroup var axes: EstimateSharding
  @Option(help: "latency, throughput or cost: what the sharding is searched for.")
  var goal: SearchGoal = .latency
  @Option(help: "How many other shardings to show after the best.") var runnersUp: Int = 3
  @OptionGroup var catalog: CatalogOption
  @OptionGroup var output: FormatOption

  func run() async throws {
    let loaded = try catalog.load()
    let answer: EstimateAnswer
    do {
      let chipSpec = try loaded.chip(chip)
      let shape = try sliceShape(chipSpec)
      let spec = try readModel(model, catalog: loaded)
      answer = try phase == .train ? train(spec, chipSpec, shape) : serve(spec, chipSpec, shape)
    } catch let error as EstimateError {
      throw ExitError(.badContent, [error.diagnostic])
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
      return shape
    }
    guard let chips, chips >= 1 else { throw ValidationError("state --chips N or --slice AxB") }
    return .standard(chips: chips, on: chip)
  }

  private func serve(_ spec: TransformerSpec, _ chip: ChipSpec, _ slice: SliceTopology) throws
    -> EstimateAnswer
  {
    let step = try servingStep(spec)
    let found: [ServingChoice]
    if let sharding = axes.sharding(chips: slice.chips) {
      let instance = try InferenceModel(
        model: spec, chip: chip, slice: slice, sharding: sharding, weights: formats.weights,
        kv: formats.kvOrDefault, arithmetic: formats.arithmetic)
      found = [try instance.choice(for: step, goal: goal)]
    } else {
      found = try bestServingShardings(
        of: spec, on: chip, slice: slice, step: step, weights: formats.weights, kv: formats.kvOrDefault,
        arithmetic: formats.arithmetic, goal: goal, limit: 1 + max(0, runnersUp))
    }
    return EstimateAnswer(
      model: spec, chip: chip, phase: phase.rawValue, choices: found.map(EstimateAnswer.Choice.init))
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
    let sharding = axes.sharding(chips: slice.chips)
    let setup = TrainingSetup(
      model: spec, chip: chip, slice: slice, sharding: sharding ?? Sharding(data: slice.chips),
      tokensPerStep: tokensPerStep ?? batch * sequence, sequence: sequence, precision: formats.weights)
    if sharding != nil {
      let estimate = try trainingStep(setup)
      return EstimateAnswer(
        model: spec, chip: chip, phase: "train",
        choices: [EstimateAnswer.Choice(TrainingChoice(setup: setup, estimate: estimate))])
    }
    let found = try bestTrainingShardings(setup, limit: 1 + max(0, runnersUp))
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
