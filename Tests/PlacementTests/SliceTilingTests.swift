import FleetData
import Quantities
import Testing

@testable import Placement

@Test("Whatever the tiling rows admit, the packer places without overlap")
func rowsAreSufficient() {
  let pods: [(block: [Int], shapes: [[Int]])] = [
    ([16, 16], [[2, 2], [2, 4], [4, 4], [4, 8], [8, 8]]), ([8], [[1], [2], [4], [8]]),
    ([4, 4, 8], [[2, 2, 1], [2, 2, 2], [2, 2, 4], [4, 4, 4]]), ([6, 10], [[1, 2], [2, 4], [4, 4]]),
    ([72], [[8], [4], [16]]),
  ]
  var random = RandomStream(7, "tiling")
  for pod in pods {
    let shapes = pod.shapes.map { SliceTopology($0) }
    let tiling = SliceTiling(block: SliceTopology(pod.block), shapes: shapes)
    for _ in 0..<60 {
      let blocks = 1 + Int(random.next() % 3)
      let mix = shapes.map { shape in
        (footprint: tiling.footprint(of: shape)!, count: Int(random.next() % 9))
      }
      let positions = SlicePacker.pack(mix, in: tiling, blocks: blocks)
      #expect((positions != nil) == tiling.fits(mix, blocks: blocks))
      if let positions { #expect(!overlaps(positions, tiling)) }
    }
  }
}

private func overlaps(_ positions: [SlicePacker.Position], _ tiling: SliceTiling) -> Bool {
  var seen = Set<[Int]>()
  for position in positions {
    var points: [[Int]] = [[position.block]]
    for (origin, extent) in zip(position.origin, position.extent) {
      points = points.flatMap { head in (origin..<origin + extent).map { head + [$0] } }
    }
    for (axis, length) in tiling.block.enumerated() where points.contains(where: { $0[axis + 1] >= length }) {
      return true
    }
    for point in points where !seen.insert(point).inserted { return true }
  }
  return false
}

@Test("A slice outside the chain strands what it leaves of the shape that holds it")
func oddShapesStrandChips() throws {
  let shapes = [[1], [2], [4], [6], [8]].map { SliceTopology($0) }
  let tiling = SliceTiling(block: SliceTopology([8]), shapes: shapes)
  let footprint = try #require(tiling.footprint(of: SliceTopology([6])))
  #expect(footprint.occupiedChips == 8)
  #expect(footprint.strandedChips == 2)
}

@Test("A slice larger than a switched domain takes whole domains")
func largeSlicesTakeWholeDomains() throws {
  let tiling = SliceTiling(block: SliceTopology([8]), shapes: [SliceTopology([8])])
  let footprint = try #require(tiling.footprint(of: SliceTopology([16]), switched: true))
  #expect(footprint.blocks == 2)
  #expect(tiling.fits([(footprint, 2)], blocks: 4))
  #expect(!tiling.fits([(footprint, 2)], blocks: 3))
  #expect(tiling.footprint(of: SliceTopology([16])) == nil)
}

@Test(
  "Spares are the fewest that keep enough replicas up",
  arguments: [(128, 0.98, 0.999, 9), (128, 0.995, 0.9999, 5), (2048, 0.995, 0.999, 22), (5, 1, 0.9, 0)])
func sparesAgreeWithTheTable(n: Int, p: Double, confidence: Double, spares: Int) {
  // Binomial tables of the reliability notes: 9, 5 and 22 spares.
  #expect(SpareTable.spares(for: n, replicaAvailability: p, confidence: confidence) == spares)
}
