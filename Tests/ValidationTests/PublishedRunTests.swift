import FleetData
import Performance
import Testing

@testable import Validation

/// The published runs that ship with the tool against the cases they were taken from.
@Suite struct PublishedRunTests {
  @Test("Every run that ships is a bf16 row of the published cases: same MFU, chips, source and size")
  func same() throws {
    let cases = try TrainingCase.read(published("training-runs.json"))
    #expect(PublishedTrainingRun.all.count == 91)
    for run in PublishedTrainingRun.all {
      let row = try #require(cases.first { $0.id == run.id })
      #expect(abs(try #require(row.measured.mfu) - run.mfu) < 1e-4, "\(run.id)")
      #expect(
        row.nChips == run.chips && row.source.split(separator: " ").joined(separator: " ") == run.source)
      guard let spec = try? row.model.spec(id: run.id, source: run.source) else { continue }
      // Sources that state their size count learned positions too: 6 % of a 3B model at 65,536 tokens.
      #expect(abs(ModelCounts(spec).activeParameters / run.activeParameters - 1) < 0.07, "\(run.id)")
    }
  }
}
