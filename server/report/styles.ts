// The report's styles: light and dark by the reader's setting, readable on paper.

export const styles = `
:root { color-scheme: light dark; --line: #8884; --note: #777; --good: #2a8a4a; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 1100px; margin: 0 auto; padding: 24px; }
h1 { font-size: 1.6em; } h2 { margin-top: 2em; font-size: 1.2em; }
code { font: 12.5px/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code b { color: var(--good); }
table { border-collapse: collapse; margin: 12px 0; }
th, td { text-align: left; vertical-align: top; padding: 4px 10px; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
table.wide { width: 100%; font-size: 13.5px; }
tr.promoted td:nth-child(4) { color: var(--good); font-weight: 600; }
tr.more td { border-bottom: 1px solid var(--line); padding-top: 0; }
tr:has(+ tr.more) td { border-bottom: none; }
summary { cursor: pointer; color: var(--note); font-size: 12.5px; }
.note, small { color: var(--note); }
.columns { display: flex; flex-wrap: wrap; gap: 32px; }
.chart { margin: 8px 0; background: #fff; color: #222; border-radius: 6px; padding: 8px; width: fit-content; max-width: 100%; overflow-x: auto; }
.chart .u-legend th, .chart .u-legend td { border: 0; }
`;
