import FleetData
import Quantities
import Testing

@testable import Simulation

@Suite("The parts of the engine")
struct PartsTests {
  @Test(
    "A decode run in closed form is the sum of its steps, and its inverse is the least such number of steps")
  func decodeRun() {
    var random = RandomStream(7, "runs")
    for _ in 0..<300 {
      let run = DecodeRun(
        first: 0.01 + random.uniform(), growth: random.uniform() < 0.2 ? 0 : random.uniform() / 20,
        bend: random.uniform() < 0.3 ? .infinity : Double(random.next() % 40), late: 1 + random.uniform(),
        lateGrowth: random.uniform() < 0.2 ? 0 : random.uniform() / 40)
      let limit = 1 + Double(random.next() % 60)
      let elapsed = run.duration(limit) * (0.01 + 0.99 * random.uniform())
      let steps = run.steps(reaching: elapsed)
      #expect(steps >= 1 && run.duration(steps) >= elapsed)
      #expect(steps == 1 || run.duration(steps - 1) < elapsed)
    }
    // 1.0, 1.2, 1.4 until the windows are full, then 1.5, 1.6.
    let run = DecodeRun(first: 1, growth: 0.2, bend: 3, late: 1.5, lateGrowth: 0.1)
    #expect((run.duration(5) - 6.7).magnitude < 1e-12)
  }

  @Test("Histogram quantiles are within 0.2 % of the exact ones")
  func histogram() {
    var random = RandomStream(3, "histogram")
    var histogram = LogHistogram()
    var values: [Double] = []
    for _ in 0..<20_000 {
      let value = 0.001 / (random.uniform() + 1e-6)
      histogram.record(value)
      values.append(value)
    }
    values.sort()
    for share in [0.01, 0.5, 0.9, 0.99, 0.999] {
      let exact = values[Int((share * 20_000).rounded(.up)) - 1]
      #expect((histogram.quantile(share)! / exact - 1).magnitude <= LogHistogram.relativeError * 1.001)
    }
  }

  @Test(
    "The least loaded replica found in O(1) is the one a search finds, the longest untouched among equals")
  func loadIndex() {
    var random = RandomStream(5, "loads")
    var index = LoadIndex(groupOfReplica: [0, 0, 0, 0, 0], groups: 1)
    var loads = [0, 0, 0, 0, 0]
    var touched = [0, 1, 2, 3, 4]
    var isOpen = [true, true, true, true, true]
    for replica in 0..<5 { index.open(replica) }
    for turn in 5..<3000 {
      let replica = Int(random.next() % 5)
      switch random.next() % 8 {
      case 0:
        if isOpen[replica] { index.close(replica) } else { index.open(replica) }
        isOpen[replica].toggle()
      case 1...3 where loads[replica] > 0:
        index.decrement(replica)
        loads[replica] -= 1
      default:
        index.increment(replica)
        loads[replica] += 1
      }
      touched[replica] = turn
      let best = (0..<5).filter { isOpen[$0] }.min { (loads[$0], touched[$0]) < (loads[$1], touched[$1]) }
      #expect(index.leastLoaded(0) == Int32(best ?? -1))
    }
  }

  @Test("The completion heap gives words back in order, also after one was taken out of the middle")
  func heap() {
    var random = RandomStream(9, "heap")
    let heap = Slab<UInt64>(count: 64, repeating: 0)
    var words: [UInt64] = []
    for _ in 0..<2000 {
      if words.count < 60, random.uniform() < 0.55 {
        let word = random.next() >> 8
        CompletionHeap.push(word, heap.pointer(0), words.count)
        words.append(word)
      } else if !words.isEmpty {
        let index = random.uniform() < 0.5 ? 0 : Int(random.next() % UInt64(words.count))
        let word = heap[index]
        CompletionHeap.remove(at: index, heap.pointer(0), words.count)
        words.remove(at: words.firstIndex(of: word)!)
      }
      #expect(words.isEmpty || heap[0] == words.min())
    }
  }

  @Test("Lengths drawn have the mean asked for", arguments: [0.5, 1.0])
  func lognormalMean(sigma: Double) {
    let sampler = LengthSampler(.lognormal(mean: 1000, sigma: sigma))
    var random = RandomStream(1, "lengths")
    var sum = 0
    for _ in 0..<40_000 { sum += Int(sampler.draw(&random)) }
    #expect((Double(sum) / 40_000 / 1000 - 1).magnitude < 0.03)
  }

  @Test("Requests of a distant region wait the round trip on top")
  func roundTrip() throws {
    var stream = Fixtures.stream(1, 50, input: .fixed(100), output: .fixed(10))
    stream.regionShares = [.init(region: "far", share: 1)]
    let near = try FleetSimulation(groups: [Fixtures.group(Fixtures.eightBillion)], streams: [stream]).run()
    let far = try FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion)], streams: [stream],
      roundTrips: [RoundTrip(region: "far", site: "s", time: 0.2)]
    ).run()
    #expect((far.overall.ttft!.mean - near.overall.ttft!.mean - 0.2).magnitude < 1e-9)
    #expect((far.overall.tpot!.mean - near.overall.tpot!.mean).magnitude < 1e-12)
  }

  @Test("A progress call that says stop gives a partial result, marked so")
  func interruption() throws {
    let result = try FleetSimulation(
      groups: [Fixtures.group(Fixtures.eightBillion, 4)], streams: [Fixtures.stream(30, 40_000)]
    ).run(progress: { _, _ in false })
    #expect(result.interrupted)
    #expect(result.overall.arrived < 40_000)
    #expect(result.brokenLaws.isEmpty)
  }
}
