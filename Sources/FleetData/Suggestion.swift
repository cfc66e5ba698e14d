/// "Did you mean": the candidate nearest in edit distance, if it is near enough to be a likely typing error. What is
/// missing after an otherwise right beginning counts half.
public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let limit = 2 * max(1, word.count / 3)
  let wanted = word.lowercased()
  var best: (distance: Int, word: String)?
  for candidate in candidates {
    let known = candidate.lowercased()
    let distance =
      known.hasPrefix(wanted) ? known.count - wanted.count : 2 * editDistance(wanted, known)
    if distance <= limit, best.map({ (distance, candidate) < ($0.distance, $0.word) }) ?? true {
      best = (distance, candidate)
    }
  }
  return best?.word
}

/// `did you mean 'tpu-v5e'?`: the nearest name or, when none is near, those that have the word within them.
public func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
  if let name = nearest(to: word, among: candidates) { return "did you mean '\(name)'?" }
  let wanted = word.lowercased()
  let names = candidates.filter { wanted.count > 2 && $0.lowercased().contains(wanted) }.sorted()
  guard let last = names.last else { return nil }
  if names.count > 4 {
    return
      "did you mean one of \(names.count) such as \(names.prefix(3).map { "'\($0)'" }.joined(separator: ", "))?"
  }
  let others = names.dropLast().map { "'\($0)'" }.joined(separator: ", ")
  return others.isEmpty ? "did you mean '\(last)'?" : "did you mean \(others) or '\(last)'?"
}

/// Characters to insert, remove, replace or swap with their neighbour to turn `a` into `b`, none touched twice;
/// O(|a|·|b|) time and O(|b|) memory.
/// - Source: the optimal string alignment distance (F. Damerau, Communications of the ACM 7, 1964).
func editDistance(_ a: String, _ b: String) -> Int {
  let (left, right) = (Array(a), Array(b))
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
      var least = min(replaced, last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        least = min(least, beforeLast[j - 1] + 1)
      }
      row.append(least)
    }
    (beforeLast, last) = (last, row)
  }
  return last[right.count]
}
