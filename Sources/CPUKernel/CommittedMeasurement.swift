import CKernels

/// The bytes of the measurement of this kernel that ships with the program.
public enum CommittedMeasurement {
  public static var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: ck_committed_measurement, count: ck_committed_measurement_size)
  }
}
