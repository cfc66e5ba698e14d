/// A run of Mooncake lines in the published order of keys, with the blanks that `json.dumps` writes or with none.
///
/// What is written any other way, right or wrong, is left to `FlatJSONParser`.
struct MooncakeRun {
  var p: UnsafeRawPointer
  let end: UnsafeRawPointer
  /// Nanoseconds per count of the time stamps.
  let unit: UInt64
  let limit: UInt64
  let layout: MooncakeLayout

  /// Reads lines until one is anything else or the room is full; `p` is left behind the last one taken.
  @inline(never)
  mutating func fill(_ rows: PlainRows, _ watched: inout PlainOrder) -> Int {
    let lastStamp = UInt64(Int64.max) / unit
    let fullBlocks = PlainRows.blockCapacity - PlainRows.blockReserve
    // Copies that live in registers.
    let (layout, unit, limit, end) = (layout, unit, limit, end)
    var order = watched
    var line = p
    var count = 0
    var blocks = BlockList(rows.blocks)
    while count < PlainRows.capacity, blocks.count < fullBlocks, line < end {
      let before = blocks.count
      var q = line
      guard layout.timestamp.step(&q), let stamp = Digits.number(&q), stamp <= lastStamp,
        layout.input.step(&q), let input = Digits.number(&q), input &- 1 < limit,
        layout.output.step(&q), let output = Digits.number(&q), output &- 1 < limit,
        layout.blocks.step(&q)
      else { break }
      let arrival = Int64(truncatingIfNeeded: stamp &* unit)
      let lengths = (UInt32(truncatingIfNeeded: input), UInt32(truncatingIfNeeded: output))
      guard blocks.take(&q), closeLine(&q), order.take(arrival, lengths.0, lengths.1) else {
        blocks.cut(to: before)
        break
      }
      rows.arrivals[count] = arrival
      rows.inputs[count] = lengths.0
      rows.outputs[count] = lengths.1
      rows.blockEnds[count] = blocks.count
      count &+= 1
      line = q
    }
    blocks.finish()
    p = line
    watched = order
    return count
  }
}

/// The prefix blocks of a run. Numbers are taken as words of digits and joined many at a time.
private struct BlockList {
  let room: UnsafeMutablePointer<UInt64>
  private(set) var count = 0
  /// Words before this are joined.
  private var joined = 0

  init(_ room: UnsafeMutablePointer<UInt64>) { self.room = room }

  /// Joins the words of the lines taken.
  mutating func finish() {
    Digits.join(room + joined, count: count - joined)
    joined = count
  }

  /// Forgets what a line that is not taken left behind.
  mutating func cut(to count: Int) {
    self.count = count
    joined = min(joined, count)
  }

  /// Takes numbers of at most 16 digits with commas between them, up to and with the closing bracket.
  ///
  /// The marks of 64 bytes are found at once: where a number starts does not hang on the value of the one before.
  /// - Returns: false when the list is empty, too long or not of this form.
  @inline(__always)
  mutating func take(_ p: inout UnsafeRawPointer) -> Bool {
    let limit = count + PlainRows.blockReserve - 64
    var start = p
    var count = count
    while count < limit {
      let base = start
      var marks = Digits.marks64(base)
      guard marks != 0 else { return false }
      repeat {
        let stop = base + marks.trailingZeroBitCount
        let digits = stop - start
        if digits &- 1 < 8 {
          room[count] = Digits.raw(start, count: digits)
        } else {
          guard takeLong(start, digits, at: count) else { return false }
        }
        count &+= 1
        let next = UInt16(littleEndian: stop.loadUnaligned(as: UInt16.self))
        marks &= marks &- 1
        if next == 0x202c {
          start = stop + 2
          marks &= marks &- 1
        } else if next & 0xff == 0x2c {
          start = stop + 1
        } else {
          p = stop + 1
          self.count = count
          return next & 0xff == 0x5d
        }
      } while marks != 0
    }
    return false
  }

  @inline(never)
  private mutating func takeLong(_ start: UnsafeRawPointer, _ digits: Int, at place: Int) -> Bool {
    guard let id = Digits.upTo16(start, count: digits) else { return false }
    Digits.join(room + joined, count: place - joined)
    room[place] = id
    joined = place + 1
    return true
  }
}

/// Steps over `}` and the line end.
@inline(__always)
private func closeLine(_ p: inout UnsafeRawPointer) -> Bool {
  let next = UInt16(littleEndian: p.loadUnaligned(as: UInt16.self))
  if next == 0x0a7d {
    p += 2
    return true
  }
  guard next == 0x0d7d, (p + 2).load(as: UInt8.self) == 0x0a else { return false }
  p += 3
  return true
}

/// The text between the numbers of a line.
struct MooncakeLayout {
  let timestamp, input, output, blocks: FixedText

  /// - Parameter spaced: with a blank behind every colon and comma.
  init(spaced: Bool) {
    func text(_ published: String) -> FixedText {
      FixedText(spaced ? published : published.filter { $0 != " " })
    }
    timestamp = text("{\"timestamp\": ")
    input = text(", \"input_length\": ")
    output = text(", \"output_length\": ")
    blocks = text(", \"hash_ids\": [")
  }
}

/// Eight to 24 bytes compared as words.
struct FixedText {
  private let count: Int
  private let middle: Int
  private let words: (UInt64, UInt64, UInt64)

  init(_ text: String) {
    let bytes = Array(text.utf8)
    precondition((8...24).contains(bytes.count), "fixed text has 8 to 24 bytes")
    let middle = min(8, bytes.count - 8)
    self.middle = middle
    count = bytes.count
    words = bytes.withUnsafeBytes {
      let p = $0.baseAddress!
      return (Digits.load(p), Digits.load(p + middle), Digits.load(p + $0.count - 8))
    }
  }

  /// Steps over the text when it stands at `p`.
  @inline(__always)
  func step(_ p: inout UnsafeRawPointer) -> Bool {
    let differs =
      (Digits.load(p) ^ words.0) | (Digits.load(p + middle) ^ words.1)
      | (Digits.load(p + (count &- 8)) ^ words.2)
    p += count
    return differs == 0
  }
}
