/// Which prompt was the last to begin in a certain way: prompts as branches that later ones take over and continue.
///
/// A prompt holds a beginning of d blocks while it has as many and no later prompt shares d blocks with it. The prompts
/// that hold a beginning of d blocks, the latest first, are what a cache that evicts the least recently used one would
/// still find; the rank of a prompt among them says how soon.
struct PrefixForest {
  /// Blocks of each prompt.
  private var lengths: [Int32] = []
  /// How many leading blocks of each prompt were taken over.
  private var lost: [Int32] = []
  private var longest = 0

  var count: Int { lengths.count }

  /// Takes a prompt; `users` are the prompts that used its leading blocks last, block by block.
  mutating func add(length: Int, users: [Int]) {
    for (depth, user) in users.enumerated() { lost[user] = max(lost[user], Int32(depth + 1)) }
    lengths.append(Int32(length))
    lost.append(0)
    if lengths[count - 1] > lengths[longest] { longest = count - 1 }
  }

  func length(of prompt: Int) -> Int { Int(lengths[prompt]) }

  /// How many later prompts hold a beginning of as many blocks.
  func rank(of prompt: Int, blocks: Int) -> Int {
    (prompt + 1..<count).reduce(0) { $0 + (holds($1, Int32(blocks)) ? 1 : 0) }
  }

  /// The prompt of a rank among those that hold a beginning of `blocks`, or of a rank up to a quarter off when that one
  /// leaves just `rest` blocks. The lowest there is when there are fewer, the longest prompt when there is none; nil
  /// before the first prompt.
  func prompt(ofRank rank: Int, blocks: Int, rest: Int) -> Int? {
    let reach = rank / 4
    var (seen, ranked, alike) = (0, Int?.none, Int?.none)
    var distance = Int.max
    for place in lengths.indices.reversed() where holds(place, Int32(blocks)) {
      if seen <= rank { ranked = place }
      if Int(lengths[place]) == blocks + rest, abs(seen - rank) <= reach, abs(seen - rank) < distance {
        (alike, distance) = (place, abs(seen - rank))
      }
      seen += 1
      if seen > rank + min(reach, distance) { break }
    }
    return alike ?? ranked ?? (count > 0 ? longest : nil)
  }

  private func holds(_ prompt: Int, _ blocks: Int32) -> Bool {
    lengths[prompt] >= blocks && lost[prompt] < blocks
  }
}
