import Foundation
import Testing

/// A reader sees the old file or the new one, never half of one.
struct WritingTests {
  private static let plan = "reports/demo/plan.json"

  @Test(
    "A full disk ends with 73 and leaves the old file as it was, with nothing beside it",
    arguments: ["xlsx", "md", "json", "html", "csv"])
  func fullDisk(_ format: String) throws {
    let folder = try Folder()
    let first = try folder.run("fleetplan report \(Self.plan) --out $OUT/r --format \(format)")
    #expect(first.status == 0, "\(first.errors)")
    let before = try folder.run("cd $OUT/r && sha256sum *").output
    // No file may grow beyond 4 blocks of 512 bytes: the disk is full for every format.
    let full = try folder.run("ulimit -f 4; fleetplan report \(Self.plan) --out $OUT/r --format \(format)")
    #expect(full.status == 73, "\(full.errors)")
    #expect(full.errors.contains("cannot write"))
    #expect(try folder.run("cd $OUT/r && sha256sum *").output == before)
  }

  @Test(
    "A disk that is really full ends with 73 and leaves the old file as it was",
    .enabled(if: Program.isRoot && Program.isInstalled("unshare"), "only root can mount a small disk"))
  func fullFileSystem() throws {
    let folder = try Folder()
    let answer = try folder.run(
      """
      mkdir $OUT/disk && unshare -m sh -c '
        mount -t tmpfs -o size=640k none $OUT/disk || exit 77
        fleetplan report \(Self.plan) --out $OUT/disk --format xlsx,json || exit 1
        sha256sum $OUT/disk/* > $OUT/before
        head -c 4000000 /dev/zero > $OUT/disk/filler 2>/dev/null
        for format in xlsx json html; do
          fleetplan report \(Self.plan) --out $OUT/disk --format $format; echo $format $?
        done
        rm $OUT/disk/filler; sha256sum $OUT/disk/* | cmp - $OUT/before && echo intact'
      """)
    if answer.status == 77 { return }
    #expect(answer.output == "xlsx 73\njson 73\nhtml 73\nintact\n", "\(answer.errors)")
  }

  @Test("Stdout that takes no more ends with 73, so that half a result never looks like one")
  func fullStdout() throws {
    let answer = try Folder().run("fleetplan report \(Self.plan) --format json > /dev/full")
    #expect(answer.status == 73)
    #expect(answer.errors.contains("cannot write to stdout"))
  }

  @Test(
    "An interrupt while files are written leaves whole files only",
    arguments: [("INT", 130), ("TERM", 143), ("KILL", 137)])
  func interrupt(_ signal: (name: String, status: Int)) throws {
    let folder = try Folder()
    let report = "fleetplan report \(Self.plan) --out $OUT/r --format xlsx,html,json,md"
    #expect(try folder.run(report).status == 0)
    let whole = try folder.run("cd $OUT/r && sha256sum * | sort").output
    // The same bytes are written again and again, and stopped at ten different moments.
    let answer = try folder.run(
      """
      for i in 1 2 3 4 5 6 7 8 9 10; do
        \(report) 2>/dev/null & sleep 0.$((i * 3))
        kill -\(signal.name) $! 2>/dev/null; wait $!; echo $? >> $OUT/status
      done
      ls $OUT/r | grep -c partial; rm -f $OUT/r/*partial*
      """)
    #expect(try folder.run("cd $OUT/r && sha256sum * | sort").output == whole)
    let statuses = folder.text("status").split(separator: "\n").compactMap { Int($0) }
    #expect(statuses.allSatisfy { $0 == 0 || $0 == signal.status }, "\(statuses)")
    #expect(statuses.contains(signal.status), "\(statuses)")
    if signal.name != "KILL" { #expect(answer.output == "0\n", "an interrupt takes unfinished files away") }
  }

  @Test("A link stays a link, and a pipe is written through")
  func linksAndPipes() throws {
    let folder = try Folder()
    let answer = try folder.run(
      """
      cd $OUT && touch real && ln -s real link && cd - >/dev/null
      fleetplan diff fixtures/plans/small.plan.json fixtures/plans/small-dearer.plan.json --gate-mode off \
        --format json --out $OUT/link
      test -L $OUT/link && grep -c comparison/1 $OUT/real
      fleetplan diff fixtures/plans/small.plan.json fixtures/plans/small-dearer.plan.json --gate-mode off \
        --format json --out /dev/stdout | grep -c comparison/1
      """)
    #expect(answer.output == "1\n1\n", "\(answer.errors)")
  }
}
