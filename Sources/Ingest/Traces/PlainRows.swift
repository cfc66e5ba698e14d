import FleetData
import Quantities

/// Room for a run of requests read straight through, before they join the columns of the batch.
final class PlainRows {
  static let capacity = 2048
  static let blockCapacity = 1 << 15
  /// A run ends when fewer blocks than this are free.
  static let blockReserve = 1 << 12

  let arrivals = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
  let inputs = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  let outputs = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
  /// Where the blocks of each request end.
  let blockEnds = UnsafeMutablePointer<Int>.allocate(capacity: capacity)
  let blocks = UnsafeMutablePointer<UInt64>.allocate(capacity: blockCapacity + 1)

  deinit {
    arrivals.deallocate()
    inputs.deallocate()
    outputs.deallocate()
    blockEnds.deallocate()
    blocks.deallocate()
  }

  /// Appends the first `count` requests to the batch.
  func move(_ count: Int, hasBlocks: Bool, _ order: PlainOrder, to sink: inout RowSink) {
    guard count > 0 else { return }
    sink.line += count
    sink.accepted += count
    sink.batch.arrivals.append(
      contentsOf: UnsafeRawBufferPointer(start: arrivals, count: 8 * count).bindMemory(to: SimTime.self))
    sink.batch.inputTokens.append(contentsOf: UnsafeBufferPointer(start: inputs, count: count))
    sink.batch.outputTokens.append(contentsOf: UnsafeBufferPointer(start: outputs, count: count))
    var last = 0..<0
    if hasBlocks {
      let base = sink.batch.blockHashes.count
      last = (count > 1 ? base + blockEnds[count - 2] : base)..<(base + blockEnds[count - 1])
      sink.batch.blockHashes.append(
        contentsOf: UnsafeBufferPointer(start: blocks, count: blockEnds[count - 1]))
      sink.batch.blockOffsets.append(
        contentsOf: UnsafeBufferPointer(start: blockEnds, count: count).lazy.map { $0 + base })
    }
    sink.order.addPlain(order, start: arrivals[0], blocks: last)
  }
}
