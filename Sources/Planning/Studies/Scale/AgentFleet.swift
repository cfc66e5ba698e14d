import Economics
import FleetData
import Foundation

/// One fast agent against many parallel ones, on the same task.
///
/// An agent generates, waits for a tool, and reads its result. While it waits its cache is kept (HBM held by the
/// byte-second), or dropped and computed again. A lone agent has the fastest instance to itself; many share the cheapest.
struct AgentFleet: Sendable {
  /// One way to run the task.
  struct Run: Sendable {
    var name: String
    var point: ServingPoint
    /// Agents on one instance that are not waiting for a tool.
    var batch: Int
    var keepsCache: Bool
    /// Dollars of generating, of reading prompts and of HBM held while tools run.
    var generatingUSD: Double
    var readingUSD: Double
    var holdingUSD: Double
    /// From the first prompt to the last answer.
    var wallSeconds: Double
    /// Tasks per hour on all chips of the question.
    var tasksPerHour: Double
    /// Agents at work or waiting on all chips.
    var agents: Double
    /// The wait for a tool beyond which dropping the cache is cheaper.
    var breakEvenSeconds: Double
    var usd: Double { generatingUSD + readingUSD + holdingUSD }

    /// The same instance and batch on a drawn task.
    func asked(_ drawn: ScaleQuestion) throws(StudyError) -> Run {
      let point = point.asked(drawn)
      return try economics { () throws(EconomicsError) in
        try AgentFleet.run(
          name, point, batch: batch, keeps: keepsCache, task: drawn.agent.task, question: drawn)
      }
    }
  }

  var question: ScaleQuestion
  var task: AgentTask
  var runs: [Run]
  var fast: Run { runs[0] }
  /// The cheapest way to run many.
  var many: Run { runs.dropFirst().min { $0.usd < $1.usd } ?? runs[0] }

  init(_ sweep: ScaleSweep) throws(StudyError) {
    let question = sweep.question
    self.question = question
    let task = try economics { () throws(EconomicsError) in try question.agent.task }
    self.task = task
    let longest = RequestShape(input: task.context(turn: task.turns - 1), output: task.outputTokens)
    let alone = sweep.fastest.alone
    let shared = sweep.cheapest.point
    guard ServingPoint.largestBatch(alone.profile, longest) >= 1 else {
      throw .invalid(
        what: "agent", found: "a context of \(StudyText.number(longest.fullContext)) tokens",
        expected: "one that fits \(alone.chips) \(question.chip.id)")
    }
    let batch = max(1, min(shared.batch, ServingPoint.largestBatch(shared.profile, longest)))
    runs = []
    for (name, point, batch, keeps) in [
      ("one fast agent, cache kept", alone, 1, true), ("many agents, caches kept", shared, batch, true),
      ("many agents, caches dropped", shared, batch, false),
    ] {
      runs.append(
        try economics { () throws(EconomicsError) in
          try Self.run(name, point, batch: batch, keeps: keeps, task: task, question: question)
        })
    }
  }

  fileprivate static func run(
    _ name: String, _ point: ServingPoint, batch: Int, keeps: Bool, task: AgentTask, question: ScaleQuestion
  ) throws(EconomicsError) -> Run {
    let step = point.profile.step
    let (b, chips) = (Double(batch), Double(point.chips))
    let decode =
      question.decodeFactor.base
      * step.seconds(
        meanDecoding: b, cachedTokens: b * task.meanDecodeContext, prefilling: 0, attentionPairs: 0)
    let reading =
      question.prefillFactor.base
      * (0..<task.turns).reduce(0.0) { $0 + readSeconds(point, task, turn: $1, keeps: keeps) }
    // Every agent's prompts delay the others on its instance once.
    let busy = task.generatedTokens * decode + b * reading
    let tools = Double(task.turns - 1) * task.toolSeconds
    let usdPerSecond = question.usdPerChipHour.base / 3600 * chips / question.utilization.base
    let held = try HeldState(
      usdPerChipHour: question.usdPerChipHour.base / question.utilization.base,
      hbmBytesPerChip: question.chip.hbmCapacity.value.value)
    let bytes = point.profile.kvBytesPerToken.value
    let holding = try keeps ? held.usd(bytes: bytes, seconds: task.heldTokenSeconds) : 0
    let instances = Double(question.maxChips / point.chips)
    let waiting = keeps || tools > 0 ? (busy + tools) / busy : 1
    let longest = task.context(turn: task.turns - 1)
    let again =
      question.prefillFactor.base * readSeconds(point, task, turn: task.turns - 1, keeps: false)
      * usdPerSecond
    return Run(
      name: name, point: point, batch: batch, keepsCache: keeps,
      generatingUSD: task.generatedTokens * decode / b * usdPerSecond, readingUSD: reading * usdPerSecond,
      holdingUSD: holding, wallSeconds: busy + tools,
      tasksPerHour: instances * b * 3600 / busy * question.utilization.base,
      agents: instances * b * waiting,
      breakEvenSeconds: try held.breakEvenSeconds(bytes: bytes * longest, usdToRestore: again))
  }

  /// Seconds an instance takes to read what turn i brings, or the whole context when the cache was dropped.
  private static func readSeconds(_ point: ServingPoint, _ task: AgentTask, turn i: Int, keeps: Bool)
    -> Double
  {
    let context = task.context(turn: i)
    let fresh = keeps && i > 0 ? task.toolTokens : context
    guard fresh >= 1 else { return 0 }
    // Each new token attends to all before it.
    let pairs = fresh * (context - fresh) + fresh * (fresh + 1) / 2
    return point.profile.step.seconds(prefilling: Int(fresh.rounded()), attentionPairs: pairs)
  }

  var sentence: String {
    let (one, many) = (fast, many)
    let waits = many.keepsCache ? "kept" : "dropped"
    return
      "One fast agent or many: a task of \(task.turns) turns takes a lone agent on \(one.point.chips) chips "
      + "\(StudyText.number(one.wallSeconds)) s for \(StudyText.money(one.usd)); agents that share instances take "
      + "\(StudyText.number(many.wallSeconds)) s for \(StudyText.money(many.usd)), and \(question.maxChips) chips finish "
      + "\(StudyText.number(many.tasksPerHour)) of them an hour. Caches are best \(waits) over tool calls of "
      + "\(StudyText.number(task.toolSeconds)) s; beyond \(StudyText.number(many.breakEvenSeconds)) s, dropped."
  }

  var table: Table {
    Table(
      id: "scale-agents",
      title: "An agent of \(task.turns) turns, \(StudyText.number(task.toolSeconds)) s per tool call, "
        + "up to \(StudyText.number(task.context(turn: task.turns - 1))) tokens of context",
      columns: [
        Table.Column("How"), Table.Column("Chips each", format: .integer),
        Table.Column("Agents per instance", format: .integer),
        Table.Column("One task", unit: "s", format: .significant3),
        Table.Column("Generating", unit: "$", format: .significant3),
        Table.Column("Reading", unit: "$", format: .significant3),
        Table.Column("Cache held", unit: "$", format: .significant3),
        Table.Column("One task", unit: "$", format: .significant3),
        Table.Column("Tasks on \(question.maxChips) chips", unit: "per hour", format: .significant3),
        Table.Column("Agents at once", format: .significant3),
        Table.Column("Cache worth keeping for", unit: "s", format: .significant3),
      ],
      rows: runs.map {
        [
          .text($0.name), .number(Double($0.point.chips)), .number(Double($0.batch)),
          .number($0.wallSeconds, grade: .derived), .number($0.generatingUSD), .number($0.readingUSD),
          .number($0.holdingUSD), .number($0.usd, grade: .derived), .number($0.tasksPerHour),
          .number($0.agents), .number($0.breakEvenSeconds, grade: .derived),
        ]
      },
      note:
        "A held cache is charged its share of the chips' HBM by the byte-second: HBM that holds a waiting agent admits no "
        + "other. The last column is the wait at which reading the longest context again costs as much.")
  }
}
