import CCatalog

/// The bytes of `Catalog/efficiency.json`, as embedded in the program; `Performance` reads them.
public enum EmbeddedEfficiency {
  public static var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: catalog_efficiency, count: catalog_efficiency_size)
  }
}
