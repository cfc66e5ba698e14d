import CKernels

/// The SIMD instruction sets that kernels exist for, narrowest first.
public enum InstructionSet: Int, Sendable, CaseIterable {
  case generic = 0
  case avx2 = 1
  case avx512 = 2

  public var name: String {
    switch self {
    case .generic: "generic (128-bit)"
    case .avx2: "AVX2 + FMA"
    case .avx512: "AVX-512"
    }
  }

  /// The widest one of this core.
  public static var best: InstructionSet { InstructionSet(rawValue: Int(ck_best_isa()))! }
  /// The one in use: the best, unless another was chosen.
  public static var current: InstructionSet { InstructionSet(rawValue: Int(ck_current_isa()))! }

  /// Chooses this instruction set for the whole process; false when this core lacks it.
  @discardableResult
  public func use() -> Bool { ck_use_isa(Int32(rawValue)) == 1 }
}
