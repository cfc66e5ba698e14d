import Ingest
import Workloads

extension WorkloadRecipe {
  /// The demand of ServeGen clients, scaled to a total mean rate.
  ///
  /// - Parameter ratePerSecond: nil keeps the rates of the data set.
  init(_ clients: [ServeGenClient], durationSeconds: Double?, ratePerSecond: Double?) {
    func mean(_ rates: [Double]) -> Double { rates.reduce(0, +) / Double(max(1, rates.count)) }
    let longest = clients.map { Double($0.rates.count) * $0.windowSeconds }.max() ?? 0
    let total = clients.reduce(0) { $0 + mean($1.rates) }
    let scale = ratePerSecond.map { $0 / total } ?? 1
    let recipes = clients.map { client in
      var recipe = ClientRecipe(
        name: client.name, ratePerSecond: mean(client.rates) * scale,
        input: .empirical(quantiles: client.inputQuantiles),
        output: .empirical(quantiles: client.outputQuantiles))
      recipe.renewal = client.isWeibull ? .weibull(cv: client.variation) : .gamma(cv: client.variation)
      recipe.shape.bins = client.rates
      recipe.shape.binSeconds = client.windowSeconds
      if let share = client.reasoningShare, share < 1 {
        // The data set's output tokens include thinking; a description counts the answer.
        recipe.output = .empirical(quantiles: client.outputQuantiles.map { max(1, $0 * (1 - share)) })
        recipe.thinking = ThinkingRecipe(tokensPerAnswerToken: share / (1 - share))
      }
      return recipe
    }
    self.init(durationSeconds: durationSeconds ?? longest, clients: recipes)
  }
}
