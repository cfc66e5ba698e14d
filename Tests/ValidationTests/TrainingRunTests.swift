import FleetData
import Foundation
import Performance
import Testing

@testable import Validation

/// Published training runs, each with its source, in `fixtures/published`.
@Suite struct TrainingRunTests {
  static let runs = try! TrainingCase.read(published("training-runs.json"))

  @Test("Every published FLOP rate is reproduced to 0.1 % by the convention it names")
  func flopRates() throws {
    let checks = try Self.runs.compactMap { try $0.flopCheck() }
    #expect(checks.count == 102)
    #expect(checks.allSatisfy { $0.error < 1e-3 })
  }

  @Test("Published runs are predicted with a median error of 6 % and nine in ten within 18 %")
  func errors() throws {
    let predictions = Self.runs.compactMap { try? predictTraining($0) }
    #expect(predictions.count >= 110)
    let errors = predictions.map { abs($0.timeRatio - 1) }.sorted()
    #expect(quantile(0.5, of: errors) <= 0.06)
    #expect(quantile(0.9, of: errors) <= 0.18)
  }

  @Test("No published run is faster than its physical lower bound, and all fit their memory")
  func boundsAndMemory() {
    for run in Self.runs {
      guard let prediction = try? predictTraining(run) else { continue }
      #expect(!prediction.beatsLimit, "\(run.id)")
      #expect(prediction.fits, "\(run.id)")
      #expect(prediction.estimate.time >= prediction.estimate.lowerBound)
    }
  }

  @Test("A run with an unknown chip or an unstated shape is skipped with its reason")
  func skipped() throws {
    let reasons = Self.runs.compactMap { run -> String? in
      do throws(Diagnostic) {
        _ = try predictTraining(run)
        return nil
      } catch { return "\(run.id): \(error.what)" }
    }
    #expect(
      reasons.sorted() == [
        "maxtext-custom-v6e-700B-moe-E16: the row does not state the vocabulary",
        "maxtext-custom-v6e-900B-dense: the row does not state the vocabulary",
      ])
  }

  @Test("Verifying a file has a row for every run and groups by chip, phase and source")
  func document() throws {
    let document = try verify(published("training-runs.json"))
    #expect(document.rows.map(\.id) == Self.runs.map(\.id))
    #expect(document.rows.count { $0.reason != nil } == 2)
    #expect(document.summary[0].name == "all" && document.summary[0].errors.count == 116)
    #expect(document.summary.contains { $0.name == "chip/tpu-v5e" && $0.errors.count == 12 })
  }

  @Test("A prediction knows nothing of names: the same run under another name is predicted the same")
  func namesDoNotMatter() throws {
    for run in Self.runs.prefix(20) {
      var other = run
      (other.id, other.model.name, other.source) = ("x", "y", "z")
      guard let first = try? predictTraining(run) else { continue }
      #expect(try predictTraining(other).predicted == first.predicted)
    }
  }

  @Test("The same runs give the same constants, and they are the ones that ship")
  func fitIsRepeatable() throws {
    let few = Array(Self.runs.filter { $0.hardware == "tpu-v4" })
    let first = TrainingFit(few).fitted(sweeps: 6)
    #expect(first == TrainingFit(few).fitted(sweeps: 6))
    #expect(first.training.first { $0.id == "tpu-v4" }?.rows == 4)
    #expect(TrainingEfficiencyTable.builtIn.training.contains { $0.id == "tpu-v4" && $0.rows == 4 })
  }
}
