'use strict';
(function () {
  const PALETTES = {
    light: ['#0b63b8', '#b3261e', '#0c7a44', '#8a4bb3', '#a35c00', '#00727f', '#5b6570', '#a1135f', '#1f2937'],
    dark: ['#79b8f5', '#ff9d94', '#6fd39c', '#d0a6f0', '#f0b35c', '#5fd0dc', '#b5bec8', '#f58ac0', '#e5e7eb']
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const NARROW = 760;
  const number = text => text === '' ? null : Number(text);

  function data(table, colours, most) {
    const kind = table.dataset.kind;
    const rows = [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent));
    const names = [...table.tHead.rows[0].cells].slice(1).map(cell => cell.textContent);
    if (kind === 'range') {
      return {
        labels: rows.map(row => lines(row[0], most)),
        datasets: [
          {type: 'line', label: names[1], data: rows.map(row => number(row[2])), showLine: false, pointRadius: 5,
            pointStyle: 'rectRot', backgroundColor: colours[1], borderColor: colours[1]},
          {label: names[0] + ' to ' + names[2], data: rows.map(row => row[1] === '' ? null : [number(row[1]), number(row[3])]),
            backgroundColor: colours[0], minBarLength: 3, barPercentage: .5}]
      };
    }
    const label = kind === 'bar' ? row => row[0] : row => Number(row[0]);
    return {
      labels: kind === 'bar' ? rows.map(label) : undefined,
      datasets: names.map((name, i) => ({
        label: name, borderColor: colours[i % colours.length], backgroundColor: colours[i % colours.length],
        borderWidth: kind === 'bar' ? 0 : 2, pointRadius: kind === 'scatter' ? 3 : rows.length > 60 ? 0 : 2,
        categoryPercentage: 1, barPercentage: .92,
        data: kind === 'bar' ? rows.map(row => number(row[i + 1]))
          : rows.filter(row => row[i + 1] !== '').map(row => ({x: label(row), y: Number(row[i + 1])}))
      }))
    };
  }

  // A label as lines, broken between words.
  function lines(text, most) {
    const all = [];
    for (const word of text.split(' ')) {
      const last = all.length - 1;
      if (last >= 0 && (all[last] + ' ' + word).length <= most) {
        all[last] += ' ' + word;
      } else {
        all.push(word);
      }
    }
    return all;
  }

  function axis(text, type, style, more) {
    return {type, title: {display: true, text, color: style.ink}, ticks: {color: style.ink, ...more},
      grid: {color: style.line}};
  }

  function draw() {
    const css = getComputedStyle(document.documentElement);
    const style = {ink: css.getPropertyValue('--faint'), line: css.getPropertyValue('--line')};
    const colours = PALETTES[dark.matches ? 'dark' : 'light'];
    document.querySelectorAll('table[data-kind]').forEach(table => {
      const {kind, first, second} = table.dataset;
      const canvas = table.closest('section').querySelector('canvas');
      const logarithmic = 'logarithmic' in table.dataset;
      const numbers = logarithmic ? 'logarithmic' : 'linear';
      const across = kind === 'range';
      const along = axis(first, kind === 'bar' || across ? 'category' : numbers, style,
        across ? {autoSkip: false} : {maxRotation: 0});
      // Labels of lines have a part of the width, and as many lines as they need; where that is little, the title goes.
      const most = across ? Math.max(16, Math.round(canvas.parentElement.clientWidth / 22)) : 0;
      if (across) {
        along.title.display = document.documentElement.clientWidth > NARROW;
        const counts = [...table.tBodies[0].rows].map(row => lines(row.cells[0].textContent, most).length)
          .sort((one, other) => other - one);
        const step = Math.max(26, 8 * (counts[0] + (counts[1] || 0))); // two labels side by side do not touch
        canvas.parentElement.style.height = 90 + step * counts.length + 'px';
      }
      const values = axis(second, numbers, style, {});
      if (!logarithmic) {
        values.beginAtZero = !across;
      }
      const known = Chart.getChart(canvas);
      if (known) {
        known.destroy();
      }
      new Chart(canvas, {
        type: kind === 'range' ? 'bar' : kind,
        data: data(table, colours, most),
        options: {
          animation: false, responsive: true, maintainAspectRatio: false, indexAxis: across ? 'y' : 'x',
          interaction: {mode: 'nearest', axis: across ? 'y' : 'x', intersect: false},
          scales: across ? {x: values, y: along} : {x: along, y: values},
          plugins: {legend: {display: table.tHead.rows[0].cells.length > 2, labels: {color: style.ink, boxWidth: 14}}}
        }
      });
    });
  }

  dark.addEventListener('change', draw);
  let width = document.documentElement.clientWidth;
  addEventListener('resize', () => {
    if (width !== document.documentElement.clientWidth) {
      width = document.documentElement.clientWidth;
      draw();
    }
  });
  draw();
})();
