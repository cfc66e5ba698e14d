import Foundation
import Testing

/// The workflows under `examples/ci`, run in a repository as the hosts would run them.
@Suite(
  .enabled(
    if: Program.isInstalled("git") && (try? Folder().run("python3 -c 'import yaml'").status) == 0,
    "git or python3-yaml is not installed: the example workflows are not run"))
struct WorkflowTests {
  private static let names = ["github.yml", "gitlab.yml", "Jenkinsfile"]

  /// A branch that changes the scenario by a `sed` expression, and what its workflow ends with.
  private func end(of workflow: String, after edit: String) throws -> (Shell.Answer, Folder) {
    let folder = try Folder()
    let answer = try folder.run(
      """
      root=$PWD; git() { command git -c user.name=a -c user.email=a@b.c -c init.defaultBranch=main "$@"; }
      mkdir -p $OUT/origin/capacity && cp examples/ci-gate/*.yaml $OUT/origin/capacity/ || exit 1
      sed -i "s|../../fixtures|$root/fixtures|; s|3months|1month|" $OUT/origin/capacity/scenario.yaml
      sed -i 's|horizon: 1month|&\\nseed: 7|' $OUT/origin/capacity/scenario.yaml
      (cd $OUT/origin && git init -q && git add . && git commit -qm base) || exit 1
      git clone -q $OUT/origin $OUT/work && cd $OUT/work && git checkout -q -b change || exit 1
      sed -i '\(edit)' capacity/scenario.yaml && git commit -qam change || exit 1
      export GITHUB_STEP_SUMMARY=$OUT/summary.md CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI=true
      $root/scripts/workflow-commands $root/examples/ci/\(workflow) > $OUT/lines && sh -e $OUT/lines
      """)
    return (answer, folder)
  }

  @Test("A change that breaks a gate ends its workflow with 99, after the reports", arguments: names)
  func failingGate(_ workflow: String) throws {
    let (answer, folder) = try end(of: workflow, after: "s|<= $400k|<= $10k|")
    #expect(answer.status == 99, "\(answer.output)\(answer.errors)")
    #expect(folder.bytes("work/out/candidate/plan.json") != nil)
    #expect(folder.bytes("work/out/base/plan.json") != nil)
    let said = folder.text("work/out/comment.md") + folder.text("work/out/diff.md")
    #expect(said.contains("budget"), "\(said)")
    if workflow == "github.yml" { #expect(answer.output.contains("::error file=")) }
  }

  @Test("A change that keeps every gate ends its workflow with 0, and the step's summary is written")
  func passingGate() throws {
    let (answer, folder) = try end(of: "github.yml", after: "s|seed: 7|seed: 7 # the same|")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(folder.text("summary.md").contains("Gates"))
    #expect(folder.text("work/out/comment.md").contains("no change"))
  }
}
