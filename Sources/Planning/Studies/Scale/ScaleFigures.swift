import Economics
import FleetData

/// Price of a token, of an agent's task, and what the promise holds for, each with its interval.
func scaleFigures(
  _ sweep: ScaleSweep, _ out: ScaleOut, _ agents: AgentFleet
) throws(StudyError) -> [StudyFigure] {
  let question = sweep.question
  let choice = sweep.choice
  let fast = try question.sampled("scale/fast-agent") { drawn throws(StudyError) in
    try agents.fast.asked(drawn).usd
  }
  let many = try question.sampled("scale/many-agents") { drawn throws(StudyError) in
    try agents.many.asked(drawn).usd
  }
  let promised = try question.sampled("scale/promised", samples: 200) { drawn throws(StudyError) in
    try out.best.promised(drawn)
  }
  let load = try question.sampled("scale/load") { drawn throws(StudyError) in
    (drawn.requestsPerSecond?.base ?? out.load) / out.best.capacity(drawn)
  }
  return [
    StudyFigure(
      "best_usd_per_million_output", "cost of a million output tokens", unit: "$",
      try costOfTokens(choice, stream: "scale/usd-per-million-output")),
    StudyFigure("scale_out_promised_requests_per_s", "demand within the promise", unit: "req/s", promised),
    StudyFigure("scale_out_load", "load of the best split", unit: "share of capacity", load),
    StudyFigure("fast_agent_usd_per_task", "one fast agent's task", unit: "$", fast),
    StudyFigure("many_agents_usd_per_task", "a task of many agents", unit: "$", many),
  ]
}

/// Dollars per million output tokens over the ranges of price, utilisation, lengths, promise and step times.
func costOfTokens(_ choice: ServingChoice, stream: String) throws(StudyError) -> Uncertainty {
  try choice.question.sampled(stream) { drawn throws(StudyError) in
    try choice.point(for: drawn).usdPerMillionOutput(drawn)
  }
}
