import FleetData
import Foundation
import Testing

@testable import Validation

@Suite("Published answers, file by file")
struct GoldenReportTests {
  @Test("Closed forms: 175 of the 182 questions that the book answers rightly come out, none is missed")
  func book() throws {
    let report = try GoldenReport(published("scaling-book.json"))
    #expect(report.asked == 182 && report.reproduced == 175)
    #expect(report.rows.allSatisfy { $0.status != .missed && ($0.ours != nil || $0.reason != nil) })
    #expect(report.rows.filter { $0.status == .disputed }.map(\.id) == ["sb-ai-12-int4"])
  }

  @Test("Speed of light: every row within 5 %, latent experts among them; kernels with their ratios")
  func peers() throws {
    let report = try GoldenReport(published("peers.json"))
    #expect(report.reproduced == 8 && report.asked == 8)
    let listed = report.rows.filter { $0.status == .listed }
    #expect(listed.count == 40 && listed.allSatisfy { ($0.ratio ?? 2) <= 1 })
  }

  @Test("Printed FLOP rates: all 102 follow from shape and tokens")
  func rates() throws {
    let report = try GoldenReport(published("training-runs.json"))
    #expect(report.asked == 102 && report.reproduced == 102)
  }

  @Test("A file of something else is refused")
  func refusal() {
    #expect(throws: Diagnostic.self) { try GoldenReport(Data(#"{"a": 1}"#.utf8)) }
  }
}
