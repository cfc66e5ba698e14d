import Economics
import FleetData
import Foundation

/// What is known of sampling one question many times, and of checking the answers.
public struct SamplingTerms: Sendable {
  /// The share of questions that one sample solves.
  public var first: InputRange
  /// The share that at least one of so many samples solves.
  public var samples: Double
  public var coverage: InputRange
  public var usdPerVerification: InputRange
  /// Probability that the verifier picks a right answer where there is one.
  public var verifierRecall: InputRange
  /// Dollars that a solved question is worth.
  public var solvedWorth: InputRange

  /// SWE-bench Lite's coverage, tests that cost a tenth of a cent and find every right answer, a dollar per solution.
  public init(
    first: InputRange = InputRange(0.159), samples: Double = 250, coverage: InputRange = InputRange(0.56),
    usdPerVerification: InputRange = InputRange(0.001), verifierRecall: InputRange = InputRange(1),
    solvedWorth: InputRange = InputRange(1)
  ) {
    self.first = first
    self.samples = samples
    self.coverage = coverage
    self.usdPerVerification = usdPerVerification
    self.verifierRecall = verifierRecall
    self.solvedWorth = solvedWorth
  }

  static var inputs: [StudyInput<SamplingTerms>] {
    [
      StudyInput("pass rate", \.first), StudyInput("coverage", \.coverage),
      StudyInput("verifier cost", unit: "$/answer", \.usdPerVerification),
      StudyInput("verifier recall", \.verifierRecall),
      StudyInput("worth of a solved question", unit: "$", \.solvedWorth),
    ]
  }

  func check() throws(StudyError) {
    try first.check("pass rate of one sample", .positiveShare)
    try coverage.check("coverage of \(StudyText.number(samples)) samples", .positiveShare)
    try usdPerVerification.check("dollars per verification", .nonNegative)
    try verifierRecall.check("verifier recall", .positiveShare)
    try solvedWorth.check("value of a solved question in dollars", .positive)
  }
}

/// Repeated sampling: coverage, what it costs with its verifier, and how many samples a solution is worth.
struct SpendSampling: Sendable {
  var terms: SamplingTerms
  var answer: SampledAnswer
  var best: Double
  /// Dollars per question that so many samples earn beyond their cost.
  var netWorth: Double

  /// - Parameter samples: `nil` draws as many as are worth drawing.
  init(_ life: SpendLife, samples: Double? = nil) throws(StudyError) {
    let terms = life.question.sampling
    self.terms = terms
    (answer, best, netWorth) = try economics { () throws(EconomicsError) in
      let law = try CoverageLaw(
        first: terms.first.base, samples: terms.samples, coverage: terms.coverage.base)
      let answer = try SampledAnswer(
        law: law, usdPerSample: life.usdPerRequest, usdPerVerification: terms.usdPerVerification.base,
        verifierRecall: terms.verifierRecall.base)
      let worth = terms.solvedWorth.base
      let best: Double
      if let samples { best = samples } else { best = try answer.bestSamples(value: worth) }
      return (answer, best, try worth * answer.solved(samples: best) - answer.cost(samples: best))
    }
  }

  var sentence: String {
    let solved = (try? answer.solved(samples: best)) ?? 0
    return
      "If a solved question is worth \(StudyText.money(terms.solvedWorth.base)), \(StudyText.number(best.rounded())) samples are "
      + "worth drawing: they solve \(StudyText.percent(solved)) of questions, one alone "
      + "\(StudyText.percent(terms.first.base * terms.verifierRecall.base))."
  }

  func table() throws(StudyError) -> Table {
    var rows: [[Cell]] = []
    for k in Set([1, 5, 10, 50, 250, 1000, 10_000, best.rounded()]).sorted() {
      rows.append(
        try economics { () throws(EconomicsError) in
          let solved = try answer.solved(samples: k)
          let cost = try answer.cost(samples: k)
          return [
            .number(k), .number(try answer.law.coverage(samples: k), grade: .derived),
            .number(try Sampling.bestOfN(k, passRate: terms.first.base)),
            .number(try Sampling.majority(votes: Int(k), passRate: terms.first.base)),
            .number(k * answer.usdPerSample, grade: .derived), .number(k * answer.usdPerVerification),
            .number(solved, grade: .derived), .number(cost / solved, grade: .derived),
            .number(terms.solvedWorth.base * solved - cost, grade: .derived),
          ]
        })
    }
    return Table(
      id: "spend-sampling", title: "Many samples of one question, and a verifier that picks",
      columns: [
        Table.Column("Samples", format: .integer),
        Table.Column("Solved by at least one (pass@k)", format: .percent),
        Table.Column("If questions were all alike", format: .percent),
        Table.Column("Majority vote", format: .percent),
        Table.Column("Samples", unit: "$", format: .significant3),
        Table.Column("Verifier", unit: "$", format: .significant3),
        Table.Column("Solved and picked", format: .percent),
        Table.Column("Per solved question", unit: "$", format: .significant3),
        Table.Column("Worth less cost", unit: "$/question", format: .decimal3),
      ], rows: rows,
      note:
        "c(k) = exp(a·k^-b) through \(StudyText.percent(terms.first.base)) at one and \(StudyText.percent(terms.coverage.base)) at "
        + "\(StudyText.number(terms.samples)) samples (form of arXiv:2407.21787): questions differ, so more samples solve "
        + "fewer than if all were alike. A vote needs no verifier but cannot pass what the model prefers.")
  }
}
