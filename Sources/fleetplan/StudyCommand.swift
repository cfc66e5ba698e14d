import ArgumentParser

/// `study scale|spend|context|codesign|training`: one question each, answered with a sentence, a table, a picture and
/// an interval.
struct StudyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Answer one question: scale up or out, train or serve, context, chip design, sites.",
    discussion: "Any number may be a range, low..high or low..base..high; results then carry an interval.",
    subcommands: [
      StudyScaleCommand.self, StudySpendCommand.self, StudyContextCommand.self, StudyCodesignCommand.self,
      StudyTrainingCommand.self,
    ])
}
