import Economics
import FleetData
import Planning
import Testing

@Suite struct StudyLiveTests {
  func same(_ study: StudyResult, _ key: String, _ finding: String) throws {
    let live = try #require(study.live).values()
    #expect(abs(try #require(live[key]) / study.value(finding) - 1) < 1e-9, "\(study.id): \(key)")
  }

  @Test("The live sheet of every study reproduces the study's own numbers")
  func reproduced() throws {
    try same(scaleStudy(StudyWorld.serving()), "per_million", "best_usd_per_million_output")
    for growth in [0, 0.05] {
      let spend = try spendStudy(StudyWorld.spend(growth: growth))
      try same(spend, "training", "training_usd")
      try same(spend, "serving", "serving_usd")
      try same(spend, "life", "life_usd")
      try same(spend, "crossover", "crossover_requests_per_day")
    }
    let training = try trainingStudy(StudyWorld.sites(link: 1e9))
    try same(training, "equal", "usd_at_equal_loss")
    try same(training, "days", "days")
  }
}
