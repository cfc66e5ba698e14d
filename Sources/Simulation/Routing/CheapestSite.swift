/// Cheapest within the objective: the group with the lowest cost per request whose next seat still meets TTFT and TPOT.
///
/// TTFT is taken as round trip + prefill of the prompt at once, TPOT as the decode step with one more sequence; both
/// come from the step model, so the policy needs no history. When no group qualifies, the least loaded serves.
extension Router {
  mutating func cheapestSite(_ query: RouteQuery, _ loads: borrowing LoadIndex) -> Int32 {
    let range = candidates(query)
    for i in range {
      let group = Int(order[i])
      let replica = loads.leastLoaded(group)
      if replica >= 0, meetsObjective(Int(replica), group, query, loads) { return replica }
    }
    return leastLoaded(among: range, loads)
  }

  private func meetsObjective(
    _ replica: Int, _ group: Int, _ query: RouteQuery, _ loads: borrowing LoadIndex
  ) -> Bool {
    guard hasSeat(replica, query, loads) else { return false }
    let model = models[group]
    let load = Double(loads.load(replica))
    let input = Double(query.input)
    let objective = objectives[query.stream]
    let kv = load * input * 1.5
    let prefill = model.step(
      StepLoad(sequences: load, kv: kv, prefill: input, pairs: input * (input + 1) / 2))
    let decode = model.step(StepLoad(sequences: load + 1, kv: kv + input))
    let ttft = roundTrip(query, group) + decode + prefill
    return ttft <= objective.ttft?.value ?? .infinity && decode <= objective.tpot?.value ?? .infinity
  }
}
