import FleetData
import Performance
import Quantities

/// A replica in steady state at a given request rate: continuous batching with chunked prefill, in mean values.
///
/// Decoding and prefill share the steps. At λ requests per second and steps of t seconds, Little's law puts
/// `b = λ·O·t` sequences into the batch and `λ·I·t` prompt tokens into a step. Prompts come in chunks of g tokens, so
/// that a share φ of the steps carries one:
///
///     t = t_decode(b) + φ·(t_mixed(b, g) − t_decode(b)),   φ = λ·I·t / g
///
/// solved from below by iteration; no solution means the rate is beyond the replica. Waiting for a slot is G/G/c over
/// the slots that the KV cache allows, waiting for prefill is G/G/1 at the speed of full chunks.
struct BusyEngine: Sendable {
  let step: StepCost
  let lengths: RequestLengths
  let slots: Int
  let chunk: Double
  let arrivalVariability: Double

  /// What the engine does at one rate.
  struct State: Sendable {
    var stepTime: Double
    var batch: Double
    /// Share of steps that carry prompt tokens, and how many they carry.
    var mixedShare: Double
    var chunkTokens: Double
  }

  /// The steady state, or `nil` when the rate is beyond the slots or the speed.
  func state(at rate: Double) -> State? {
    let perPrompt = lengths.meanInput / max(1, (lengths.meanInput / chunk).rounded(.up))
    var state = State(stepTime: stepTime(0, 0), batch: 0, mixedShare: 0, chunkTokens: perPrompt)
    for _ in 0..<500 {
      let arriving = rate * lengths.meanInput * state.stepTime
      state.chunkTokens = max(perPrompt, min(chunk, arriving))
      state.mixedShare = arriving / state.chunkTokens
      state.batch = rate * lengths.meanOutput * state.stepTime
      guard state.mixedShare <= 1 + 1e-9, state.batch <= Double(slots) else { return nil }
      let plain = stepTime(state.batch, 0)
      let next = plain + state.mixedShare * (stepTime(state.batch, state.chunkTokens) - plain)
      if (next - state.stepTime).magnitude <= 1e-12 * next { return state }
      state.stepTime = next
    }
    return nil
  }

  /// Seconds of a step with this batch and so many prompt tokens.
  func stepTime(_ batch: Double, _ prompt: Double) -> Double {
    let pairs = prompt * lengths.meanInputSquared / (2 * max(lengths.meanInput, 1))
    return step.seconds(
      meanDecoding: batch, cachedTokens: batch * lengths.meanContext, prefilling: prompt,
      attentionPairs: pairs)
  }

  /// Time per output token that a share q of the requests stays under.
  ///
  /// The batch is taken at its own quantile (Poisson), the prompt tokens met at theirs over the life of a middling
  /// request; both raise the step at once only by their independent parts.
  func timePerOutputToken(_ state: State, rate: Double, quantile z: Double) -> Double {
    let batch = min(Double(slots), state.batch + z * state.batch.squareRoot())
    let busier = stepTime(batch, 0) - stepTime(state.batch, 0)
    let life = lengths.medianOutput * state.stepTime
    let prompts = rate * life
    guard prompts > 0 else { return state.stepTime + busier }
    let spread = (prompts * lengths.meanInputSquared).squareRoot() / (prompts * lengths.meanInput)
    let prefill = state.stepTime - stepTime(state.batch, 0)
    let more = min(z * spread * prefill, stepTime(state.batch, chunk) - state.stepTime)
    return state.stepTime + (busier * busier + more * more).squareRoot()
  }

  /// Time to first token that a share q of the requests stays under, before the network; infinite when the prefill
  /// queue has no steady state.
  func timeToFirstToken(_ state: State, rate: Double, share q: Double) -> Double {
    let full = stepTime(state.batch, chunk)
    let perToken = full / chunk
    let service = lengths.meanInput * perToken
    let load = rate * service
    guard load < 1 else { return .infinity }
    let inputs = lengths.inputVariability
    let prefillWait =
      Queueing.meanWait(
        servers: 1, offered: load, arrivalVariability: arrivalVariability, serviceVariability: inputs)
      * service
    let life = lengths.meanOutput * state.stepTime
    let slotWait =
      Queueing.meanWait(
        servers: slots, offered: state.batch, arrivalVariability: arrivalVariability,
        serviceVariability: lengths.outputVariability) * life
    let slotChance = Queueing.erlangC(servers: slots, offered: state.batch)
    let own = prefillTime(lengths.meanInput, state)
    let mean = state.stepTime / 2 + own + prefillWait + slotWait
    let spreads = [
      Queueing.waitQuantile(q, chanceToWait: load, meanWait: prefillWait) - prefillWait,
      Queueing.waitQuantile(q, chanceToWait: slotChance, meanWait: slotWait) - slotWait,
      prefillTime(lengths.highInput, state) - own,
    ]
    return mean + spreads.reduce(0) { $0 + max(0, $1) * max(0, $1) }.squareRoot()
  }

  /// Seconds to prefill a prompt of its own: whole chunks and a rest.
  private func prefillTime(_ tokens: Double, _ state: State) -> Double {
    let whole = (tokens / chunk).rounded(.down)
    let rest = tokens - whole * chunk
    return whole * stepTime(state.batch, chunk) + (rest > 0 ? stepTime(state.batch, rest) : 0)
  }
}
