import Economics
import FleetData
import Performance

/// "What does a longer context cost, and which architecture bears it best?"
public struct ContextQuestion: Sendable {
  public var models: [TransformerSpec]
  /// Everything but the model and the prompt's length.
  public var serving: ScaleQuestion
  /// Prompt lengths in tokens, rising.
  public var contexts: [Int]

  public init(
    models: [TransformerSpec], serving: ScaleQuestion,
    contexts: [Int] = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 17, 1 << 18, 1 << 20]
  ) {
    self.models = models
    self.serving = serving
    self.contexts = contexts
  }

  /// One model of each kind of attention: multi-head, grouped, latent, windowed, and a state-space hybrid.
  public static let architectures = [
    "llama-2-7b", "llama-3.1-8b", "deepseek-v3", "gemma-3-27b", "nemotron-h-8b",
  ]
}

/// One model at one context length.
struct ContextPoint: Sendable {
  var model: TransformerSpec
  var counts: ModelCounts
  var context: Int
  /// Bytes of cache and state of one sequence.
  var cacheBytes: Double
  /// `nil` when the caches of one request fit no slice that is fast enough.
  var point: ServingPoint?
  var refusal: String?
  /// Dollars per million output tokens and per request.
  var usdPerMillion: Double?
  var usdPerRequest: Double?
  /// Reading the caches over everything a decode step reads from HBM.
  var cacheShare: Double?

  init(_ model: TransformerSpec, counts: ModelCounts, context: Int, _ serving: ScaleQuestion) {
    self.model = model
    self.counts = counts
    self.context = context
    cacheBytes = (counts.kvBytes(context: context, serving.kv) + counts.stateBytes).value
    var question = serving
    question.model = model
    question.input = InputRange(Double(context))
    do {
      let point = try cheapestPoint(question)
      self.point = point
      let perMillion = point.usdPerMillionOutput(serving)
      usdPerMillion = perMillion
      usdPerRequest = perMillion * serving.shape.output / 1e6
      cacheShare = Self.cacheShare(point, question.shape)
    } catch {
      refusal = error.description
    }
  }

  private static func cacheShare(_ point: ServingPoint, _ shape: RequestShape) -> Double {
    let step = point.profile.step
    let batch = Double(point.batch)
    let cache = step.cacheSeconds(decoding: batch, cachedTokens: batch * shape.meanContext)
    return cache / (cache + step.weightSeconds(tokens: batch))
  }
}
