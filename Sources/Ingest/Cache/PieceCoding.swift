import FleetData
import Quantities

/// The bytes of a piece in a cache entry: column by column, each behind its length, then the names that are new.
struct PieceCoding {
  /// Names of each kind written or read so far.
  private var names = WorkloadTrace()

  mutating func encoded(_ piece: WorkloadTrace) -> [UInt8] {
    var bytes: [UInt8] = []
    func add<Element: BitwiseCopyable>(_ column: [Element]) {
      column.withUnsafeBytes { column in
        withUnsafeBytes(of: UInt64(column.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: column)
      }
    }
    add(piece.arrivals)
    for column in [
      piece.inputTokens, piece.outputTokens, piece.tenants, piece.turns, piece.cachedTokens,
      piece.reasoningTokens,
    ] { add(column) }
    for column in [piece.services, piece.regions, piece.classes] { add(column) }
    add(piece.sessions)
    add(piece.deadlines)
    add(piece.blockOffsets)
    add(piece.blockHashes)
    add([Int64(piece.blockTokens)])
    add(piece.start.map { [$0] } ?? [])
    for (all, known) in [
      (piece.serviceNames, names.serviceNames), (piece.regionNames, names.regionNames),
      (piece.tenantNames, names.tenantNames), (piece.classNames, names.classNames),
    ] {
      let fresh = all.dropFirst(known.count)
      add([Int64(fresh.count)])
      for name in fresh { add(Array(name.utf8)) }
    }
    keepNames(of: piece)
    return bytes
  }

  /// Nil when the bytes are no piece.
  mutating func decoded(_ bytes: UnsafeRawBufferPointer) -> WorkloadTrace? {
    var rest = bytes[...]
    func column<Element: BitwiseCopyable>() -> [Element]? {
      guard rest.count >= 8 else { return nil }
      let size = UnsafeRawBufferPointer(rebasing: rest).loadUnaligned(as: UInt64.self)
      guard let count = Int(exactly: UInt64(littleEndian: size)), rest.count - 8 >= count else { return nil }
      let own = UnsafeRawBufferPointer(rebasing: rest.dropFirst(8).prefix(count))
      rest = rest.dropFirst(8 + count)
      return [Element](unsafeUninitializedCapacity: count / MemoryLayout<Element>.stride) { room, filled in
        UnsafeMutableRawBufferPointer(room).copyMemory(from: own)
        filled = count / MemoryLayout<Element>.stride
      }
    }
    func grown(_ known: [String]) -> [String]? {
      guard let count = (column() as [Int64]?)?.first else { return nil }
      var all = known
      for _ in 0..<count {
        guard let name = column() as [UInt8]? else { return nil }
        all.append(String(decoding: name, as: UTF8.self))
      }
      return all
    }
    var piece = WorkloadTrace()
    guard let arrivals = column() as [SimTime]?, let inputs = column() as [UInt32]?,
      let outputs = column() as [UInt32]?, let tenants = column() as [UInt32]?,
      let turns = column() as [UInt32]?, let cached = column() as [UInt32]?,
      let reasoning = column() as [UInt32]?, let services = column() as [UInt16]?,
      let regions = column() as [UInt16]?, let classes = column() as [UInt16]?,
      let sessions = column() as [Int32]?, let deadlines = column() as [SimTime]?,
      let offsets = column() as [Int]?, let hashes = column() as [UInt64]?,
      let blockTokens = (column() as [Int64]?)?.first, let start = column() as [Double]?
    else { return nil }
    (piece.arrivals, piece.inputTokens, piece.outputTokens) = (arrivals, inputs, outputs)
    (piece.tenants, piece.turns, piece.cachedTokens) = (tenants, turns, cached)
    (piece.reasoningTokens, piece.services, piece.regions) = (reasoning, services, regions)
    (piece.classes, piece.sessions, piece.deadlines) = (classes, sessions, deadlines)
    (piece.blockOffsets, piece.blockHashes) = (offsets, hashes)
    (piece.blockTokens, piece.start) = (Int(blockTokens), start.first)
    guard let serviceNames = grown(names.serviceNames), let regionNames = grown(names.regionNames),
      let tenantNames = grown(names.tenantNames), let classNames = grown(names.classNames)
    else { return nil }
    (piece.serviceNames, piece.regionNames) = (serviceNames, regionNames)
    (piece.tenantNames, piece.classNames) = (tenantNames, classNames)
    keepNames(of: piece)
    return piece
  }

  private mutating func keepNames(of piece: WorkloadTrace) {
    (names.serviceNames, names.regionNames) = (piece.serviceNames, piece.regionNames)
    (names.tenantNames, names.classNames) = (piece.tenantNames, piece.classNames)
  }
}
