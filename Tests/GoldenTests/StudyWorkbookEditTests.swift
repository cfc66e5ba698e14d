import Foundation
import Testing

/// The workbook that a study writes, edited as a user would, against the study run anew.
@Suite(
  .enabled(
    if: Program.isInstalled("soffice") && Program.isInstalled("python3"),
    "LibreOffice or Python is not installed: edited workbooks are not recalculated"), .serialized)
struct StudyWorkbookEditTests {
  @Test(
    "An edited input of a study's workbook gives what the study gives when it is asked again",
    arguments: [
      (
        "scale", "--price", "1.5", "3", "Price", "Cost of a million output tokens",
        "best_usd_per_million_output"
      ),
      ("spend", "--training-price", "1.5", "3", "Price of a training chip", "The whole life", "life_usd"),
      ("codesign", "--rate", "10", "25", "Requests per second", "Cost per hour", "fleet_usd_per_hour"),
      ("training", "--mfu", "0.4", "0.5", "MFU inside a site", "Days", ""),
    ])
  func edited(_ example: (String, String, String, String, String, String, String)) throws {
    let (study, option, before, after, input, result, finding) = example
    let folder = try Folder()
    let common = "--model llama-3.1-8b --link 1000"
    let own = study == "training" ? common : "--model llama-3.1-8b"
    let answer = try folder.run(
      """
      fleetplan study \(study) \(own) \(option) \(before) --out $OUT/before > /dev/null &&
      fleetplan study \(study) \(own) \(option) \(after) --out $OUT/after > /dev/null &&
      python3 - <<'PY'
      import csv, json, os, re, subprocess, zipfile
      out = os.environ["OUT"]
      parts = {n: zipfile.ZipFile(f"{out}/before/study.xlsx").read(n) for n in zipfile.ZipFile(f"{out}/before/study.xlsx").namelist()}
      strings = [re.sub("<[^>]*>", "", s) for s in re.findall("<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.S)]
      sheets = re.findall('<sheet name="([^"]*)"', parts["xl/workbook.xml"].decode())
      name = f"xl/worksheets/sheet{sheets.index('Live') + 1}.xml"
      text = parts[name].decode()
      cell = r'<c r="A(\\d+)"[^>]*t="s"[^>]*><v>(\\d+)</v></c>'
      row = next(r for r, s in re.findall(cell, text) if strings[int(s)] == "\(input)")
      text, n = re.subn(rf'(<c r="B{row}"[^>]*>)<v>[^<]*</v>', r'\\g<1><v>\(after)</v>', text)
      assert n == 1, n
      parts[name] = text.encode()
      with zipfile.ZipFile(f"{out}/edited.xlsx", "w") as z:
          for part in parts: z.writestr(part, parts[part])
      os.makedirs(f"{out}/profile/user")
      open(f"{out}/profile/user/registrymodifications.xcu", "w").write(
          '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
          '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
          '<value>0</value></prop></item></oor:items>')
      subprocess.run(["soffice", f"-env:UserInstallation=file://{out}/profile", "--headless", "--convert-to",
          "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir", out,
          f"{out}/edited.xlsx"], check=True, capture_output=True)
      rows = {r[0]: r[1] for r in csv.reader(open(f"{out}/edited-Live.csv")) if len(r) > 1}
      findings = json.load(open(f"{out}/after/study.json"))["findings"]
      wanted = findings["\(finding)" or "days"]["value"]
      print("same" if abs(float(rows["\(result)"]) / wanted - 1) < 2e-3 else (rows["\(result)"], wanted))
      PY
      """)
    #expect(answer.output == "same\n", "\(answer.output)\(answer.errors)")
  }
}
