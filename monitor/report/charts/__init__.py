"""The report's charts: the view model in, shapes out, and nothing of markup or colour (docs/adr/0012).

Widths are shares of whatever width there is, heights and letters are CSS pixels: so a chart fits a phone and a sheet
of paper with letters of one size, without a script. What a shape means is its class; the style sheet gives the class a
look that holds in print, in grey and on a dark screen.
"""
