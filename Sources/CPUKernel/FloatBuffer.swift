import CKernels

/// Floats at a fixed, aligned address, on huge pages where the system grants them; zero until written.
public final class FloatBuffer {
  public let count: Int
  let base: UnsafeMutablePointer<Float>

  public init(count: Int) {
    precondition(count > 0, "a buffer holds at least one float")
    guard let base = ck_allocate(count) else {
      preconditionFailure("no memory for \(count) floats")
    }
    self.count = count
    self.base = base
  }

  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { base.update(from: $0.baseAddress!, count: count) }
  }

  deinit { ck_free(base, count) }

  public var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Writes every float, so that no page is first touched inside a timed run.
  public func fill(_ value: Float) { base.update(repeating: value, count: count) }
}
