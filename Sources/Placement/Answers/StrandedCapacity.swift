/// Chips that are paid for and that no slice in use can take.
public struct StrandedCapacity: Sendable, Hashable {
  public var pod: String
  /// The month with most of them.
  public var month: Int
  public var chips: Int
  /// Of the chips installed then.
  public var share: Double
  public var sentence: String
}

extension PlacementPlan {
  /// The pods that strand chips, each in its worst month, the most chips first.
  public var strandedCapacity: [StrandedCapacity] {
    var worst: [PodUse] = []
    for row in pods where row.stranded > 0 {
      if let index = worst.firstIndex(where: { $0.pod == row.pod }) {
        if row.stranded > worst[index].stranded { worst[index] = row }
      } else {
        worst.append(row)
      }
    }
    return worst.sorted { ($1.stranded, $0.pod) < ($0.stranded, $1.pod) }.map { row in
      let share = Double(row.stranded) / Double(max(row.installed, 1))
      return StrandedCapacity(
        pod: row.pod, month: row.month, chips: row.stranded, share: share,
        sentence:
          "\(row.stranded) of \(row.installed) chips of \(row.pod) are stranded in month \(row.month): "
          + "the slices in use leave them no whole slice")
    }
  }
}
