import Quantities

/// What a dollar buys, from models, books and people.
public enum TokenPrices {
  /// `1 / (operations per token × dollars per operation)`.
  public static func tokensPerUSD(operationsPerToken: Double, usdPerOperation: Double)
    throws(EconomicsError) -> Double
  {
    try require(operationsPerToken, .positive, "operations per token")
    try require(usdPerOperation, .positive, "dollars per operation")
    return 1 / (operationsPerToken * usdPerOperation)
  }

  /// A person's tokens per dollar: words per hour × tokens per word / hourly wage.
  public static func tokensPerUSD(wordsPerHour: Double, tokensPerWord: Double, usdPerHour: Double)
    throws(EconomicsError) -> Double
  {
    try require(wordsPerHour, .positive, "words per hour")
    try require(tokensPerWord, .positive, "tokens per word")
    try require(usdPerHour, .positive, "wage per hour in dollars")
    return wordsPerHour * tokensPerWord / usdPerHour
  }

  /// Rent of a fleet of nodes for a day.
  public static func fleetUSDPerDay(nodes: Double, chipsPerNode: Double, usdPerChipHour: Double)
    throws(EconomicsError) -> Double
  {
    try require(nodes, .nonNegative, "nodes")
    try require(chipsPerNode, .positive, "chips per node")
    try require(usdPerChipHour, .nonNegative, "price per chip-hour in dollars")
    return nodes * chipsPerNode * 24 * usdPerChipHour
  }

  /// Income from tokens at prices per million; cached prompts have their own price.
  public static func revenue(
    cachedInput: Double, input: Double, output: Double,
    at price: (cachedInput: Double, input: Double, output: Double)
  ) throws(EconomicsError) -> Double {
    for tokens in [cachedInput, input, output] { try require(tokens, .nonNegative, "tokens") }
    for price in [price.cachedInput, price.input, price.output] {
      try require(price, .nonNegative, "price per million tokens in dollars")
    }
    return (cachedInput * price.cachedInput + input * price.input + output * price.output) / 1e6
  }

  /// Profit over cost: 5.45 means that income is 6.45 times the cost.
  public static func margin(revenue: Double, cost: Double) throws(EconomicsError) -> Double {
    try require(cost, .positive, "cost in dollars")
    return revenue / cost - 1
  }
}
