import Economics
import FleetData
import Planning
import Testing

@Suite struct StudyTrainingTests {
  @Test("A faster link never keeps the chips less busy, and one site needs no link")
  func links() throws {
    let slow = try trainingStudy(StudyWorld.sites(link: 1e9)).column("Busy", of: "training-methods")
    let fast = try trainingStudy(StudyWorld.sites(link: 100e9)).column("Busy", of: "training-methods")
    #expect(slow.count == fast.count && slow.count == 7)
    #expect(zip(slow, fast).allSatisfy { $0 <= $1 })
    let alone = try trainingStudy(StudyWorld.sites(sites: 1)).column("Busy", of: "training-methods")
    #expect(alone.allSatisfy { $0 == 1 })
  }

  @Test("Rarer synchronisation keeps the chips busier")
  func localSteps() throws {
    let busy = try trainingStudy(StudyWorld.sites(link: 1e9)).column("Busy", of: "training-methods")
    let diloco = Array(busy[1...5])
    #expect(diloco == diloco.sorted())
  }

  @Test("The cheapest method at equal loss is the one named, and its cost the least of the table")
  func best() throws {
    let study = try trainingStudy(StudyWorld.sites(link: 1e9))
    let costs = study.column("Cost at equal loss", of: "training-methods")
    #expect(try study.value("usd_at_equal_loss") == costs.min())
  }

  @Test("Published runs over sites are reproduced within their grid")
  func published() throws {
    let study = try trainingStudy(StudyWorld.sites())
    let here = study.column("Here", of: "training-published")
    let published = study.column("Published", of: "training-published")
    // One grid step of the table is 21 %; utilisations are printed to two digits.
    for (x, y) in zip(here, published) { #expect(abs(x / y - 1) < 0.21) }
    #expect(here.count == 6)
  }

  @Test("A link of nothing and a trough above the peak are refused")
  func nonsense() throws {
    #expect(throws: StudyError.self) { try trainingStudy(StudyWorld.sites(link: 0)) }
    var question = try StudyWorld.sites()
    question.troughOverPeak = 1.5
    #expect(throws: StudyError.self) { try trainingStudy(question) }
  }
}
