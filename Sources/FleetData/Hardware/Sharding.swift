/// How one model instance is spread over the chips of its slice; the product of the axes is the chip count.
public struct Sharding: Sendable, Hashable, Codable {
  public var data: Int
  public var fsdp: Int
  public var tensor: Int
  public var pipeline: Int
  public var expert: Int
  public var sequence: Int

  public init(
    data: Int = 1, fsdp: Int = 1, tensor: Int = 1, pipeline: Int = 1, expert: Int = 1, sequence: Int = 1
  ) {
    self.data = data
    self.fsdp = fsdp
    self.tensor = tensor
    self.pipeline = pipeline
    self.expert = expert
    self.sequence = sequence
  }

  public var chips: Int { data * fsdp * tensor * pipeline * expert * sequence }
}
