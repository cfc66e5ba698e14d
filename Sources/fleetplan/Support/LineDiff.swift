/// Two lists of lines as a unified diff with three lines around each difference.
enum LineDiff {
  private enum Edit { case same, gone, new }

  static func unified(_ before: [String], _ after: [String], context: Int = 3) -> [String] {
    let edits = edits(before, after)
    guard edits.contains(where: { $0.0 != .same }) else { return [] }
    var lines: [String] = []
    var last = -1
    for (i, edit) in edits.enumerated() {
      let near = edits[max(0, i - context)...min(edits.count - 1, i + context)]
      guard near.contains(where: { $0.0 != .same }) else { continue }
      if i != last + 1, last >= 0 { lines.append("…") }
      last = i
      lines.append((edit.0 == .same ? "  " : edit.0 == .gone ? "- " : "+ ") + edit.1)
    }
    return lines
  }

  /// The longest common subsequence keeps the most lines.
  private static func edits(_ before: [String], _ after: [String]) -> [(Edit, String)] {
    let difference = after.difference(from: before)
    var gone = Set<Int>()
    var new = Set<Int>()
    for change in difference {
      switch change {
      case .remove(let offset, _, _): gone.insert(offset)
      case .insert(let offset, _, _): new.insert(offset)
      }
    }
    var result: [(Edit, String)] = []
    var (i, j) = (0, 0)
    while i < before.count || j < after.count {
      if i < before.count, gone.contains(i) {
        result.append((.gone, before[i]))
        i += 1
      } else if j < after.count, new.contains(j) {
        result.append((.new, after[j]))
        j += 1
      } else {
        result.append((.same, after[j]))
        i += 1
        j += 1
      }
    }
    return result
  }
}
