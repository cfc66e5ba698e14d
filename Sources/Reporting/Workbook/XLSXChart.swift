import CXLSXWriter

/// Native charts: they follow the cells when an input is edited.
enum XLSXChart {
  private static let palette: [lxw_color_t] = [
    0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7, 0xD55E00, 0x56B4E9, 0x8C6D1F, 0x7B61C9, 0x5F8D8A, 0xA0522D,
  ]

  static func make(
    _ chart: SheetChart, _ source: Sheet, in book: UnsafeMutablePointer<lxw_workbook>, currency: String
  ) -> UnsafeMutablePointer<lxw_chart> {
    let made = workbook_add_chart(book, UInt8(type(chart.kind).rawValue))!
    chart_title_set_name(made, chart.title)
    var font = lxw_chart_font()
    font.size = 12
    font.bold = 1
    chart_title_set_name_font(made, &font)
    var colour = 0
    for series in chart.series {
      add(series, to: made, chart, source, colour: palette[(series.colour ?? colour) % palette.count])
      if !series.isReference, !series.isFoot { colour += 1 }
    }
    setAxes(made, chart, currency)
    setLegend(made, chart)
    if chart.kind == .interval { chart_set_high_low_lines(made, nil) }
    if chart.kind == .stackedColumns || chart.kind == .stackedBars { chart_set_series_gap(made, 45) }
    return made
  }

  private static func type(_ kind: SheetChart.Kind) -> lxw_chart_type {
    switch kind {
    case .stackedColumns: LXW_CHART_COLUMN_STACKED
    case .columns: LXW_CHART_COLUMN
    case .line, .interval: LXW_CHART_LINE
    case .stackedBars: LXW_CHART_BAR_STACKED
    }
  }

  private static func add(
    _ series: SheetChart.Series, to made: UnsafeMutablePointer<lxw_chart>, _ chart: SheetChart,
    _ source: Sheet,
    colour: lxw_color_t
  ) {
    let categories = "=" + source.range(chart.categories, chart.rows)
    let drawn = chart_add_series(made, categories, "=" + source.range(series.column, chart.rows))!
    let header = Sheet.a1(Sheet.headerRow, series.column, fixed: true)
    chart_series_set_name(drawn, "=\(source.name)!\(header)")
    var line = lxw_chart_line()
    line.color = series.isReference ? 0xC0392B : colour
    line.width = 2.25
    if series.isReference { line.dash_type = UInt8(LXW_CHART_LINE_DASH_DASH.rawValue) }
    var fill = lxw_chart_fill()
    fill.color = series.isReference ? 0x9AA5B1 : colour
    if series.isFoot { fill.none = 1 }
    switch chart.kind {
    case .line:
      chart_series_set_line(drawn, &line)
      // A line of one point would not be seen.
      if chart.rows.count == 1 {
        chart_series_set_marker_type(drawn, UInt8(LXW_CHART_MARKER_CIRCLE.rawValue))
        chart_series_set_marker_size(drawn, 9)
        chart_series_set_marker_fill(drawn, &fill)
      }
    case .interval:
      line.none = 1
      chart_series_set_line(drawn, &line)
      let isMiddle = series.column == chart.series[1].column
      let marker = isMiddle ? LXW_CHART_MARKER_DIAMOND : LXW_CHART_MARKER_LONG_DASH
      chart_series_set_marker_type(drawn, UInt8(marker.rawValue))
      chart_series_set_marker_size(drawn, 8)
      chart_series_set_marker_fill(drawn, &fill)
    case .stackedColumns, .columns, .stackedBars: chart_series_set_fill(drawn, &fill)
    }
  }

  /// The library's x axis is the horizontal one: the values' in bar charts, the categories' in all others.
  private static func setAxes(
    _ made: UnsafeMutablePointer<lxw_chart>, _ chart: SheetChart, _ currency: String
  ) {
    let areBars = chart.kind == .stackedBars
    let names = chart_axis_get(made, areBars ? LXW_CHART_AXIS_TYPE_Y : LXW_CHART_AXIS_TYPE_X)
    let values = chart_axis_get(made, areBars ? LXW_CHART_AXIS_TYPE_X : LXW_CHART_AXIS_TYPE_Y)
    chart_axis_set_name(names, chart.xTitle)
    chart_axis_set_name(values, chart.yTitle)
    chart_axis_set_num_format(values, XLSXStyles.pattern(chart.format, currency))
    var line = lxw_chart_line()
    line.color = 0xD8DEE4
    line.width = 0.75
    chart_axis_major_gridlines_set_line(values, &line)
    if let least = chart.axisMinimum { chart_axis_set_min(values, least) }
    if areBars { chart_axis_set_reverse(names) }
    chart_axis_set_label_position(names, UInt8(LXW_CHART_AXIS_LABEL_POSITION_LOW.rawValue))
  }

  private static func setLegend(_ made: UnsafeMutablePointer<lxw_chart>, _ chart: SheetChart) {
    let isNeeded = chart.series.count > 1 && !chart.series.contains { $0.isFoot }
    chart_legend_set_position(
      made, UInt8((isNeeded ? LXW_CHART_LEGEND_BOTTOM : LXW_CHART_LEGEND_NONE).rawValue))
  }
}
