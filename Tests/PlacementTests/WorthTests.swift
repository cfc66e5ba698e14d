import FleetData
import Quantities
import Testing

@testable import Placement

/// Two sites; the far pod holds four replicas of the five that are needed.
private func short(_ price: ChipPrice) -> PlacementProblem {
  var problem = Fixture.twoSites(rate: 10)
  problem.fleet.pods[0].count = 2
  problem.fleet.pods[0].price = price
  return problem
}

@Test("One more slice of rented chips saves what the dearer chips cost beyond its own rent")
func oneMoreRentedSlice() throws {
  let worth = try WorthStudy.find(short(Fixture.onDemand(1)))
  let slice = try #require(worth.first)
  // Four chips move from $2 to $1; 16 chips at $1 and 4 at $2 are 24 dollars an hour.
  #expect(worth.count == 1)
  #expect(slice.step == "4 more chips in far-gpu (one slice 4)")
  #expect(abs(slice.saving - Fixture.month(chips: 4, at: 1)) < 1)
  #expect(abs(slice.share - 4.0 / 24) < 1e-3)
  #expect(slice.price == nil)
  #expect(
    slice.sentence
      == "4 more chips in far-gpu (one slice 4) would save $2,922 in month 0 (16.7 % of its cost)")
}

@Test(
  "One more slice of chips paid for unused saves all the dearer ones cost, and its own price is said beside it"
)
func oneMoreCommittedSlice() throws {
  let slice = try #require(try WorthStudy.find(short(Fixture.committed(1))).first)
  #expect(abs(slice.saving - Fixture.month(chips: 4, at: 2)) < 5)
  #expect(abs(try #require(slice.price) - Fixture.month(chips: 4, at: 1)) < 1e-6)
  #expect(slice.sentence.hasSuffix("and cost $2,922: they pay for themselves"))
  let dear = try #require(try WorthStudy.find(short(Fixture.committed(3))).first)
  #expect(dear.sentence.hasSuffix("and cost $8,766: they do not pay for themselves"))
}

@Test("Where nothing binds nothing more is worth having")
func nothingBinds() throws {
  #expect(try WorthStudy.find(Fixture.twoSites(rate: 10)).isEmpty)
}

@Test("What surviving the loss of a site costs is the difference to a plan that need not")
func lossHasAPrice() throws {
  var problem = Fixture.twoSites(rate: 10)
  problem.survivesSiteLoss = true
  problem.utilizationAfterLoss = 1
  let loss = try #require(try WorthStudy.find(problem).first)
  #expect(loss.step == "surviving the loss of any one site")
  // Five replicas at each site where five at the far one would do: 20 chips at $2.
  #expect(abs(loss.saving - Fixture.month(chips: 20, at: 2)) < 5)
  #expect(loss.sentence.contains("surviving the loss of any one site costs $29"))
}

@Test("Worth is said in what the plan is judged by")
func worthFollowsTheObjective() throws {
  var problem = short(Fixture.onDemand(1))
  problem.fleet.sites[1].carbon = GramsCO2PerJoule(900 / 3.6e6)
  problem.weights = PlacementProblem.Weights(cost: 1e-4, carbonPerKilogram: 1)
  let slice = try #require(try WorthStudy.find(problem).first)
  #expect(slice.sentence.contains("kg of CO2 in month 0"))
  #expect(slice.price == nil)
}
