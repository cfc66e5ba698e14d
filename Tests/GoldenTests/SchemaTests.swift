import Foundation
import Testing

/// Every published schema against every file and answer it describes, judged by an independent validator.
@Suite(
  .enabled(
    if: (try? Folder().run("python3 -c 'import jsonschema, yaml'").status) == 0,
    "python3-jsonschema is not installed: JSON is not held against its schemas"))
struct PublishedSchemaTests {
  private static let small = "fixtures/plans/small.plan.json"

  @Test(
    "A command's JSON is what its schema says",
    arguments: [
      (
        "estimate",
        "estimate --model llama-3.1-8b --chip tpu-v5e --chips 4 --phase decode --batch 8 --context 2048 --format json"
      ),
      (
        "simulation",
        "simulate --trace fixtures/traces/short-answers.csv --model llama-3.1-8b --chip h100-sxm --chips 1 "
          + "--replicas 1 --format json"
      ), ("simulation", "simulate examples/simulations/two-sites.yaml --format json"),
      ("simulation", "simulate examples/simulations/disaggregated.yaml --format json --horizon 20"),
      (
        "simulation",
        "simulate examples/simulations/two-services.yaml --replications 3 --horizon 30 --format json"
      ),
      ("trace", "trace inspect fixtures/traces/short-answers.csv --format json"),
      ("trace", "trace inspect fixtures/errors/one-bad-line/trace.csv --format json"),
      ("verification", "verify measured --cases fixtures/published/training-runs.json --format json"),
      ("verification", "verify kernel --from committed --format json"),
      ("study", "study scale --model llama-3.1-8b --chip tpu-v5e --format json"),
      ("study", "study spend --model llama-3.1-8b --chip tpu-v5e --format json"),
      ("study", "study context --format json"),
      ("study", "study codesign --set hbm-bandwidth=1.25..1.5..2 --against tpu-v6e --format json"),
      ("study", "study training --mfu 30%..40%..50% --format json"),
      ("gate-results", "check \(small) --format json --gate-mode off"),
      ("explanation", "explain \(small) months.2027-01.total_cost --format json"),
      ("validation", "validate fixtures/errors/unknown-key/fleet.yaml --format json"),
      ("validation", "validate fixtures/scenarios/demo.yaml --format json"),
      ("catalog", "catalog list --format json"),
      ("catalog", "catalog show tpu-v5e --format json"), ("settings", "show --format json"),
      ("settings", "show fixtures/scenarios/demo.yaml --origin --format json"),
      ("documents", "show fixtures/scenarios/demo.yaml --format json"), ("doctor", "doctor --format json"),
      (
        "sweep",
        "sweep fixtures/sweeps/two-cells.yaml --vary services.chat.peak_rate=1req/s --results $OUT/r --format json "
          + "--progress plain --color always"
      ), ("plan", "report \(small) --format json"), ("plan", "report reports/demo/plan.json --format json"),
      ("comparison", "diff \(small) fixtures/plans/small-dearer.plan.json --format json --gate-mode off"),
    ])
  func answers(_ example: (schema: String, command: String)) throws {
    let folder = try Folder()
    let answer = try folder.run(
      """
      fleetplan schema \(example.schema) > $OUT/schema.json && (fleetplan \(example.command) > $OUT/answer.json; true) \
        && scripts/validate-json $OUT/schema.json $OUT/answer.json
      """)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
  }

  @Test("What a run took is what its schema says")
  func runInfo() throws {
    let folder = try Folder()
    let answer = try folder.run(
      """
      fleetplan schema run-info > $OUT/schema.json
      fleetplan plan fixtures/cases/plan-twice/scenario.yaml --out $OUT/out --format json -q > $OUT/said || exit 1
      scripts/validate-json $OUT/schema.json $OUT/out/run-info.json
      """)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
  }

  @Test("Every template, study and sample that people start from is what its schema says")
  func files() throws {
    let folder = try Folder()
    let answer = try folder.run(
      """
      for name in fleet scenario config setup; do fleetplan schema $name > $OUT/$name.json; done
      for template in chat agents multi-site train ci simulation; do
        fleetplan init $OUT/$template --template $template > /dev/null
      done
      scripts/validate-json $OUT/scenario.json $OUT/*/scenario.yaml fixtures/scenarios/*.yaml \
        $(find examples fixtures/cases fixtures/sweeps -name '*.yaml' | xargs grep -l '^schema: scenario/1') &&
      scripts/validate-json $OUT/fleet.json $OUT/*/fleet.yaml fixtures/fleets/*.yaml \
        $(find examples fixtures/cases fixtures/sweeps -name '*.yaml' | xargs grep -l '^schema: fleet/1') &&
      scripts/validate-json $OUT/setup.json $OUT/*/setup.yaml examples/simulations/*.yaml
      """)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
  }

  @Test(
    "A schema knows exactly the keys that the reader knows",
    arguments: [
      ("scenario", "", ""), ("scenario", "services.chat", "services.additional"),
      ("scenario", "services.chat.slo", "services.additional.slo"), ("fleet", "", ""),
      ("fleet", "sites.iowa", "sites.additional"), ("fleet", "pods.small", "pods.additional"),
      ("fleet", "pods.small.price", "pods.additional.price"), ("setup", "", ""),
      ("setup", "sites.iowa", "sites.additional"), ("setup", "groups.drafting", "groups.additional"),
      ("setup", "groups.drafting.speculation", "groups.additional.speculation"),
      ("setup", "services.a", "services.additional"), ("setup", "services.a.slo", "services.additional.slo"),
      ("setup", "services.a.arrivals", "services.additional.arrivals"), ("setup", "scheduler", "scheduler"),
    ])
  func keys(_ place: (schema: String, path: String, inSchema: String)) throws {
    let folder = try Folder()
    let answer = try folder.run(
      """
      python3 - <<'PY'
      import json, os, re, subprocess, yaml
      out, schema, path, place = os.environ["OUT"], "\(place.schema)", "\(place.path)", "\(place.inSchema)"
      fleet = yaml.load(open("fixtures/sweeps/fleet.yaml"), yaml.BaseLoader)
      scenario = yaml.load(open("fixtures/sweeps/two-cells.yaml"), yaml.BaseLoader)
      setup = yaml.load(open("examples/simulations/speculation.yaml"), yaml.BaseLoader)
      setup |= {"sites": {"iowa": {}}, "scheduler": {}}
      node = {"scenario": scenario, "fleet": fleet, "setup": setup}[schema]
      for part in filter(None, path.split(".")):
          node = node[part]
      node["no_such_key_at_all"] = "1"
      for name, value in (("fleet", fleet), ("scenario", scenario), ("setup", setup)):
          yaml.safe_dump(value, open(f"{out}/{name}.yaml", "w"))
      said = subprocess.run(["fleetplan", "validate", f"{out}/{schema}.yaml"], capture_output=True, text=True).stderr
      line = next(line for line in said.splitlines() if "no_such_key_at_all" in line)
      known = set(re.search(r"expected one of ([^;]*)", line).group(1).split(", "))
      tree = json.loads(subprocess.run(["fleetplan", "schema", schema], capture_output=True, text=True).stdout)
      for part in filter(None, place.split(".")):
          tree = tree["additionalProperties"] if part == "additional" else tree["properties"][part]
      print("reader only:", *sorted(known - set(tree["properties"])), "schema only:", *sorted(set(tree["properties"]) - known))
      PY
      """)
    #expect(answer.output == "reader only: schema only:\n", "\(answer.output)\(answer.errors)")
  }
}
