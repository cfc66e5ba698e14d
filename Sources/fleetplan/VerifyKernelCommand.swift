import ArgumentParser
import CPUKernel
import FleetData
import Foundation
import Quantities
import Validation

/// `verify kernel`: a small decoder runs on this CPU; the functions that price accelerators predict its steps.
struct VerifyKernelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel",
    abstract: "Run a decoder on this CPU and compare its steps with the model's predictions.",
    discussion: """
      Half of the steps fit the chip's constants; the other half, of shapes the fit never saw, test them. Times are \
      CPU time of one thread, the least of the runs. Takes about three minutes and 5 GB of memory; --quick half a \
      minute and 2 GB. Progress goes to stderr.

      Example: fleetplan verify kernel --from committed
      """)
  @OptionGroup var output: FormatOption
  @Flag(help: "Twelve steps of two shapes instead of thirty-six of six.") var quick = false
  @Option(help: "Timed runs per step (default 9, or 3 with --quick).") var repeats: Int?
  @Option(help: "Also write the measurement itself to this file.") var save: String?
  @Option(
    help: "Compare a measurement that --save wrote, or 'committed' for the one that ships with the program.")
  var from: String?

  func validate() throws {
    if let repeats, repeats < 1 { throw ValidationError("--repeats must be at least 1; found \(repeats)") }
    if from != nil, quick || repeats != nil || save != nil {
      throw ValidationError(
        "--from measures nothing, so --quick, --repeats and --save mean nothing beside it")
    }
  }

  func run() async throws {
    let verification = KernelVerification(try measurement())
    switch output.format {
    case .json: try Output.json(KernelDocument(verification))
    case .text: Output.text(KernelText.render(verification))
    default:
      throw ExitError(
        .usage, "verify kernel writes text or json; found --format \(output.format.rawValue)")
    }
  }

  private func measurement() throws -> KernelMeasurement {
    if from == "committed" { return .committed }
    if let from { return try KernelMeasurementFile.read(from) }
    let runs = repeats ?? (quick ? 3 : 9)
    let rounds = min(3, runs)
    let result = KernelMeasurement.measure(
      quick ? .quick : .full, rounds: rounds, runsPerRound: (runs + rounds - 1) / rounds,
      host: KernelMeasurementFile.host, micro: MicroBench(), progress: Output.note)
    if let save { try AtomicFile.write(try Output.jsonBytes(result), to: save) }
    return result
  }
}

/// Measurements on disk, and the machine they are made on.
enum KernelMeasurementFile {
  static var host: KernelHost {
    let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let name = info.split(separator: "\n").first { $0.hasPrefix("model name") }
      .flatMap { $0.split(separator: ":").last }?.trimmingCharacters(in: .whitespaces)
    let today = ISO8601DateFormatter.string(
      from: Date(), timeZone: TimeZone(identifier: "UTC")!, formatOptions: [.withFullDate])
    return KernelHost(
      cpu: name ?? "CPU", memory: Bytes(Double(ProcessInfo.processInfo.physicalMemory)), asOf: today)
  }

  static func read(_ path: String) throws -> KernelMeasurement {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ExitError(
        .inputMissing, "cannot read '\(path)'", help: "write one with verify kernel --save FILE")
    }
    do {
      let read = try JSONDecoder().decode(KernelMeasurement.self, from: data)
      guard read.schema == KernelMeasurement.schema, read.isComplete else {
        throw ExitError(
          .badContent,
          [
            Diagnostic(
              "not a usable kernel measurement", at: .init(file: path), found: "schema '\(read.schema)'",
              expected: "'\(KernelMeasurement.schema)' with seen and unseen steps, each of a listed shape")
          ])
      }
      return read
    } catch let error as DecodingError {
      throw ExitError(
        .badContent, [Diagnostic("not a kernel measurement: \(error)", at: .init(file: path))])
    }
  }
}
