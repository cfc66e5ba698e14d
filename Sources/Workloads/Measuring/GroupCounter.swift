/// Requests and tokens by a label: model, region, tenant or class.
struct GroupCounter {
  private var groups: [(requests: Int, input: Int, output: Int)] = []

  mutating func add<Index: BinaryInteger>(_ labels: [Index], _ inputs: [UInt32], _ outputs: [UInt32]) {
    for i in labels.indices {
      let label = Int(labels[i])
      while label >= groups.count { groups.append((0, 0, 0)) }
      groups[label].requests += 1
      groups[label].input += Int(inputs[i])
      groups[label].output += Int(outputs[i])
    }
  }

  /// Most requests first, then by name; at most `limit`.
  func shares(_ names: [String], limit: Int = 50) -> [DemandShare] {
    let all = zip(names, groups).map {
      DemandShare(name: $0, requests: $1.requests, inputTokens: $1.input, outputTokens: $1.output)
    }
    return Array(all.sorted { ($1.requests, $0.name) < ($0.requests, $1.name) }.prefix(limit))
  }
}

/// What one model, region, tenant or class asks for.
public struct DemandShare: Hashable, Sendable, Codable {
  public var name: String
  public var requests: Int
  public var inputTokens: Int
  public var outputTokens: Int

  enum CodingKeys: String, CodingKey {
    case name, requests
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
  }
}
