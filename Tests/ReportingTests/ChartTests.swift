import FleetData
import Testing

@testable import Reporting

struct ChartTests {
  @Test("Ticks are round numbers that enclose the data")
  func ticks() {
    let ticks = Ticks.linear(0, 347_000)
    #expect(ticks.labels == ["0", "100k", "200k", "300k", "400k"])
    #expect(Ticks.linear(-2, 2).values == [-2, -1, 0, 1, 2])
    #expect(Ticks.linear(3, 3).low < 3)
    #expect(Ticks.logarithmic(12, 140).labels == ["10", "20", "50", "100", "200"])
    #expect(Ticks.logarithmic(0.004, 2).labels == ["0.001", "0.01", "0.1", "1", "10"])
  }

  @Test(
    "Numbers in few characters keep three digits",
    arguments: [(8000.0, "8,000"), (12_345, "12.3k"), (0.05, "0.05"), (2.6e6, "2.6M"), (1e-18, "1e-18")])
  func shortNumbers(_ pair: (Double, String)) { #expect(Ticks.short(pair.0) == pair.1) }

  @Test("A waterfall's changes float from the running total, its ends stand on zero")
  func waterfall() {
    let steps = ChartDrawing(PreviewTests.bridge).waterfallSteps()
    #expect(steps[1] == .init(from: 250_000, to: 254_000, isTotal: false))
    #expect(steps[2] == .init(from: 254_000, to: 223_000, isTotal: false))
    #expect(steps.last == .init(from: 0, to: 203_700, isTotal: true))
  }

  @Test("Every chart is small, titled, described, without script, and the same twice")
  func everyChart() throws {
    let plan = SamplePlan().make()
    let pictures = Markdown.render(plan).pictures + PreviewTests.gallery
    for picture in pictures {
      #expect(picture.svg.utf8.count < 100_000)
      #expect(picture.svg.contains("role=\"img\"") && picture.svg.contains("<desc "))
      #expect(!picture.svg.contains("<script") && !picture.svg.contains("nan"))
      #expect(
        picture.fileName.utf8.allSatisfy {
          ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45 || $0 == 46
        })
    }
    #expect(pictures == Markdown.render(plan).pictures + PreviewTests.gallery)
  }

  @Test("An empty chart says so instead of failing")
  func empty() {
    for kind in [Chart.Kind.line, .stackedColumns, .columns, .scatter, .waterfall, .tornado] {
      let chart = Chart(
        id: "e", title: "Empty", kind: kind, x: .init("x", unit: ""), y: .init("y", unit: "s"), series: [],
        altText: "")
      #expect(SVGChart.render(chart).contains("No data"))
    }
  }
}
