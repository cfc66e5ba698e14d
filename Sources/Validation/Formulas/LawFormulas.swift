import Economics
import Quantities

/// Published cases of scaling laws, inference-aware optima and thinking, answered by the room's own functions.
enum LawFormulas {
  static func law(_ c: FormulaCase) throws -> ParametricLaw {
    try ParametricLaw(
      name: "case", irreducible: c("E"), parameterScale: c("A"), tokenScale: c("B"),
      parameterExponent: c("a"), tokenExponent: c("b"), source: "case")
  }

  static let solvers: [FormulaVerification.Solver] = [
    ("chinchilla-opt", optimum), ("chinchilla-loss", loss), ("tenfold", tenfold),
    ("train-attention", attention), ("overtrain", overTraining), ("sardana-cost", dollars),
    ("sardana", flops), ("coverage", coverage), ("snell", snell), ("train-inference-share", share),
    ("testtime-loglinear", logLinear), ("test-time-tokens", answer),
  ]

  static func optimum(_ c: FormulaCase) throws -> [String: [Double]] {
    let best = try law(c).optimum(trainingFLOPs: c("C_flop"))
    return [
      "N_params": [best.parameters], "D_tokens": [best.tokens], "loss": [best.loss],
      "tokens_per_param": [best.tokensPerParameter],
    ]
  }

  static func loss(_ c: FormulaCase) throws -> [String: [Double]] {
    ["loss": [try law(c).loss(parameters: c("N_params"), tokens: c("D_tokens"))]]
  }

  static func tenfold(_ c: FormulaCase) throws -> [String: [Double]] {
    let law = try ParametricLaw(
      name: "case", irreducible: 0, parameterScale: 1, tokenScale: 1, parameterExponent: c("a"),
      tokenExponent: c("b"), source: "case")
    let small = try law.optimum(trainingFLOPs: 1e20)
    let large = try law.optimum(trainingFLOPs: 1e20 * c("compute_ratio"))
    return [
      "exponent": [law.computeExponent],
      "reducible_loss_factor": [try law.reducibleLossFactor(computeRatio: c("compute_ratio"))],
      "n_exponent": [law.computeParameterExponent],
      "n_factor": [large.parameters / small.parameters],
    ]
  }

  static func attention(_ c: FormulaCase) throws -> [String: [Double]] {
    let flops = try TrainingCompute.attentionFLOPsPerToken(
      layers: c("layers"), attentionWidth: c("heads_x_head_dim"), context: c("seq"),
      causalHalf: c("causal_half") == 1)
    let dense = try TrainingCompute.flops(parameters: c("N_params"), tokens: 1)
    return ["attention_flop_per_token": [flops.value], "fraction_of_6N": [flops / dense]]
  }

  static func overTraining(_ c: FormulaCase) throws -> [String: [Double]] {
    let law = try law(c)
    let tokens = try law.tokens(forLoss: c("loss"), parameters: c("N_params"))
    let flops = try TrainingCompute.flops(parameters: c("N_params"), tokens: tokens)
    // The loss is that of the compute-optimal 13B model.
    let reference = try law.optimum(parameters: 13e9)
    return ["D_tokens": [tokens], "extra_training_flop": [flops.value - reference.trainingFLOPs]]
  }

  static func flops(_ c: FormulaCase) throws -> [String: [Double]] {
    let reference = try law(c).optimum(parameters: c("N_reference"))
    let life = try InferenceAwareOptimum(
      law: law(c), loss: reference.loss, inferenceTokens: c("D_inference_tokens"))
    let best = try life.optimum()
    let before = try life.solution(parameters: reference.parameters).cost
    return [
      "D_reference_tokens": [reference.tokens], "loss": [reference.loss], "N_opt": [best.parameters],
      "D_opt": [best.tokens], "D_ratio": [best.tokens / reference.tokens], "total_flop": [best.cost],
      "saving_flop": [before - best.cost], "saving_fraction": [1 - best.cost / before],
    ]
  }

  static func dollars(_ c: FormulaCase) throws -> [String: [Double]] {
    let reference = try law(c).optimum(parameters: c("N_reference"))
    func phase(_ use: String, _ mfu: String) throws -> LifetimeDollars.Phase {
      try LifetimeDollars.Phase(
        usdPerChipHour: c("usd_per_hour_\(use)"), peakFLOPs: c("flops_\(use)"), mfu: c(mfu))
    }
    let life = try LifetimeDollars(
      training: phase("train", "mfu_train"), prefill: phase("inference", "mfu_input"),
      decode: phase("inference", "mfu_output"), requests: c("requests"), inputTokens: c("input_tokens"),
      outputTokens: c("output_tokens")
    ).optimum(law: law(c), loss: reference.loss)
    let best = try life.optimum()
    let before = try life.solution(parameters: reference.parameters).cost
    return [
      "N_opt": [best.parameters], "D_opt": [best.tokens], "cost_usd": [best.cost],
      "cost_reference_usd": [before], "saving_fraction": [1 - best.cost / before],
    ]
  }

  static func coverage(_ c: FormulaCase) throws -> [String: [Double]] {
    let law = try CoverageLaw(first: c("c1"), samples: c("k2"), coverage: c("c2"))
    return [
      "a": [law.a], "b": [law.b], "c_eval": try c.list("k_eval").map { try law.coverage(samples: $0) },
    ]
  }

  static func snell(_ c: FormulaCase) throws -> [String: [Double]] {
    ["multiplier": [try ThinkingTrade.matchingMultiplier(sizeRatio: c("M"), inferenceShare: c("R"))]]
  }

  static func share(_ c: FormulaCase) throws -> [String: [Double]] {
    let share = try ThinkingTrade.trainingShare(
      inferenceOOM: c("inference_oom"), trainingOOM: c("training_oom"))
    return ["training_share": [share]]
  }

  static func logLinear(_ c: FormulaCase) throws -> [String: [Double]] {
    let decade = try ThinkingTrade.pointsPerDecade(
      from: c("score1"), to: c("score2"), computeRatio: c("compute_ratio"))
    // log10(2) of a decade is one doubling.
    return ["points_per_decade": [decade], "points_per_doubling": [decade * 0.301029995663981]]
  }

  static func answer(_ c: FormulaCase) throws -> [String: [Double]] {
    let usd = try ThinkingTrade.usdPerAnswer(
      thinkingTokens: c("thinking_tokens"), usdPerMillionTokens: c("usd_per_million"))
    return ["usd": [usd]]
  }
}
