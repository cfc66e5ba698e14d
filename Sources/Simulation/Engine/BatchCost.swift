/// What the size of the batch alone says of a step: one row of a table that the engine reads instead of the formula.
struct BatchCost: BitwiseCopyable {
  /// Tokens the batch gains per step.
  var gain: Double
  /// Seconds of a decode step but for what grows with the cache.
  var decode: Double
  /// Seconds of matmul of the decoding sequences in a step that also prefills.
  var matmul: Double
  /// Seconds of state reads and overhead.
  var fixed: Double
  /// Seconds per cached token, in layers that see every token and in those that see a window; tokens in all windows.
  var read: Double
  var windowRead: Double
  var windowTokens: Double
  /// Seconds of compute at peak, and of weights and states at full bandwidth.
  var computeFloor: Double
  var memoryFloor: Double

  /// - Source: the formula of `StepCost`, taken apart.
  init(_ model: StepModel, sequences: Int) {
    let b = Double(sequences)
    let still = StepLoad(sequences: b, kv: 0)
    let share = model.cacheShare(b)
    gain = b * model.tokensPerStep
    decode = model.step(still)
    matmul = model.matmul(b) + model.h
    fixed = b * model.v * share + model.o + b * model.y
    read = model.r * share
    windowRead = model.m * share
    windowTokens = b * model.window
    computeFloor = b * model.d * model.f
    memoryFloor = (model.weights(still) + b * model.v) * model.g
  }

  /// Seconds of one decode step over `kv` cached tokens.
  @inline(__always)
  func decodeStep(kv: Double) -> Double { decode + kv * read + min(kv, windowTokens) * windowRead }

  /// The decode run of the batch over `kv` cached tokens.
  @inline(__always)
  func decodeRun(kv: Double) -> DecodeRun {
    let first = decodeStep(kv: kv)
    let growth = gain * read
    guard kv < windowTokens, windowRead > 0 else { return DecodeRun(first: first, growth: growth) }
    let slope = growth + gain * windowRead
    let bend = ceiling((windowTokens - kv) / gain)
    let beyond = kv + bend * gain - windowTokens
    return DecodeRun(
      first: first, growth: slope, bend: bend, late: first + bend * slope - beyond * windowRead,
      lateGrowth: growth)
  }

  /// The physical floor of one decode step.
  @inline(__always)
  func decodeFloor(kv: Double, _ model: UnsafeMutablePointer<StepModel>) -> Double {
    let reads = kv * model.pointee.r + min(kv, windowTokens) * model.pointee.m
    return max(computeFloor, memoryFloor + reads * model.pointee.g)
  }

  /// Seconds of one step that also prefills.
  @inline(__always)
  func mixedStep(_ load: StepLoad, _ model: UnsafeMutablePointer<StepModel>) -> Double {
    let compute = matmul + load.prefill * model.pointee.q
    let weights = model.pointee.e > 0 ? model.pointee.weights(load) : model.pointee.w
    return max(compute, weights) + fixed + load.kv * read + min(load.kv, windowTokens) * windowRead
      + load.pairs * model.pointee.u + load.prefill * model.pointee.z
  }
}
