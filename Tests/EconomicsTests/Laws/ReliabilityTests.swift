import Economics
import Quantities
import Testing

@Suite struct ReliabilityTests {
  @Test("A minute's checkpoint against a failure every 3.09 hours is best every 18.6 minutes, goodput 87.6 %")
  func checkpoint() throws {
    // 419 unexpected interruptions in 54 days.
    let job = try Checkpointing(
      checkpoint: 60, meanTimeBetweenFailures: Seconds(54 * 86_400 / 419.0), restart: 300)
    #expect(abs(job.youngInterval.value - 1156) < 1)
    #expect(abs(job.dalyInterval.value - 1116.29) < 0.5)
    #expect(abs(job.exactInterval.value - 1116.30) < 0.5)
    #expect(abs(try job.bestGoodput() - 0.876) < 1e-3)
  }

  @Test("No interval has more goodput than the exact one")
  func optimum() throws {
    for delta in [1.0, 60, 600, 20_000] {
      let job = try Checkpointing(
        checkpoint: Seconds(delta), meanTimeBetweenFailures: 7200, restart: 120)
      let best = try job.bestGoodput()
      for k in [0.5, 0.9, 1.1, 2] {
        #expect(try job.goodput(interval: job.exactInterval * k) < best)
      }
    }
  }

  @Test("Failures scale with nodes: 16,384 GPUs at 3.79 per 1,000 node-days fail every 3.09 hours")
  func failures() throws {
    let time = try Failures.meanTimeToFailure(failuresPer1000NodeDays: 3.79, chips: 16_384, chipsPerNode: 8)
    #expect(abs(time / .hour - 3.09) < 0.01)
    let half = try Failures.meanTimeToFailure(failuresPer1000NodeDays: 3.79, chips: 8192, chipsPerNode: 8)
    #expect(abs(half / time - 2) < 1e-12)
  }

  @Test("Spares: 128 nodes at 98 % need 9 for three nines, 2,048 at 99.5 % need 22")
  func spares() throws {
    #expect(try Failures.spares(for: 128, availability: 0.98, target: 0.999) == 9)
    #expect(try Failures.spares(for: 2048, availability: 0.995, target: 0.999) == 22)
    #expect(try Failures.spares(for: 10, availability: 1, target: 0.999) == 0)
  }

  @Test("Probabilities over all outcomes sum to one, and certain units never fail")
  func binomial() throws {
    #expect(abs(try Failures.probability(atLeast: 0, of: 5000, availability: 0.9) - 1) < 1e-9)
    #expect(try Failures.probability(atLeast: 10, of: 10, availability: 1) == 1)
    #expect(try Failures.probability(atLeast: 11, of: 10, availability: 1) == 0)
    // Two of three at ½: 4/8.
    #expect(abs(try Failures.probability(atLeast: 2, of: 3, availability: 0.5) - 0.5) < 1e-12)
  }
}
