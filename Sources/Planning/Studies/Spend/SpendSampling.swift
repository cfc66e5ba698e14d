import Economics
import FleetData
import Foundation

/// What is known of sampling one question many times, and of checking the answers.
public struct SamplingTerms: Sendable {
  /// The share of questions that one sample solves.
  public var first: Double
  /// The share that at least one of so many samples solves.
  public var samples: Double
  public var coverage: Double
  public var usdPerVerification: Double
  /// Probability that the verifier picks a right answer where there is one.
  public var verifierRecall: Double
  /// Dollars that a solved question is worth.
  public var solvedWorth: Double

  /// SWE-bench Lite's coverage, tests that cost a tenth of a cent and find every right answer, a dollar per solution.
  public init(
    first: Double = 0.159, samples: Double = 250, coverage: Double = 0.56, usdPerVerification: Double = 0.001,
    verifierRecall: Double = 1, solvedWorth: Double = 1
  ) {
    self.first = first
    self.samples = samples
    self.coverage = coverage
    self.usdPerVerification = usdPerVerification
    self.verifierRecall = verifierRecall
    self.solvedWorth = solvedWorth
  }
}

/// Repeated sampling: coverage, what it costs with its verifier, and how many samples a solution is worth.
struct SpendSampling: Sendable {
  var terms: SamplingTerms
  var answer: SampledAnswer
  var best: Double

  init(_ life: SpendLife) throws(StudyError) {
    let terms = life.question.sampling
    self.terms = terms
    (answer, best) = try economics { () throws(EconomicsError) in
      let law = try CoverageLaw(first: terms.first, samples: terms.samples, coverage: terms.coverage)
      let answer = try SampledAnswer(
        law: law, usdPerSample: life.usdPerRequest, usdPerVerification: terms.usdPerVerification,
        verifierRecall: terms.verifierRecall)
      return (answer, try answer.bestSamples(value: terms.solvedWorth))
    }
  }

  var sentence: String {
    let solved = (try? answer.solved(samples: best)) ?? 0
    return
      "If a solved question is worth \(StudyText.money(terms.solvedWorth)), \(StudyText.number(best.rounded())) samples are "
      + "worth drawing: they solve \(StudyText.percent(solved)) of questions, one alone "
      + "\(StudyText.percent(terms.first * terms.verifierRecall))."
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
            .number(try Sampling.bestOfN(k, passRate: terms.first)),
            .number(try Sampling.majority(votes: Int(k), passRate: terms.first)),
            .number(k * answer.usdPerSample, grade: .derived), .number(k * answer.usdPerVerification),
            .number(solved, grade: .derived), .number(cost / solved, grade: .derived),
            .number(terms.solvedWorth * solved - cost, grade: .derived),
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
        Table.Column("Worth less cost", unit: "$/question", format: .significant3),
      ], rows: rows,
      note:
        "c(k) = exp(a·k^-b) through \(StudyText.percent(terms.first)) at one and \(StudyText.percent(terms.coverage)) at "
        + "\(StudyText.number(terms.samples)) samples (form of arXiv:2407.21787): questions differ, so more samples solve "
        + "fewer than if all were alike. A vote needs no verifier but cannot pass what the model prefers.")
  }
}
