/* What a page does beyond plain HTML. The server decides what applies and what is wrong; this file sends each change,
 * shows the answer, and keeps what could not be sent until it can be. */
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');

  const fold = document.querySelector('.sections-fold');
  const narrow = matchMedia('(max-width: 60rem)');
  const setFold = () => { if (fold) fold.open = !narrow.matches; };
  narrow.addEventListener('change', setFold);
  setFold();

  const problems = document.getElementById('problems');
  if (problems) problems.focus();

  const preview = document.querySelector('.preview');
  if (preview) watch(preview.dataset.revision);

  const form = document.getElementById('form');
  if (form && form.dataset.editable !== undefined) edit(form);
  else if (form) leftovers(form);
  toTarget();

  /* A link to a question leads into its first control. */
  function toTarget() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const control = target && !problems && target.querySelector('input:not([type=hidden]):not(:disabled), textarea:not(:disabled)');
    if (control) control.focus();
  }

  /* The response was closed while something of this browser had not been sent: it is shown, to be copied. */
  function leftovers(form) {
    const name = `anketa ${form.dataset.person} ${location.pathname}`;
    let kept = [];
    try { kept = JSON.parse(localStorage.getItem(name) || '[]'); } catch { /* nothing readable */ }
    kept = kept.filter(([, entry]) => entry.values.join('') !== '');
    if (!kept.length) return;
    const words = document.getElementById('words').dataset;
    const note = document.createElement('div');
    note.className = 'note note-warn';
    for (const text of [words.unsent, ...kept.map(([key, entry]) => `${key}: ${entry.values.join('; ')}`)])
      note.appendChild(document.createElement('p')).textContent = text;
    const drop = note.appendChild(document.createElement('button'));
    drop.type = 'button';
    drop.className = 'button';
    drop.textContent = words.drop;
    drop.addEventListener('click', () => { localStorage.removeItem(name); note.remove(); });
    form.before(note);
  }

  /* The author's preview is loaded again when the file was saved. */
  function watch(revision) {
    setInterval(async () => {
      try {
        const reply = await fetch('/revision');
        if (reply.ok && (await reply.text()).trim() !== revision) location.reload();
      } catch { /* the preview was stopped; keep what is shown */ }
    }, 700);
  }

  function edit(form) {
    const words = document.getElementById('words').dataset;
    const saved = document.getElementById('saved');
    const live = document.getElementById('live');
    const store = `anketa ${form.dataset.person} ${location.pathname}`;
    const pending = new Map(); /* key -> entry that no save has acknowledged, with the version it was typed over */
    const timers = new Map();
    const held = new Set(); /* keys in conflict: sent only when the person has chosen */
    let goOn = null; /* what waits until everything is saved */
    let busy = false, leaving = false, locked = false, forced = false, waiting = 0, ended = false, announcing = 0;

    const field = name => form.elements.namedItem(name);
    const all = name => { const f = field(name); return !f ? [] : f instanceof RadioNodeList ? [...f] : [f]; };
    const place = key => { const [q, row = ''] = key.split(':'); return form.querySelector(`[data-q="${q}"][data-row="${row}"]`); };
    const isChoice = input => input.type === 'radio' || input.type === 'checkbox';

    function read(key) {
      const values = all(`a:${key}`).filter(i => !isChoice(i) || i.checked).map(i => i.value);
      const special = all(`s:${key}`).find(i => i.checked);
      return { values, special: special ? special.value : '' };
    }

    function write(key, entry) {
      for (const input of all(`a:${key}`)) {
        if (isChoice(input)) input.checked = entry.values.includes(input.value);
        else input.value = entry.values[0] ?? '';
      }
      for (const input of all(`s:${key}`)) input.checked = input.value === entry.special;
    }

    function same(a, b) { return a.special === b.special && a.values.join('\n') === b.values.join('\n'); }

    function keep() {
      try {
        if (pending.size) localStorage.setItem(store, JSON.stringify([...pending]));
        else localStorage.removeItem(store);
      } catch { /* no storage: the page itself still holds the entries */ }
    }

    function say(text, kind) {
      saved.textContent = text;
      saved.className = 'saved' + (kind ? ` ${kind}` : '');
    }

    function announce(text) {
      clearTimeout(announcing);
      announcing = setTimeout(() => { live.textContent = text; }, 150);
    }

    function change(key, wait) {
      const seen = pending.has(key) ? pending.get(key).seen : field(`v:${key}`).value;
      pending.set(key, { ...read(key), seen });
      keep();
      clearTimeout(timers.get(key));
      timers.set(key, setTimeout(() => { timers.delete(key); send(); }, wait));
    }

    async function send() {
      if (busy || ended) return;
      const keys = [...pending.keys()].filter(key => !timers.has(key) && !held.has(key));
      if (!keys.length) return;
      busy = true;
      const sent = new Map(keys.map(key => [key, pending.get(key)]));
      const body = new URLSearchParams({ csrf: form.elements.csrf.value });
      for (const [key, entry] of sent) {
        body.append(`v:${key}`, entry.seen);
        for (const value of entry.values) body.append(`a:${key}`, value);
        body.append(`s:${key}`, entry.special);
      }
      say(words.saving);
      try {
        const reply = await fetch(form.getAttribute('action'), { method: 'POST', body, keepalive: leaving, headers: { Accept: 'application/json' } });
        const json = (reply.headers.get('Content-Type') || '').startsWith('application/json');
        if (reply.redirected || (!json && reply.ok)) stop(words.ended);
        else if (!json) throw new Error(String(reply.status));
        else if (reply.ok) accept(await reply.json(), sent);
        else refuse(reply.status, await reply.json());
      } catch {
        say(navigator.onLine ? words.failed : words.offline, 'bad');
        later();
      }
      busy = false;
      if (!ended && !waiting && pending.size) send();
    }

    function later() {
      clearTimeout(waiting);
      waiting = setTimeout(() => { waiting = 0; send(); }, 3000);
    }

    /* Nothing can be saved from this page as it is; what is pending stays in the browser until the page is loaded anew. */
    function stop(text) {
      ended = true;
      say(text, 'bad');
    }

    function refuse(status, reply) {
      if (reply.error === 'csrf') stop(words.stale);
      else if (reply.error === 'signin') stop(words.ended);
      else if (reply.error === 'locked') { locked = true; stop(words.locked); }
      else { say(reply.message || words.failed, 'bad'); if (status >= 500) later(); else ended = true; }
    }

    /* Leaving waits for what is being saved, so that an entry never arrives behind its own page; but not for ever. */
    function leave(go) {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      goOn = go;
      setTimeout(() => { if (goOn === go && !held.size) { goOn = null; forced = true; go(); } }, 4000);
      send();
    }

    async function tryAgain() {
      if (!ended) return send();
      try {
        const reply = await fetch(location.href, { headers: { Accept: 'text/html' } });
        if (reply.ok && !reply.redirected && !locked) location.reload();
      } catch { /* still away */ }
    }

    function accept(reply, sent) {
      const refused = [];
      for (const entry of reply.entries) {
        const { key } = entry, mine = sent.get(key);
        if (entry.result === 'conflict') { held.add(key); showConflict(key, entry, mine); continue; }
        if (entry.result === 'refused') refused.push(key);
        else if (field(`v:${key}`)) field(`v:${key}`).value = entry.version;
        const now = pending.get(key);
        if (now && same(now, mine)) pending.delete(key);
        else if (now) now.seen = entry.version;
        stateLine(key, entry);
      }
      keep();
      for (const key of refused) reply.problems[key] = [{ severity: 'error', label: words.error, message: words.refused }];
      show(reply);
      document.dispatchEvent(new CustomEvent('anketa:state', { detail: reply }));
      if (!pending.size && goOn) { const go = goOn; goOn = null; go(); }
      if (held.size && goOn) { goOn = null; form.querySelector('.conflict button')?.focus(); }
      if (!pending.size) say(`${words.saved} ${reply.time}`, 'good');
      else if (held.size) say(words.conflict, 'bad');
    }

    function stateLine(key, entry) {
      const line = form.querySelector(`[data-state="${key}"]`);
      if (!line) return;
      line.replaceChildren(entry.state || '');
      if (entry.history) line.append(' · ', make('a', { href: entry.history }, entry.history_text));
      line.classList.add('just');
      setTimeout(() => line.classList.remove('just'), 4000);
    }

    function make(tag, attributes, ...children) {
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.append(...children);
      return element;
    }

    function show(reply) {
      const hidden = new Set(reply.hidden), options = new Set(reply.hidden_options), containers = new Set(reply.hidden_containers);
      const appeared = [];
      for (const element of form.querySelectorAll('[data-q]')) {
        const key = element.dataset.q + (element.dataset.row ? `:${element.dataset.row}` : '');
        if (element.hidden && !hidden.has(key)) {
          element.classList.add('appeared');
          const text = element.querySelector('.q-text, label, th');
          if (text) appeared.push(text.textContent.trim());
        }
        element.hidden = hidden.has(key);
        showProblems(key, element, reply.problems[key] || []);
        for (const option of element.querySelectorAll('[data-option]')) option.hidden = options.has(`${key}:${option.dataset.option}`);
      }
      for (const element of form.querySelectorAll('[data-c]')) element.hidden = containers.has(Number(element.dataset.c));
      for (const [key, value] of Object.entries(reply.calculated)) {
        const output = form.querySelector(`[data-calc="${key}"]`);
        if (output) output.textContent = value;
      }
      for (const [id, text] of Object.entries(reply.rows)) {
        const progress = form.querySelector(`[data-row-progress="${id}"]`);
        if (progress) progress.textContent = text;
      }
      for (const [id, text] of Object.entries(reply.sections)) {
        const progress = document.querySelector(`[data-section="${id}"] [data-progress]`);
        if (progress) progress.textContent = text;
      }
      if (appeared.length) announce(`${words.appeared} ${appeared.slice(0, 3).join('; ')}`);
    }

    function showProblems(key, element, list) {
      if (held.has(key)) return;
      const box = form.querySelector(`[data-problems="${key}"]`);
      if (!box) return;
      const wrong = list.some(problem => problem.severity === 'error');
      const before = box.textContent;
      box.replaceChildren(...list.map(problem =>
        make('p', { class: `problem problem-${problem.severity}` }, make('b', {}, problem.label), ` ${problem.message}`)));
      element.classList.toggle('has-error', wrong);
      for (const input of all(`a:${key}`)) {
        if (isChoice(input)) continue;
        if (wrong) input.setAttribute('aria-invalid', 'true');
        else input.removeAttribute('aria-invalid');
      }
      if (list.length && box.textContent !== before) announce(box.textContent);
    }

    function showConflict(key, entry, mine) {
      const box = form.querySelector(`[data-problems="${key}"]`);
      const settle = () => { held.delete(key); pending.delete(key); box.replaceChildren(); field(`v:${key}`).value = entry.version; };
      const theirs = make('button', { type: 'button', class: 'button' }, words.keepTheirs);
      const own = make('button', { type: 'button', class: 'button' }, words.keepMine);
      theirs.addEventListener('click', () => {
        settle();
        write(key, { values: entry.theirs_values, special: entry.theirs_special });
        keep();
        stateLine(key, entry);
        say('');
        refocus(key);
      });
      own.addEventListener('click', () => { settle(); change(key, 0); refocus(key); });
      box.replaceChildren(make('div', { class: 'conflict', role: 'alertdialog', 'aria-label': words.conflict },
        make('p', {}, make('b', {}, words.conflict)),
        make('p', {}, entry.theirs_line), make('p', { class: 'theirs' }, entry.theirs || '–'),
        make('p', {}, words.mine), make('p', { class: 'theirs' }, describe(key, mine) || '–'),
        make('div', { class: 'actions' }, theirs, own)));
      announce(box.textContent);
    }

    function describe(key, entry) {
      const text = input => form.querySelector(`label[for="${input.id}"]`)?.textContent.trim() || input.getAttribute('aria-label') || input.value;
      const chosen = [...all(`a:${key}`), ...all(`s:${key}`)].filter(input =>
        isChoice(input) && (entry.values.includes(input.value) || entry.special === input.value));
      const typed = all(`a:${key}`).filter(input => !isChoice(input)).map(input => input.value);
      return [...typed, ...chosen.map(text)].filter(Boolean).join('; ');
    }

    function refocus(key) { (all(`a:${key}`).find(i => i.checked) || all(`a:${key}`)[0])?.focus(); }

    /* A special (not applicable, no data) and a value exclude each other; so does an exclusive option. */
    function settle(target) {
      const kind = target.name[0], key = target.name.slice(2);
      if (kind === 's' && target.checked) {
        for (const other of all(`s:${key}`)) if (other !== target) other.checked = false;
        for (const input of all(`a:${key}`)) { if (isChoice(input)) input.checked = false; else input.value = ''; }
      } else if (kind === 'a' && (target.checked || (!isChoice(target) && target.value !== ''))) {
        for (const special of all(`s:${key}`)) special.checked = false;
        if (target.type === 'checkbox')
          for (const other of all(`a:${key}`))
            if (other !== target && ('exclusive' in target.dataset || 'exclusive' in other.dataset)) other.checked = false;
      }
      return key;
    }

    const ours = target => /^[as]:/.test(target.name || '') && !('local' in target.dataset);

    form.addEventListener('change', event => { if (ours(event.target)) change(settle(event.target), 0); });
    form.addEventListener('input', event => {
      if (ours(event.target) && !isChoice(event.target)) change(settle(event.target), event.target.inputMode ? 2500 : 1200);
    });
    form.addEventListener('click', event => {
      const key = event.target.dataset?.clear;
      if (!key) return;
      write(key, { values: [], special: '' });
      change(key, 0);
    });
    form.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return;
      event.preventDefault();
      if ('local' in event.target.dataset) event.target.parentElement.querySelector('button').click();
      else if (ours(event.target)) change(settle(event.target), 0);
    });
    form.addEventListener('submit', event => {
      if (!pending.size || ended || forced) return;
      event.preventDefault();
      leave(() => form.requestSubmit(event.submitter));
    });
    document.addEventListener('click', event => {
      const link = event.target.closest?.('a[href]');
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!link || !plain || !pending.size || ended || link.origin !== location.origin || link.getAttribute('href')[0] === '#') return;
      event.preventDefault();
      leave(() => { location.href = link.href; });
    });
    addEventListener('online', tryAgain);
    addEventListener('focus', tryAgain);
    document.addEventListener('visibilitychange', () => { if (!document.hidden) tryAgain(); });
    addEventListener('pagehide', () => {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      leaving = true;
      busy = false;
      send();
    });
    addEventListener('pageshow', () => { leaving = false; });

    /* What an earlier visit could not send, with the version it was typed over: what a colleague saved since then makes it
     * a conflict, not a loss. */
    try {
      for (const [key, entry] of JSON.parse(localStorage.getItem(store) || '[]')) {
        if (!field(`v:${key}`) || same(read(key), entry)) continue;
        write(key, entry);
        pending.set(key, entry);
      }
    } catch { localStorage.removeItem(store); }
    keep();
    send();
  }
})();
