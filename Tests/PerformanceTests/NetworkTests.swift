import FleetData
import Quantities
import Testing

@testable import Performance

@Suite struct NetworkTests {
  let v5e = try! Catalog.builtIn.chip("tpu-v5e")
  let v5p = try! Catalog.builtIn.chip("tpu-v5p")
  let h100 = try! Catalog.builtIn.chip("h100-sxm")

  @Test("A v5e axis wraps only at 16; a v5p slice wraps only in whole 4x4x4 cubes")
  func wrapRules() throws {
    guard case .torus(let flat) = v5e.interconnect, case .torus(let deep) = v5p.interconnect else {
      throw Diagnostic("both chips have a torus")
    }
    let half = SliceTopology([8, 16])
    #expect(!half.wraps(axis: 0, under: flat))
    #expect(half.wraps(axis: 1, under: flat))
    #expect(!SliceTopology([2, 2, 4]).wraps(axis: 2, under: deep))
    #expect((0..<3).allSatisfy { SliceTopology([4, 4, 8]).wraps(axis: $0, under: deep) })
  }

  @Test("A slice of unstated shape is the most cubic one")
  func standardShapes() {
    #expect(SliceTopology.standard(chips: 8, on: v5e).axes == [2, 4])
    #expect(SliceTopology.standard(chips: 256, on: v5e).axes == [16, 16])
    #expect(SliceTopology.standard(chips: 16, on: v5p).axes == [2, 2, 4])
    #expect(SliceTopology.standard(chips: 512, on: v5p).axes == [8, 8, 8])
    #expect(SliceTopology.standard(chips: 24, on: h100).axes == [24])
  }

  @Test("A sharding that matches the torus takes whole wrapped axes")
  func wholeAxes() {
    let network = SliceNetwork(
      chip: v5e, slice: SliceTopology([16, 16]), sharding: Sharding(fsdp: 16, tensor: 16))
    let ring = [CommGroup.Ring(length: 16, wraps: true)]
    for axis in [SliceNetwork.Axis.tensor, .fsdp] {
      guard case .torus(let rings, _, _) = network[axis].inner else {
        Issue.record("the \(axis) group lies on the torus")
        continue
      }
      #expect(rings == ring)
    }
  }

  @Test("An axis cut in two leaves a line inside and a shared ring outside")
  func partialAxes() {
    // Tensor 4 takes a quarter of one 16-ring: a line. FSDP takes the other ring and every fourth chip of the first.
    let network = SliceNetwork(
      chip: v5e, slice: SliceTopology([16, 16]), sharding: Sharding(fsdp: 64, tensor: 4))
    #expect(network[.tensor].innerBandwidth == 45e9)
    #expect(network[.fsdp].innerBandwidth.value == 2 * 45e9 + 2 * 45e9 / 4)
    #expect(network[.fsdp].members == 64)
  }

  @Test("Tensor parallelism fills the NVLink domain before the scale-out network")
  func domains() {
    let network = SliceNetwork(
      chip: h100, slice: SliceTopology([64]), sharding: Sharding(data: 8, tensor: 8))
    #expect(network[.tensor] == CommGroup(inner: .domain(members: 8, perChipOneWay: 450e9)))
    #expect(network[.data].outer?.parts == 8)
    #expect(network[.data].outer?.perChipOneWay == 50e9)
  }

  @Test("Slices share the data axis over the data-centre network")
  func slices() {
    let network = SliceNetwork(
      chip: v5e, slice: SliceTopology([16, 16]), slices: 4, sharding: Sharding(data: 4, fsdp: 256))
    #expect(network[.data].outer?.parts == 4)
    #expect(network[.data].outer?.perChipOneWay == 3.125e9)
    #expect(network[.fsdp].outer == nil)
  }

  @Test("A product of axes beyond the torus never divides a ring twice", arguments: [1, 2, 4, 8, 16])
  func everyTensorWay(_ ways: Int) {
    let sharding = Sharding(data: 4, fsdp: 64 / ways, tensor: ways)
    let network = SliceNetwork(chip: v5e, slice: SliceTopology([16, 16]), sharding: sharding)
    for axis in SliceNetwork.Axis.allCases { #expect(network[axis].members == sharding.size(of: axis)) }
  }

  @Test(
    "A collective over one chip, or of nothing, takes no time", arguments: Collective.allCases)
  func free(_ kind: Collective) {
    #expect(kind.time(1e9, over: .alone, at: .torus) == 0)
    #expect(kind.time(0, over: ring(16), at: .torus) == 0)
  }

  @Test("Twice the bytes never take less, and at most twice as long", arguments: Collective.allCases)
  func scaling(_ kind: Collective) {
    for efficiency in [LinkEfficiency.ideal, .torus, .switched] {
      let once = kind.time(1e6, over: ring(16), at: efficiency)
      let twice = kind.time(2e6, over: ring(16), at: efficiency)
      #expect(twice > once && twice <= 2 * once)
    }
  }

  @Test("An all-reduce is a reduce-scatter and an all-gather")
  func allReduceIsTwoPhases() {
    for group in [ring(16), ring(5, wraps: false), pair] {
      let phases =
        Collective.reduceScatter.time(1e8, over: group) + Collective.allGather.time(1e8, over: group)
      #expect(abs(Collective.allReduce.time(1e8, over: group) / phases - 1) < 1e-12)
    }
  }

  @Test("A wrapped ring gathers twice as fast as a line of the same links")
  func wrapDoubles() {
    let line = Collective.allGather.time(1e9, over: ring(16, wraps: false, hop: 0))
    let closed = Collective.allGather.time(1e9, over: ring(16, hop: 0))
    #expect(abs(line / closed - 2) < 1e-12)
  }

  @Test("Large rings tend to the book's limits: a gather V/W, a shuffle a quarter of it")
  func limits() {
    // 4,096 members: (n − 1)/n differs from 1 by 0.024 %.
    let gather = Collective.allGather.time(1e12, over: ring(4096, hop: 0))
    let shuffle = Collective.allToAll.time(1e12, over: ring(4096, hop: 0))
    #expect(abs(gather / Collective.allGather.ringLimit(1e12, bandwidth: 90e9) - 1) < 3e-4)
    #expect(abs(shuffle / gather - 0.25) < 1e-4)
  }

  @Test("Bandwidth rises with the size of the message")
  func ramp() {
    let rates = [1e5, 1e6, 1e7, 1e9].map { bytes in
      Collective.allReduce.busBandwidth(Bytes(bytes), over: domain(8), at: .switched)
    }
    #expect(rates == rates.sorted() && rates.last! < 450e9)
  }

  @Test("Between nodes the slower level of the tree sets the pace")
  func slowestLevel() {
    // 16 chips in two domains of 8: inside 7/8 · V / 450 GB/s, between 1/2 · V/8 / 50 GB/s.
    let time = Collective.allGather.time(8e9, over: pair)
    #expect(abs(time.value - max(7 / 8 * 8e9 / 450e9, 0.5 * 1e9 / 50e9) - 10e-6) < 1e-12)
  }

  private var pair: CommGroup {
    var group = domain(8)
    group.outer = .init(parts: 2, perChipOneWay: 50e9, latency: 10e-6, streamsWithInner: true)
    return group
  }

  private func ring(_ length: Int, wraps: Bool = true, hop: Seconds = 1e-6) -> CommGroup {
    CommGroup(
      inner: .torus([.init(length: length, wraps: wraps)], linkOneWay: 45e9, hopLatency: hop))
  }

  private func domain(_ members: Int) -> CommGroup {
    CommGroup(inner: .domain(members: members, perChipOneWay: 450e9))
  }

  @Test("A slice must be of a shape that the chip's links form")
  func sliceShapes() throws {
    let (v5e, h100) = (try Catalog.builtIn.chip("tpu-v5e"), try Catalog.builtIn.chip("h100-sxm"))
    for axes in [[1, 1], [2, 2], [2, 4], [4, 8], [16, 16], [8]] { try SliceTopology(axes).validate(on: v5e) }
    try SliceTopology([24]).validate(on: h100)
    for (axes, chip, help) in [
      ([3, 3], v5e, "try 2x4 or 4x4"), ([4, 4, 4], v5e, "try 8x8"), ([4, 2], h100, "state --chips 8"),
    ] {
      do {
        try SliceTopology(axes).validate(on: chip)
        Issue.record("\(axes) was accepted")
      } catch { #expect(error.diagnostic.help == help, "\(error)") }
    }
  }
}
