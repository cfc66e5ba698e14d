import FleetData

/// One file that needs no network: pictures inlined, tables that sort when a header is clicked, light and dark.
public enum HTMLPage {
  public static func render(_ plan: Plan) -> String {
    render(PlanDocument.report(plan), currency: plan.currency)
  }

  public static func render(_ report: Report, currency: String = "USD") -> String {
    var writer = HTMLWriter(number: NumberText(currency: currency))
    writer.write(report)
    let title = SafeText.xml(SafeText.line(report.title))
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(css)\(SVGChart.styleSheet)</style>
      </head>
      <body>
      <nav><ol>
      \(writer.contents)</ol></nav>
      <main>
      \(writer.body)</main>
      <script>
      \(script)</script>
      </body>
      </html>

      """
  }

  private static let css = """
    :root{color-scheme:light dark}
    body{margin:0;font:15px/1.55 system-ui,-apple-system,'Segoe UI',Arial,'DejaVu Sans',sans-serif;background:#fff;color:#24292f}
    main{max-width:1100px;margin:0 auto;padding:1rem 1.5rem 4rem}
    nav{max-width:1100px;margin:0 auto;padding:1rem 1.5rem 0;font-size:14px}
    nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0;padding:0}
    a{color:#0a5bb5}
    h1{font-size:1.7rem}
    h2{margin-top:2.4rem;border-bottom:1px solid #d0d7de;padding-bottom:.2rem;font-size:1.3rem}
    .scroll{overflow-x:auto;margin:.4rem 0 1.2rem}
    table{border-collapse:collapse;font-size:14px}
    caption{text-align:left;font-weight:600;padding:.3rem 0}
    th,td{padding:.3rem .7rem;border-bottom:1px solid #d8dee4;text-align:left;vertical-align:top;unicode-bidi:isolate}
    td{max-width:26rem;overflow-wrap:break-word}
    th{vertical-align:bottom}
    th button{all:unset;cursor:pointer;font-weight:600}
    th button:focus-visible{outline:2px solid #0a5bb5}
    th[aria-sort=ascending] button::after{content:" \\25B2"}
    th[aria-sort=descending] button::after{content:" \\25BC"}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .note{color:#57606a;font-size:13px}
    .warning{border-left:4px solid #b35900;padding:.4rem .8rem;background:#fff4e5}
    figure{margin:1rem 0}
    figure svg{max-width:100%;height:auto}
    pre{overflow-x:auto;padding:.6rem;background:#f3f5f7}
    @media (prefers-color-scheme:dark){
    body{background:#0d1117;color:#e6edf3}
    a{color:#6cb0ff}
    h2,th,td{border-color:#30363d}
    .note{color:#9da7b3}
    .warning{background:#2d1f0c}
    pre{background:#161b22}
    }
    @media print{nav,script{display:none}}

    """

  /// Sorts a table's rows by the clicked column: by the numbers in `data-v` where there are any, else by text.
  private static let script = """
    for(const t of document.querySelectorAll('table')){const h=[...t.tHead.rows[0].cells];h.forEach((c,i)=>{
    c.firstChild.addEventListener('click',()=>{const up=c.getAttribute('aria-sort')!=='ascending';
    h.forEach(x=>x.removeAttribute('aria-sort'));c.setAttribute('aria-sort',up?'ascending':'descending');
    const key=r=>{const d=r.cells[i];return d.dataset.v===undefined?d.textContent:parseFloat(d.dataset.v)};
    const b=t.tBodies[0],rows=[...b.rows].map((r,k)=>[key(r),k,r]);
    rows.sort((a,z)=>{const x=a[0],y=z[0];const d=typeof x==='number'&&typeof y==='number'?x-y:
    typeof x==='number'?-1:typeof y==='number'?1:x<y?-1:x>y?1:0;return (up?d:-d)||a[1]-z[1]});
    for(const r of rows)b.appendChild(r[2])})})}

    """
}

/// Writes blocks as HTML.
struct HTMLWriter {
  private(set) var body = ""
  private(set) var contents = ""
  let number: NumberText
  private var sections = 0
  private var figures = 0

  init(number: NumberText) { self.number = number }

  mutating func write(_ report: Report) {
    body += "<h1>\(Self.text(report.title))</h1>\n"
    for section in report.sections {
      sections += 1
      let title = Self.text(section.title)
      contents += "<li><a href=\"#s\(sections)\">\(title)</a></li>\n"
      body += "<section id=\"s\(sections)\">\n<h2>\(title)</h2>\n"
      for block in section.blocks { write(block) }
      body += "</section>\n"
    }
  }

  private static func text(_ text: String) -> String { SafeText.xml(SafeText.line(text, limit: 4000)) }

  private mutating func write(_ block: Report.Block) {
    switch block {
    case .paragraph(let sentence): body += "<p>\(Self.text(sentence))</p>\n"
    case .bullets(let items):
      body += "<ul>\n" + items.map { "<li>\(Self.text($0))</li>\n" }.joined() + "</ul>\n"
    case .table(let table): write(table)
    case .chart(let chart):
      figures += 1
      var chart = chart
      chart.id = "f\(figures)-\(chart.id)"
      body += "<figure>\n\(SVGChart.render(chart, embedded: true))</figure>\n"
    case .details(let summary, let blocks):
      body += "<details><summary>\(Self.text(summary))</summary>\n"
      for block in blocks { write(block) }
      body += "</details>\n"
    case .warning(let sentence): body += "<p class=\"warning\">Warning: \(Self.text(sentence))</p>\n"
    case .code(let code): body += "<pre>\(SafeText.xml(code))</pre>\n"
    }
  }

  private mutating func write(_ table: Table) {
    body += "<div class=\"scroll\"><table>\n<caption>\(Self.text(table.title))</caption>\n<thead><tr>"
    for column in table.columns {
      let header = column.unit.isEmpty ? column.title : "\(column.title), \(column.unit)"
      let style = column.format == .text ? "" : " class=\"n\""
      body += "<th scope=\"col\"\(style)><button type=\"button\">\(Self.text(header))</button></th>"
    }
    body += "</tr></thead>\n<tbody>\n"
    for row in table.rows {
      body += "<tr>" + zip(row, table.columns).map { cell($0, $1) }.joined() + "</tr>\n"
    }
    body += "</tbody></table>\n"
    if let note = table.note { body += "<p class=\"note\">\(Self.text(note))</p>\n" }
    body += "</div>\n"
  }

  private func cell(_ cell: Cell, _ column: Table.Column) -> String {
    switch cell {
    case .text(let text): return "<td>\(Self.text(text))</td>"
    case .number(let x, let grade):
      let hint = grade.map { " title=\"\($0.rawValue)\"" } ?? ""
      return
        "<td class=\"n\" data-v=\"\(JSONNumber.text(x))\"\(hint)>\(Self.text(number.text(x, column.format)))</td>"
    case .absent(let reason): return "<td class=\"n\" title=\"\(Self.text(reason))\">n/a</td>"
    }
  }
}
