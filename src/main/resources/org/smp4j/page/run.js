'use strict';
(function () {
  const byId = id => document.getElementById(id);
  const run = byId('run');
  const SVG = 'http://www.w3.org/2000/svg';
  let rows = [];
  let shown = [];
  let lanes = [];
  let bands = new Map();
  let shades = new Map();
  let stateful = new Set(); // lanes with a state; others are shown only with steps in them
  let picked = 0;
  let short = true;
  const COLOURS = 5;

  const changesOf = text => text ? text.split('¦').map(part => part.split('¬')) : [];

  // A long name breaks between its words, not within one.
  function soften(part) {
    for (const text of [...part.childNodes]) {
      const words = text.nodeType === Node.TEXT_NODE ? text.data.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[./_=:-])(?=[^\s])/) : [];
      words.slice(1).reverse().forEach(word => {
        text.after(document.createElement('wbr'), word);
      });
      if (words.length > 1) {
        text.data = words[0];
      }
    }
  }

  function load() {
    const table = run.querySelector('table');
    table.querySelectorAll('b, span, em, strong').forEach(soften);
    rows = [...table.tBodies[0].rows];
    lanes = [...table.tHead.rows[0].cells].slice(1).map(cell => cell.textContent);
    bands = new Map(changesOf(table.dataset.bands).map(([aspect, ...calm]) => [aspect, calm]));
    shades = new Map(changesOf(table.dataset.shades).map(change => [change[1], change[2]]));
    paint();
    choose(false);
    pick(shown[0], false);
  }

  // Shades and bands: what the state of each lane is when a row is reached. A band of the whole stands beside the
  // numbers of the steps.
  function paint() {
    const state = new Map();
    stateful = new Set();
    let stripes = 1;
    const phases = new Map([...bands.keys()].map(aspect => [aspect, []]));
    const colour = (aspect, value) => {
      const known = phases.get(aspect);
      if (!known.includes(value)) {
        known.push(value);
      }
      return 'c' + known.indexOf(value) % COLOURS;
    };
    for (const row of rows) {
      for (const [lane, aspect, value] of changesOf(row.dataset.c)) {
        const before = state.get(lane + '¬' + aspect);
        state.set(lane + '¬' + aspect, value);
        stateful.add(lane);
        if (bands.has(aspect) && (before !== undefined && before !== value
            || before === undefined && !bands.get(aspect).includes(value))) {
          const at = Math.max(0, lanes.indexOf(lane));
          const band = document.createElement('i');
          band.textContent = aspect + ': ' + value;
          band.className = (bands.get(aspect).includes(value) ? '' : colour(aspect, value)) + (lane ? '' : ' whole');
          soften(band);
          row.cells[(lane ? at : +row.dataset.l) + 1].append(band);
          row.classList.remove('minor');
        }
      }
      ['', ...lanes].forEach((lane, i) => {
        const cell = row.cells[i];
        for (const [aspect, calm] of bands) {
          const value = state.get(lane + '¬' + aspect);
          if (value !== undefined && !calm.includes(value)) {
            const stripe = document.createElement('u');
            stripe.className = colour(aspect, value);
            stripe.title = aspect + ': ' + value;
            stripe.style.right = 5 * cell.querySelectorAll('u').length + 'px';
            cell.append(stripe);
            stripes = Math.max(stripes, i === 0 ? cell.querySelectorAll('u').length : 0);
          }
        }
        const irq = state.get(lane + '¬IRQs');
        const preempt = state.get(lane + '¬preempt count');
        if (irq !== undefined && irq !== shades.get('IRQs')) {
          cell.classList.add('q');
        } else if (preempt !== undefined && preempt !== shades.get('preempt count')) {
          cell.classList.add('p');
        }
      });
    }
    run.querySelector('table').style.setProperty('--stripes', stripes);
  }

  // Which rows are shown: all, or those of the story.
  function choose(every) {
    short = !every;
    run.classList.toggle('short', short);
    byId('all').checked = every;
    shown = rows.filter(row => every || !row.classList.contains('minor'));
    if (shown.length === 0) {
      shown = rows;
      run.classList.remove('short');
    }
    byId('slider').max = shown.length - 1;
    lanes.forEach((lane, i) => {
      const empty = !stateful.has(lane) && !shown.some(row => +row.dataset.l === i);
      run.querySelectorAll('tr').forEach(row => row.cells[i + 1].hidden = empty);
    });
    draw();
  }

  const number = row => +row.id.substring(1);
  const isShown = row => !short || !row.classList.contains('minor');

  // The arrows between shown rows. The end of one at a row that is not shown is at the nearest row of that lane that is,
  // of those that don't turn it round; where both ends of another one of its kind are the same, one is enough.
  function arrows() {
    const at = new Map(shown.map((row, i) => [row, i]));
    const known = new Set();
    const all = [];
    const exact = row => isShown(row) && isShown(rows[row.dataset.f]);
    const nearest = (row, fits) => {
      let best = null;
      for (const each of shown) {
        const far = Math.abs(number(each) - number(row));
        if (each.dataset.l === row.dataset.l && fits(each) && (!best || far < best.far)) {
          best = {each, far};
        }
      }
      return best && best.each;
    };
    const ends = rows.filter(row => row.dataset.a);
    for (const row of [...ends.filter(exact), ...ends.filter(row => !exact(row))]) {
      const from = at.has(rows[row.dataset.f]) ? rows[row.dataset.f]
        : nearest(rows[row.dataset.f], each => number(each) < number(row));
      const to = at.has(row) ? row : from && nearest(row, each => at.get(each) > at.get(from));
      const key = from && to && [row.dataset.a, from.id, to.id].join(' ');
      const same = [row.dataset.a, row.dataset.f, row.dataset.l].join(' '); // a later read of the same is a row shown
      if (key && !known.has(key) && !known.has(same)) {
        known.add(key).add(same);
        all.push({kind: row.dataset.a, from, to});
      }
    }
    return all;
  }

  function draw() {
    run.parentElement.classList.toggle('fits', run.querySelector('table').offsetWidth <= run.clientWidth);
    document.documentElement.style.setProperty('--bar', document.querySelector('.bar').offsetHeight - 1 + 'px');
    run.querySelectorAll('svg').forEach(svg => svg.remove());
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('class', 'arrows');
    svg.setAttribute('aria-hidden', 'true');
    const box = run.getBoundingClientRect();
    for (const {kind, from, to} of arrows()) {
      const a = from.querySelector('.on').getBoundingClientRect();
      const b = to.querySelector('.on').getBoundingClientRect();
      const right = a.left < b.left;
      const x1 = a.left + 6 - box.left;
      const y1 = a.top + 12 - box.top;
      const x2 = b.left + 6 - box.left;
      const y2 = b.top + 10 - box.top;
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', kind);
      path.dataset.ends = from.id + ' ' + to.id;
      path.setAttribute('d', `M${x1} ${y1} C${x1} ${y1 + 24} ${x2 - (right ? 26 : -26)} ${y2 - 8} ${x2} ${y2}`);
      svg.append(path);
    }
    run.append(svg);
    light();
  }

  // The arrows of the chosen step stand out.
  function light() {
    run.querySelectorAll('svg path').forEach(path =>
      path.classList.toggle('lit', path.dataset.ends.split(' ').includes(rows[picked].id)));
  }

  function stateAt(row) {
    const state = new Map();
    const fresh = new Set();
    for (const each of rows) {
      for (const [lane, aspect, value] of changesOf(each.dataset.c)) {
        if (!state.has(lane)) {
          state.set(lane, new Map());
        }
        state.get(lane).set(aspect, value);
        if (each === row) {
          fresh.add(lane + '¬' + aspect);
        }
      }
      if (each === row) {
        return {state, fresh};
      }
    }
    return {state, fresh};
  }

  function show(row) {
    const {state, fresh} = stateAt(row);
    const target = byId('state');
    target.textContent = '';
    const order = [...lanes.filter(lane => state.has(lane)), ...[...state.keys()].filter(lane => !lanes.includes(lane))];
    for (const lane of order) {
      const section = document.createElement('section');
      const title = document.createElement('h2');
      title.textContent = lane || 'Shared';
      const list = document.createElement('dl');
      list.dataset.lane = lane;
      for (const [aspect, value] of state.get(lane)) {
        const name = document.createElement('dt');
        name.textContent = aspect;
        soften(name);
        const text = document.createElement('dd');
        text.textContent = value;
        text.dataset.aspect = aspect;
        soften(text);
        if (fresh.has(lane + '¬' + aspect)) {
          text.className = 'new';
        }
        list.append(name, text);
      }
      section.append(title, list);
      target.append(section);
    }
    const cell = row.querySelector('.on');
    byId('what').textContent = 'Step ' + row.cells[0].textContent + ', ' + lanes[row.dataset.l] + ': '
      + [...cell.querySelectorAll('em, b, span, strong')].map(part => part.textContent).join('; ');
    soften(byId('what'));
    byId('source').textContent = row.dataset.w;
    soften(byId('source'));
    byId('where').textContent = 'step ' + row.cells[0].textContent;
  }

  function pick(row, scroll) {
    if (!row) {
      return;
    }
    rows[picked] && rows[picked].classList.remove('picked');
    rows[picked] && rows[picked].removeAttribute('aria-current');
    picked = rows.indexOf(row);
    row.classList.add('picked');
    row.setAttribute('aria-current', 'step');
    byId('slider').value = Math.max(0, shown.indexOf(row));
    show(row);
    light();
    if (scroll) {
      row.querySelector('.on').scrollIntoView({block: 'center', inline: 'nearest'});
    }
  }

  function move(by) {
    const at = shown.indexOf(rows[picked]);
    pick(shown[Math.min(shown.length - 1, Math.max(0, at + by))], true);
  }

  function nextForced() {
    const at = shown.indexOf(rows[picked]);
    pick(shown.slice(at + 1).find(row => row.classList.contains('forced'))
      || shown.find(row => row.classList.contains('forced')), true);
  }

  function every(on) {
    const row = rows[picked];
    choose(on);
    pick(shown.includes(row) ? row : shown.find(each => rows.indexOf(each) >= picked) || shown[0], true);
  }

  byId('first').onclick = () => pick(shown[0], true);
  byId('last').onclick = () => pick(shown[shown.length - 1], true);
  byId('back').onclick = () => move(-1);
  byId('next').onclick = () => move(1);
  byId('forced').onclick = nextForced;
  byId('slider').oninput = event => pick(shown[event.target.value], true);
  byId('all').onchange = event => every(event.target.checked);
  run.addEventListener('click', event => {
    const row = event.target.closest('tbody tr');
    if (row) {
      pick(row, false);
    }
  });
  document.addEventListener('keydown', event => {
    const reads = event.target.closest?.('aside, pre') && /^(Arrow|Page|Home|End)/.test(event.key); // it scrolls
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.type === 'range' || reads) {
      return;
    }
    const action = {ArrowRight: () => move(1), ArrowDown: () => move(1), j: () => move(1), ArrowLeft: () => move(-1),
      ArrowUp: () => move(-1), k: () => move(-1), Home: () => pick(shown[0], true),
      End: () => pick(shown[shown.length - 1], true), PageDown: () => move(20), PageUp: () => move(-20), f: nextForced,
      a: () => every(short)}[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  const packed = byId('packed');
  const start = run.innerHTML;
  if (packed) {
    let other = null;
    byId('other').onclick = async event => {
      const button = event.currentTarget;
      if (other === null) {
        const bytes = Uint8Array.from(atob(packed.textContent), c => c.charCodeAt(0));
        other = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
      }
      const before = button.getAttribute('aria-pressed') !== 'true';
      run.innerHTML = before ? other : start;
      button.setAttribute('aria-pressed', before);
      load();
    };
  }

  new ResizeObserver(draw).observe(run);
  load();
})();
