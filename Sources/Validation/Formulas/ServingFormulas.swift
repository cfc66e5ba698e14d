import Economics
import Quantities

/// Published cases of serving floors, prices, power and links between sites.
enum ServingFormulas {
  static let solvers: [FormulaVerification.Solver] = [
    ("erdil-min-latency", latency), ("erdil-critical-batch", criticalBatch), ("erdil-kv-read", kvRead),
    ("erdil-compute-floor", computeFloor), ("speculative", speculative),
    ("deepseek-serving-cost", fleetDay), ("deepseek-serving-revenue", revenue),
    ("deepseek-v3-training-cost", trainingCost), ("deepseek-v3-mfu", mfu), ("usd-per-flop", perFLOP),
    ("tokens-per-dollar", people), ("shazeer", headroom), ("chips-", siteChips),
    ("energy-per-token", energy), ("diloco-average", average), ("diloco-comm", reduction),
    ("streaming", peak), ("diloco-cu", bandwidth), ("fibre", fibre), ("intellect1", utilization),
  ]

  static func latency(_ c: FormulaCase) throws -> [String: [Double]] {
    let floor = try LatencyFloor(
      parameters: c("N_params"), bytesPerParameter: c("bytes_per_param"),
      hbmBytesPerSecond: c("hbm_bytes_per_s"), layers: Int(c("layers")),
      reducesPerLayer: c("reduces_per_layer"), hopSeconds: c("hop_s"))
    return [
      "n_gpu": [floor.bestChips], "latency_s": [try floor.leastSeconds()],
      "tokens_per_s": [try floor.tokensPerSecond()],
    ]
  }

  static func criticalBatch(_ c: FormulaCase) throws -> [String: [Double]] {
    let batch = try TokenFloors.criticalBatch(
      bytesPerParameter: c("bytes_per_param"), peakFLOPs: c("flops"),
      hbmBytesPerSecond: c("hbm_bytes_per_s"))
    return ["batch": [batch]]
  }

  static func kvRead(_ c: FormulaCase) throws -> [String: [Double]] {
    let usd = try TokenFloors.kvReadUSDPerMillion(
      kvBytesPerToken: c("kv_bytes_per_token"), context: c("context"),
      hbmBytesPerSecond: c("hbm_bytes_per_s"), usdPerChipHour: c("usd_per_gpu_hour"))
    return ["usd_per_million": [usd]]
  }

  static func computeFloor(_ c: FormulaCase) throws -> [String: [Double]] {
    let usd = try TokenFloors.computeUSDPerMillion(
      parameters: c("N_params"), peakFLOPs: c("flops"), utilization: c("utilisation"),
      usdPerChipHour: c("usd_per_gpu_hour"))
    return ["usd_per_million": [usd]]
  }

  static func speculative(_ c: FormulaCase) throws -> [String: [Double]] {
    let seconds = try TokenFloors.speculativeSeconds(
      acceptance: c("accept"), draftTokens: c("gamma"), targetSeconds: c("t_target_s"),
      draftSeconds: c("t_draft_s"))
    return ["latency_s": [seconds]]
  }

  static func fleetDay(_ c: FormulaCase) throws -> [String: [Double]] {
    let usd = try TokenPrices.fleetUSDPerDay(
      nodes: c("nodes"), chipsPerNode: c("gpus_per_node"), usdPerChipHour: c("usd_per_gpu_hour"))
    return ["usd_per_day": [usd]]
  }

  static func revenue(_ c: FormulaCase) throws -> [String: [Double]] {
    let income = try TokenPrices.revenue(
      cachedInput: c("hit_tokens"), input: c("miss_tokens"), output: c("out_tokens"),
      at: (c("price_hit"), c("price_miss"), c("price_out")))
    let cost = try TokenPrices.fleetUSDPerDay(nodes: 226.75, chipsPerNode: 8, usdPerChipHour: 2)
    return [
      "usd_per_day": [income], "margin_over_cost": [try TokenPrices.margin(revenue: income, cost: cost)],
      "cost_usd_per_million_output": [cost / (try c("out_tokens")) * 1e6],
    ]
  }

  static func trainingCost(_ c: FormulaCase) throws -> [String: [Double]] {
    let usd = try TrainingCompute.cost(
      chipTime: c("gpu_hours") * Seconds.hour, usdPerChipHour: c("usd_per_gpu_hour"))
    return ["usd": [usd.value]]
  }

  static func mfu(_ c: FormulaCase) throws -> [String: [Double]] {
    let work = try TrainingCompute.flops(parameters: c("N_active"), tokens: c("D_tokens"))
    let mfu = try TrainingCompute.mfu(
      work, chipTime: c("gpu_hours") * Seconds.hour, peak: FLOPsPerSecond(c("peak_flops")))
    return ["mfu": [mfu]]
  }

  static func perFLOP(_ c: FormulaCase) throws -> [String: [Double]] {
    let usd = try usdPerFLOP(
      usdPerChipHour: c("usd_per_hour"), peak: c("flops"), utilization: c("utilisation"))
    return ["usd_per_flop": [usd]]
  }

  static func people(_ c: FormulaCase) throws -> [String: [Double]] {
    let words = try c.inputs["wpm"] == nil ? c("words_per_hour") : c("wpm") * 60
    let tokens = try TokenPrices.tokensPerUSD(
      wordsPerHour: words, tokensPerWord: c("tokens_per_word"), usdPerHour: c("usd_per_hour"))
    return ["tokens_per_usd": [tokens]]
  }

  static func headroom(_ c: FormulaCase) throws -> [String: [Double]] {
    let tokens = try TokenPrices.tokensPerUSD(
      operationsPerToken: c("ops_per_token"), usdPerOperation: c("usd_per_op"))
    return [
      "tokens_per_usd": [tokens], "ratio_to_paperback": [tokens / (try c("paperback_tokens_per_usd"))],
    ]
  }

  static func siteChips(_ c: FormulaCase) throws -> [String: [Double]] {
    let chips = try SitePower.chips(
      site: Watts(c("site_w")), pue: c("pue"), wattsPerChip: c("w_per_chip"))
    return ["chips": [chips], "racks": [chips / 72]]
  }

  static func energy(_ c: FormulaCase) throws -> [String: [Double]] {
    let joules = try SitePower.joulesPerToken(
      wattsPerChip: c("w_per_chip"), chips: c("chips"), pue: c("pue"), tokensPerSecond: c("tokens_per_s"))
    return [
      "joule_per_token": [joules],
      "kwh_per_million": [SitePower.kWhPerMillionTokens(joulesPerToken: joules)],
      "gco2_per_million": [
        try SitePower.gramsPerMillionTokens(joulesPerToken: joules, gramsPerKWh: c("g_per_kwh"))
      ],
    ]
  }

  static func average(_ c: FormulaCase) throws -> [String: [Double]] {
    let bits = try TrainingLinks.averageBitsPerSecond(
      parameters: c("N_params"), sites: c("sites"), stepSeconds: c("t_step_s"),
      bitsPerParameter: 8 * c("bytes"), stepsBetweenSyncs: c("H"))
    return ["bits_per_s": [bits]]
  }

  static func reduction(_ c: FormulaCase) throws -> [String: [Double]] {
    let times = try TrainingLinks.trafficReduction(
      stepsBetweenSyncs: c("H"), bitsFrom: c("bits_from"), bitsTo: c("bits_to"))
    return ["reduction": [times]]
  }

  static func peak(_ c: FormulaCase) throws -> [String: [Double]] {
    let times = try TrainingLinks.peakReduction(
      layers: c("layers"), fragmentLayers: c("fragment_layers"))
    return ["peak_reduction": [times]]
  }

  static func bandwidth(_ c: FormulaCase) throws -> [String: [Double]] {
    let bits = try TrainingLinks.bitsPerSecond(
      utilization: c("CU"), parameters: c("N_billion") * 1e9, stepSeconds: c("t_s"),
      stepsBetweenSyncs: c("H"), fit: TrainingLinks.Fit(traffic: c("k"), hidden: c("f")))
    return ["gbit_per_s": [bits / 1e9]]
  }

  static func fibre(_ c: FormulaCase) throws -> [String: [Double]] {
    ["rtt_ms": [try TrainingLinks.fibreRoundTrip(kilometres: c("km")).value * 1000]]
  }

  static func utilization(_ c: FormulaCase) throws -> [String: [Double]] {
    let shares = try c.list("allreduce_s").map {
      try TrainingLinks.utilization(innerSeconds: c("inner_s"), syncSeconds: $0)
    }
    return ["cu": shares]
  }
}
