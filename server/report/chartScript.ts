// Runs in the reader's browser: draws the report's charts with uPlot from the JSON in #data. Plain JavaScript as text.

export const chartScript = `
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const colours = { base: '#888', adapted: '#1a7f4b', other: '#c26a00', line: '#2b5fb8' };
  const byCommit = (element, lines) => {
    const x = data.commits.map((_, i) => i + 1);
    new uPlot({
      width: 1040, height: 260,
      scales: { x: { time: false } },
      series: [{ label: 'commit', value: (_, v) => v == null ? '' : data.commits[v - 1] },
        ...lines.map(([label, , stroke]) => ({ label, stroke, width: 2, spanGaps: true, points: { show: true, size: 6 }, value: (_, v) => v == null ? '' : v.toFixed(3) }))],
      axes: [{ incrs: [1, 2, 5, 10] }, { size: 64 }],
    }, [x, ...lines.map(([, values]) => values)], element);
  };
  byCommit(document.getElementById('likelihood'), [['base', data.base, colours.base], ['adapted', data.adapted, colours.adapted], ['other repository', data.other, colours.other]]);
  byCommit(document.getElementById('retention'), [['retention', data.retention, colours.line]]);
  for (const element of document.querySelectorAll('[data-loss]')) {
    const losses = data.losses[Number(element.dataset.loss)];
    if (losses.length === 0) { element.remove(); continue; }
    const draw = () => {
      if (element.childElementCount > 0) return;
      new uPlot({ width: 600, height: 160, scales: { x: { time: false } },
        series: [{ label: 'step' }, { label: 'training loss', stroke: colours.line, width: 2 }], axes: [{}, { size: 64 }] },
        [losses.map((_, i) => i + 1), losses], element);
    };
    element.closest('details').addEventListener('toggle', draw);
  }
})();
`;
