import Economics
import FleetData
import Planning
import Quantities
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
    question.troughOverPeak = InputRange(1.5)
    #expect(throws: StudyError.self) { try trainingStudy(question) }
  }

  @Test("Beyond the measured sizes a predicted gain is shown, not counted, and said")
  func extrapolation() throws {
    let measured = try trainingStudy(StudyWorld.sites())
    #expect(try measured.value("loss_is_extrapolated") == 0)
    #expect(try measured.value("loss_ratio") == max(1, measured.value("loss_ratio_by_law")))
    var question = try StudyWorld.sites()
    question.model = try Catalog.builtIn.model("llama-3.1-70b")
    question.tokens = InputRange(1.4e12)
    question.serving.model = question.model
    let large = try trainingStudy(question)
    #expect(try large.value("loss_ratio_by_law") < 0.99)
    #expect(try large.value("loss_ratio") == 1)
    #expect(large.sentences.contains { $0.contains("extrapolated") })
    let cost = try #require(large.finding("usd_at_equal_loss"))
    #expect(try #require(cost.low) < cost.value)
  }

  @Test("Serving takes all chips at the peak; training in the valleys draws the cheap hours")
  func valleys() throws {
    var question = try StudyWorld.sites()
    question.power.bands = [.init(from: 12, to: 18, usdPerKWh: InputRange(0.4))]
    let study = try trainingStudy(question)
    let training = study.column("Training", of: "training-day")
    let serving = study.column("Serving", of: "training-day")
    #expect(training.count == 24 && training[14] == 0)
    for (a, b) in zip(training, serving) { #expect(a + b == 1024) }
    // Six hours at 0.40 and eighteen at 0.08 cost 0.16 around the clock.
    #expect(try study.value("valley_usd_per_kwh") < 0.12)
    question.troughOverPeak = InputRange(0.8)
    #expect(try trainingStudy(question).value("valley_days") > study.value("valley_days"))
  }

  @Test("A site whose power is too small for all chips is said not to fit, and spreading costs no less")
  func powerCaps() throws {
    var question = try StudyWorld.sites()
    // 300 chips of 250 W at PUE 1.1.
    question.siteWatts = InputRange(300 * 250 * 1.1)
    let study = try trainingStudy(question)
    let table = try #require(study.tables.first { $0.id == "training-sites" })
    #expect(table.rows[0][3] == .text("no") && table.rows[2][3] == .text("yes"))
    let costs = study.column("Cost at equal loss", of: "training-sites")
    #expect(costs.count == 5 && costs[0] <= costs[1])
  }

  @Test("Actors and learners split the cost by their chips; a tree of relays takes one copy's time")
  func actors() throws {
    let study = try trainingStudy(StudyWorld.sites())
    let values = study.column("Value", of: "training-actors")
    let (relay, direct) = (values[6], values[7])
    #expect(direct > 2.5 * relay)
    let (learners, actors) = (values[10], values[11])
    #expect(abs(values[12] / 100 - actors / (actors + learners)) < 1e-9)
  }

  @Test("A site cut into more slices over its network is never predicted to train faster")
  func slices() throws {
    let mfu = try trainingStudy(StudyWorld.sites()).column("Predicted MFU", of: "training-slices")
    #expect(mfu.count >= 2)
    #expect(zip(mfu, mfu.dropFirst()).allSatisfy { $0 >= $1 - 0.01 })
  }
}
