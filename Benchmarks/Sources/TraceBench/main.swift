import Foundation
import Ingest
import Workloads

// TraceBench generate azure|mooncake BYTES FILE   makes a trace of that size, the same bytes every time
// TraceBench read FILE [REPEATS]                  best CPU time of reading it and adding up its columns, as JSON
// TraceBench measure FILE [REPEATS]               best CPU time of reading and measuring it, as JSON
let arguments = CommandLine.arguments
switch arguments.count > 1 ? arguments[1] : "" {
case "generate" where arguments.count == 5:
  guard let size = Int(arguments[3]) else { fatalError("BYTES is a whole number") }
  try TraceMaker.write(arguments[2], bytes: size, to: arguments[4])
case "read" where arguments.count >= 3:
  try TraceTimer.read(arguments[2], repeats: arguments.count > 3 ? Int(arguments[3]) ?? 7 : 7)
case "measure" where arguments.count >= 3:
  try TraceTimer.measure(arguments[2], repeats: arguments.count > 3 ? Int(arguments[3]) ?? 7 : 7)
default:
  print("usage: TraceBench generate azure|mooncake BYTES FILE | TraceBench read|measure FILE [REPEATS]")
  exit(64)
}
