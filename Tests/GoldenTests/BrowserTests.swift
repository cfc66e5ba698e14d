import Foundation
import Testing

/// The HTML report in a real browser: nothing is fetched, nothing is complained about, tables sort, both colour schemes.
@Suite(
  .enabled(
    if: Program.isInstalled("chromium"),
    "Chromium is not installed: the HTML report is not opened in a browser"),
  .serialized)
struct BrowserTests {
  /// Appended to a copy of the page: clicks headers and writes what it finds into the page's title.
  private static let probe = """
    <script>
    const seen=[];
    document.addEventListener('securitypolicyviolation',e=>seen.push('blocked '+e.blockedURI));
    window.addEventListener('error',e=>seen.push('error '+e.message));
    function column(t,i){return [...t.tBodies[0].rows].map(r=>{const d=r.cells[i];
      return d.dataset.v===undefined?d.textContent:parseFloat(d.dataset.v)})}
    function ordered(a,down){for(let i=1;i<a.length;i++){if(typeof a[i]!==typeof a[i-1])continue;
      if(down?a[i]>a[i-1]:a[i]<a[i-1])return false}return true}
    window.addEventListener('load',()=>{let sorted=0,wrong=[];
    for(const t of document.querySelectorAll('table')){const rows=t.tBodies[0].rows.length;
      for(const [i,h] of [...t.tHead.rows[0].cells].entries()){
        const b=h.querySelector('button');b.click();
        if(h.getAttribute('aria-sort')!=='ascending'||!ordered(column(t,i),false))wrong.push(t.caption.textContent+'/'+i);
        b.click();
        if(h.getAttribute('aria-sort')!=='descending'||!ordered(column(t,i),true))wrong.push(t.caption.textContent+'/'+i+' down');
        sorted++}
      if(t.tBodies[0].rows.length!==rows)wrong.push('rows lost')}
    const wide=document.documentElement.scrollWidth>document.documentElement.clientWidth;
    const style=getComputedStyle(document.body);
    setTimeout(()=>{document.title=['PROBE',sorted,'wrong:'+wrong.join(';'),'seen:'+seen.join(';'),
      'fetched:'+performance.getEntriesByType('resource').length,'svg:'+document.querySelectorAll('figure svg').length,
      'wide:'+wide,'background:'+style.backgroundColor,'ink:'+style.color].join('|')},50)});
    </script>
    """

  private func look(at page: String, dark: Bool) throws -> (title: String, log: String) {
    let folder = try Folder()
    try Data(page.replacingOccurrences(of: "</body>", with: Self.probe + "</body>").utf8)
      .write(to: URL(fileURLWithPath: folder.path + "/page.html"))
    let answer = try folder.run(
      """
      timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir=$OUT/profile --enable-logging=stderr \
        --blink-settings=preferredColorScheme=\(dark ? 0 : 1) --window-size=1200,900 --virtual-time-budget=3000 \
        --dump-dom file://$OUT/page.html
      """)
    let title = answer.output.components(separatedBy: "<title>").dropFirst().first?
      .components(separatedBy: "</title>").first
    return (title ?? "no title", answer.errors)
  }

  private func page(_ command: String) throws -> String {
    let answer = try Folder().run(command)
    #expect(answer.status == 0, "\(answer.errors)")
    return answer.output
  }

  @Test(
    "The report and the comparison open without a request or a complaint, and every column sorts both ways",
    arguments: [
      "fleetplan report reports/demo/plan.json --format html",
      "fleetplan report fixtures/plans/hostile.plan.json --format html",
      "fleetplan diff fixtures/plans/small.plan.json fixtures/plans/small-dearer.plan.json --format html --gate-mode off",
    ])
  func opens(_ command: String) throws {
    let page = try page(command)
    var backgrounds: [String] = []
    for dark in [false, true] {
      let (title, log) = try look(at: page, dark: dark)
      #expect(title.hasPrefix("PROBE|"), "\(title)")
      #expect(title.contains("|wrong:|seen:|fetched:0|"), "\(title)")
      #expect(title.contains("|wide:false|"), "the page must not scroll sideways: \(title)")
      #expect(!log.contains(":CONSOLE"), "\(log)")
      backgrounds.append(title.components(separatedBy: "|background:").last ?? "")
    }
    #expect(backgrounds[0].hasPrefix("rgb(255, 255, 255)"), "light: \(backgrounds[0])")
    #expect(backgrounds[1].hasPrefix("rgb(13, 17, 23)"), "dark: \(backgrounds[1])")
  }
}
