/// A run of decode steps of one unchanging batch, in closed form: the steps are summed, never walked.
///
/// With C the compute time, M₀ the memory time of the first step, g the memory time each step adds (the batch's KV
/// cache grows by one token per sequence) and O the overhead, step j = 0, 1, … takes max(C, M₀ + j·g) + O. The first
/// m = ⌈(C − M₀)/g⌉ steps are bound by compute, the rest by memory, and j steps take
///
///     T(j) = j·(C+O)                                                      for j ≤ m
///     T(j) = m·(C+O) + i·(M₀ + m·g + O) + g·i·(i−1)/2  with i = j − m     for j > m
struct DecodeRun {
  let flat: Double
  let rising: Double
  let growth: Double
  let flatSteps: Double

  @inline(__always)
  init(compute: Double, memory: Double, growth: Double, overhead: Double) {
    self.growth = growth
    if compute <= memory {
      flatSteps = 0
      flat = memory + overhead
    } else {
      flatSteps = growth > 0 ? ceiling((compute - memory) / growth) : .infinity
      flat = compute + overhead
    }
    rising = flatSteps == .infinity ? flat : memory + flatSteps * growth + overhead
  }

  /// T(j).
  @inline(__always)
  func duration(_ steps: Double) -> Double {
    if steps <= flatSteps { return steps * flat }
    let i = steps - flatSteps
    let head = flatSteps * flat
    return head + i * rising + growth * i * (i - 1) * 0.5
  }

  /// The fewest steps, at least 1, after which `elapsed` seconds have passed: the quadratic's root, rounded up and
  /// corrected by a step where rounding of the root fell on the wrong side.
  func steps(reaching elapsed: Double) -> Double {
    var steps: Double
    let head = flatSteps == .infinity ? .infinity : flatSteps * flat
    if elapsed <= head {
      steps = ceiling(elapsed / flat)
    } else {
      let rest = elapsed - head
      let beta = rising - growth * 0.5
      let root = 2 * rest / (beta + (beta * beta + 2 * growth * rest).squareRoot())
      steps = flatSteps + ceiling(root)
    }
    steps = max(steps, 1)
    while duration(steps) < elapsed { steps += 1 }
    while steps > 1 && duration(steps - 1) >= elapsed { steps -= 1 }
    return steps
  }
}

/// ⌈x⌉ by conversion to an integer, which every x86-64 has an instruction for; beyond 2⁵³ every Double is whole.
@inline(__always)
func ceiling(_ x: Double) -> Double {
  guard x.magnitude < 0x1p53 else { return x }
  let whole = Double(Int64(x))
  return whole < x ? whole + 1 : whole
}
