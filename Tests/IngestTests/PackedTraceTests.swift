import Foundation
import Testing

@testable import Ingest

/// Both archives hold the same 60 rows of an Azure trace.
@Suite("Packed traces")
struct PackedTraceTests {
  private let gzip =
    "H4sIAAAAAAACA23QMYpUcRDE4XxP4QFq5VV19/+9t5ksIgYLgnMBwYmEWdAJPP7CmhRYDRU0/KLv8vXl8/fLp5dveH693a9/75fXX9fbH3y53q6/f9yvP//9D9pUj+Qj1wceT9yftu3jbO8Hvi8ktIQgQyJLBCokZUmBFZK2pMEOyVgy4IRkWbLAFZLdkh3cQ3JYcoBHSE5LTvD8P6HpcoOCLk2XhIIuTZeCgi5NlwUFXZouGwq6NF0OFHRpulxQ0KXpcoeCLk2XBxR0abo8oaAr09WGCroyXREVdGW6EiroynRVqKAr01Wjgq5MV4MKujJdLVTQlelqRwVdma4OVNCV6epEBd0y3drQQbdMt4gOumW6JXTQLdOtQgfdMt1qdNAt061BB90y3VrooFumWzs66Jbp1oEOumW6daKDbptub5ig26bbxATdNt0WJui26XZhgm6bbjcm6Lbp9mCCbptuL0zQbdPtHRN023T7wATdNt0+MUF3THc2rKA7pjvECrpjuiOsoDumO4UVdMd0p7GC7pjuDFbQHdOdhRV0x3Rnxwq6Y7pzYAXdMd05sc6HN2lNL9lcCAAA"
  private let zstd =
    "KLUv/WRcB1UJAMYWNhaArzbQT4mXagk4cR+yu7t7F+Tg5spYOQArACsAzsQb8e47u83qrqKb6Pd/zw1mCHmCPoAX/IKiIcADYnFQIBIIwhUJJDJpWC4Qi2Ri8EJRaDAOikQjVjarchWViV7+pzw0tORdJasmORPJiEe+M7JZkauITHTyP+T5fO9dvVXzAUQ//3MeG1vzrppV05yJZsQz35nZrMxVZCa6+R/z1NSWd7WsmuVMLCNe+S6ARe8qWjXRmYhGPPSdoc0KXUVooqP/Qc/N7XlXz6p5zsQz4p3v7GxW5yo6B3moIXAk0LV/rAHgWQ4RJAiBRBeWfO6mMMUkRiZDTRtpSCM9/I2qE9RIRnr8DVUXpJGG9PgbVS6oIY308DeqTlAjGcm8TGLgBr42oGZWWQWRKgpN"

  private func bytes(_ base64: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: base64))) }

  @Test("gzip and zstd are recognised by content and read through")
  func packed() throws {
    for packed in [gzip, zstd] {
      let reading = try TraceReader.read(bytes: bytes(packed))
      #expect(reading.accepted == 60)
      #expect(reading.trace.inputTokens == (100..<160).map { UInt32($0) })
    }
  }

  @Test("Archives one after the other are one trace")
  func members() throws {
    for packed in [gzip, zstd] {
      let reading = try TraceReader.read(bytes: bytes(packed) + bytes(packed))
      #expect(reading.accepted == 120)
      #expect(reading.notes.contains("1 repeated header line was skipped"))
    }
  }

  @Test(
    "A truncated archive is an error that names the byte and what was read before it",
    arguments: [true, false])
  func truncated(isGzip: Bool) throws {
    let whole = try bytes(isGzip ? gzip : zstd)
    let cut = Array(whole.dropLast(20))
    let error = try #require(throws: TraceError.self) { try TraceReader.read(bytes: cut) }
    #expect(error.diagnostic(path: "t").description.contains("beyond compressed byte \(cut.count)"))
  }

  @Test("A corrupt archive is an error, not silence")
  func corrupt() throws {
    var broken = try bytes(gzip)
    broken[120] ^= 0x55
    #expect(throws: TraceError.self) { try TraceReader.read(bytes: broken) }
  }

  @Test("An archive that grows without end is refused in bounded memory")
  func bomb() throws {
    // One Zstandard frame of 2,000 run-length blocks of 128 KiB zeros each: 250 MiB from 8 kB (RFC 8878, 3.1.1).
    var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]
    for block in 0..<2000 {
      let head = (131_072 << 3) | (1 << 1) | (block == 1999 ? 1 : 0)
      frame += [UInt8(head & 255), UInt8(head >> 8 & 255), UInt8(head >> 16 & 255), 0x41]
    }
    let error = try #require(throws: TraceError.self) { try TraceReader.read(bytes: frame) }
    #expect("\(error)".contains("zip bomb") || "\(error)".contains("unknownFormat"))
  }
}
