import Foundation
import Testing

@Test(
  "A sweep on a Slurm job array is the same bytes as one process, also after a shard was killed",
  .enabled(
    if: Program.isInstalled("slurmctld") && Program.isInstalled("munged") && Program.isRoot,
    "Slurm is not installed, or this is not root: the job array is not run"))
func slurmArrayEqualsOneProcess() throws {
  let folder = try Folder()
  let answer = try folder.run("scripts/test-slurm $OUT/slurm $PWD/fixtures/sweeps/two-cells.yaml 2")
  if answer.status == 77 {
    print(answer.output)
    return
  }
  #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
  #expect(answer.output.contains("a shard was killed: 1 cells are missing"))
  #expect(answer.output.contains("2 shards and one process give the same bytes"))
}

@Test(
  "The Kubernetes job and the Ray driver give each shard its number, and the YAML and Python are well formed")
func otherLaunchFilesAreSound() throws {
  let folder = try Folder()
  let job = try folder.run(
    """
    python3 - <<'PY'
    import yaml
    job = yaml.safe_load(open("examples/sweep/kubernetes.yaml"))
    spec = job["spec"]
    assert (job["apiVersion"], job["kind"], spec["completionMode"]) == ("batch/v1", "Job", "Indexed")
    pod = spec["template"]["spec"]
    container = pod["containers"][0]
    print(container["args"][0])
    mounts = {mount["name"] for mount in container["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["volumes"]}
    assert f"/{spec['completions']}" in container["args"][0] and pod["restartPolicy"] == "Never"
    PY
    """)
  #expect(job.status == 0, "\(job.errors)")
  // The shell of the container gives index 0 shard 1: a stand-in for fleetplan says what it was asked.
  let line = job.output.trimmingCharacters(in: .whitespacesAndNewlines)
  let asked = try folder.run("fleetplan() { echo \"$@\"; }; JOB_COMPLETION_INDEX=0; \(line)")
  #expect(asked.output == "sweep /study/scenario.yaml --results /results --shard 1/8\n")
  let ray = try folder.run("python3 -m py_compile examples/sweep/ray_driver.py && echo ok")
  #expect(ray.output == "ok\n", "\(ray.errors)")
  #expect(try folder.run("bash -n examples/sweep/slurm.sh && echo ok").output == "ok\n")
}
