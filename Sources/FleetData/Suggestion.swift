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

/// Levenshtein distance in characters, O(|a|·|b|) time and O(|b|) memory.
func editDistance(_ a: String, _ b: String) -> Int {
  let right = Array(b)
  var row = Array(0...right.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in right.enumerated() {
      let substitution = diagonal + (x == y ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[right.count]
}
