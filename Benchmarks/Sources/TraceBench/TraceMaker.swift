import Foundation

/// Writes large traces in the published forms, fast and always with the same bytes.
enum TraceMaker {
  static func write(_ form: String, bytes: Int, to path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { fatalError("cannot write \(path)") }
    var random = SystemlessRandom(state: 42)
    var text = form == "azure" ? Array("TIMESTAMP,ContextTokens,GeneratedTokens\r\n".utf8) : []
    var written = 0
    var clock = 0
    while written < bytes {
      for _ in 0..<20_000 {
        // 45 requests a second, as in Azure's week of 2024, and 10 for Mooncake: a week either way.
        clock += random.below(form == "azure" ? 444_444 : 2_000_000)
        if form == "azure" { addAzure(&text, clock, &random) } else { addMooncake(&text, clock, &random) }
      }
      try file.write(contentsOf: text)
      written += text.count
      text.removeAll(keepingCapacity: true)
    }
    try file.close()
  }

  /// `clock` counts 100 ns from 2023-11-16 00:00.
  private static func addAzure(_ text: inout [UInt8], _ clock: Int, _ random: inout SystemlessRandom) {
    let seconds = clock / 10_000_000
    let day = 16 + seconds / 86_400
    add(&text, "2023-11-")
    add(&text, day % 100, width: 2)
    add(&text, " ")
    add(&text, seconds / 3600 % 24, width: 2)
    add(&text, ":")
    add(&text, seconds / 60 % 60, width: 2)
    add(&text, ":")
    add(&text, seconds % 60, width: 2)
    add(&text, ".")
    add(&text, clock % 10_000_000, width: 7)
    add(&text, ",")
    add(&text, random.length(7500), width: 1)
    add(&text, ",")
    add(&text, random.length(900), width: 1)
    add(&text, "\r\n")
  }

  /// Fifteen prefix blocks a line: some popular ones, the rest new.
  private static func addMooncake(_ text: inout [UInt8], _ clock: Int, _ random: inout SystemlessRandom) {
    add(&text, "{\"timestamp\": ")
    add(&text, clock / 10_000, width: 1)
    add(&text, ", \"input_length\": ")
    add(&text, 7168 + random.below(512), width: 1)
    add(&text, ", \"output_length\": ")
    add(&text, random.length(900), width: 1)
    add(&text, ", \"hash_ids\": [")
    let family = random.length(5000)
    for block in 0..<15 {
      if block > 0 { add(&text, ", ") }
      add(&text, block < 5 ? family * 5 + block : 100_000 + random.below(60_000_000), width: 1)
    }
    add(&text, "]}\n")
  }

  private static func add(_ text: inout [UInt8], _ string: StaticString) {
    text.append(contentsOf: UnsafeBufferPointer(start: string.utf8Start, count: string.utf8CodeUnitCount))
  }

  private static func add(_ text: inout [UInt8], _ number: Int, width: Int) {
    var digits: [UInt8] = []
    var rest = number
    repeat {
      digits.append(UInt8(48 + rest % 10))
      rest /= 10
    } while rest > 0
    for _ in 0..<max(0, width - digits.count) { text.append(48) }
    text.append(contentsOf: digits.reversed())
  }
}

/// SplitMix64 with a fixed seed.
struct SystemlessRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// Skewed lengths from 1 to `limit`: the product of two uniform numbers.
  mutating func length(_ limit: Int) -> Int { 1 + below(limit) * below(limit) / limit }
}
