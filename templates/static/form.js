/* The fields of a section's page: each change goes to the outbox, each reply of the server is shown. What colleagues change
 * comes the same way, by live.js; a field in which somebody types or that holds an entry not saved yet is never touched. */
anketa.form = (() => {
  'use strict';
  const form = document.getElementById('form');
  if (!form) return null;
  const { words, make, button, announce, outbox } = anketa;
  const FRESH_MS = 10000; /* how long a colleague's change is marked */
  const address = form.getAttribute('action');
  const saved = document.getElementById('saved');
  const version = form.elements.namedItem('form')?.value; /* of the questionnaire; none in a preview */
  const timers = new Map();
  const newer = new Map(); /* key -> answer of somebody else that waits until the field is free */
  let latest = null, postponed = false; /* what was shown last; whether something stays until the person is out of it */
  let goOn = null; /* what waits until everything is saved */
  let warned = false; /* the line below says that something does not work */
  let outdated = false; /* the questionnaire was corrected: what the server says now is of another page */
  let locked = !('editable' in form.dataset), forced = false;

  /* --- fields --- */

  const field = name => form.elements.namedItem(name);
  const all = name => { const f = field(name); return !f ? [] : f instanceof RadioNodeList ? [...f] : [f]; };
  const place = key => { const [q, row = ''] = key.split(':'); return form.querySelector(`[data-q="${q}"][data-row="${row}"]`); };
  const isChoice = input => input.type === 'radio' || input.type === 'checkbox';
  const ours = target => /^[as]:/.test(target?.name || '') && !('local' in target.dataset);
  const keyOf = target => target.name.slice(2);
  const titleOf = key => {
    const its = place(key);
    return (its?.querySelector('.q-text') || its?.querySelector('label, th [id^="t-"]'))?.textContent.trim().replace(/:$/, '') || key;
  };

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

  /* An entry as a person reads it. */
  function describe(key, entry) {
    const text = input => input.labels?.[0]?.textContent.trim() || input.getAttribute('aria-label') || input.value;
    const chosen = [...all(`a:${key}`), ...all(`s:${key}`)].filter(input =>
      isChoice(input) && (entry.values.includes(input.value) || entry.special === input.value));
    const typed = all(`a:${key}`).some(isChoice) ? [] : entry.values;
    return [...typed, ...chosen.map(text)].filter(Boolean).join('; ') || words.empty;
  }

  const isTyping = key => {
    const at = document.activeElement;
    return form.contains(at) && ours(at) && !isChoice(at) && keyOf(at) === key;
  };
  const isFree = key => !isTyping(key) && !outbox.find(address, key);

  function refocus(key) { (all(`a:${key}`).find(i => i.checked) || all(`a:${key}`)[0])?.focus(); }

  function say(text, kind) {
    const parts = [text].flat(), plain = parts.map(part => part.textContent ?? part).join('');
    if (saved.textContent !== plain) saved.replaceChildren(...parts); /* it is read out when it changes */
    saved.className = 'saved' + (kind ? ` ${kind}` : '');
  }

  /* --- saving --- */

  function change(key, wait, seen = field(`v:${key}`).value) {
    if (locked) return; /* a field that is closed while it has the focus says that it changed */
    const entry = read(key);
    unsent(key);
    outbox.put(address, key, { ...entry, seen, form: version, label: titleOf(key), text: describe(key, entry) }, wait > 0);
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(() => { timers.delete(key); outbox.typed(address, key); outbox.send(); }, wait));
  }

  /* Leaving waits for what is being saved, so that an entry never arrives behind its own page; but not for ever. */
  function leave(go) {
    for (const [key, timer] of timers) { clearTimeout(timer); outbox.typed(address, key); }
    timers.clear();
    goOn = go;
    setTimeout(() => { if (goOn === go && !form.querySelector('.conflict')) { goOn = null; forced = true; go(); } }, 4000);
    outbox.send();
  }

  function accept(reply, sent) {
    const refused = reply.entries.filter(entry => entry.result === 'refused' || entry.result === 'corrected').map(entry => entry.key);
    if (reply.form) hearVersion(reply.form);
    for (const entry of reply.entries) {
      const { key } = entry;
      if (refused.includes(key)) continue;
      if (entry.result === 'conflict') conflict(key, entry);
      else if (field(`v:${key}`)) {
        field(`v:${key}`).value = entry.version;
        if (newer.get(key)?.version <= entry.version) setNewer(key, null);
        place(key).classList.remove('fresh');
        stateLine(key, entry);
      }
    }
    if (!outdated) for (const key of refused) reply.problems[key] = [{ severity: 'error', label: words.error, message: words.refused }];
    if (!outdated) show(reply);
    const held = form.querySelector('.conflict'), go = goOn;
    if (held || outbox.isEmpty(address)) goOn = null;
    if (held && go) held.focus();
    if (!outbox.isEmpty(address)) return;
    say(held ? words.rivals : `${words.saved} ${reply.time}`, held ? 'bad' : 'good');
    if (!held) go?.();
  }

  /* The page stays as it is, so that nothing goes from under the hands of somebody who types; what is typed is saved as far as
   * its question is still there. */
  function hearVersion(now) {
    if (outdated || !version || String(now) === version) return;
    outdated = true;
    const again = button(words.correctedReload, () => leave(() => location.reload()));
    const note = make('div', { class: 'note note-warn', id: 'corrected', role: 'alert' }, make('p', {}, words.correctedPage), make('p', { class: 'actions' }, again));
    (document.querySelector('.form-body') || form).prepend(note);
    say([words.correctedPage, ' '], 'bad');
  }

  function unsent(key) {
    form.querySelector(`[data-state="${key}"]`)?.replaceChildren(words.unsaved);
    place(key)?.classList.add('unsent');
  }

  function stateLine(key, entry) {
    const line = form.querySelector(`[data-state="${key}"]`);
    if (!line) return;
    place(key)?.classList.remove('unsent');
    line.replaceChildren(entry.state || '');
    if (entry.history) line.append(' · ', make('a', { href: entry.history }, entry.history_text));
    line.classList.add('just');
    setTimeout(() => line.classList.remove('just'), 4000);
  }

  /* --- answers of somebody else --- */

  function setNewer(key, entry) {
    const line = form.querySelector(`[data-state="${key}"]`), old = form.querySelector(`[data-newer="${key}"]`);
    if (entry) newer.set(key, entry);
    else newer.delete(key);
    old?.remove();
    if (entry && !entry.mine)
      line?.before(make('p', { class: 'newer', 'data-newer': key }, `${words.newer} `, make('b', {}, describe(key, entry)), ` · ${entry.state}`));
  }

  /* True when it was taken over into the field. */
  function take(entry) {
    const { key } = entry, version = field(`v:${key}`);
    if (!version || entry.version <= Number(version.value)) return false;
    if (!isFree(key)) {
      if (newer.get(key)?.version !== entry.version) setNewer(key, entry);
      return false;
    }
    setNewer(key, null);
    write(key, entry);
    version.value = entry.version;
    stateLine(key, entry);
    if (!entry.mine) {
      place(key).classList.add('fresh');
      setTimeout(() => place(key)?.classList.remove('fresh'), FRESH_MS);
    }
    return true;
  }

  function takeWhatWaited() {
    for (const entry of [...newer.values()]) if (isFree(entry.key)) take(entry);
    if (postponed) show(latest);
  }

  /* What live.js has heard. */
  function update(changed) {
    if (outdated) return;
    const written = changed.entries.filter(take);
    show(changed);
    if (written.some(entry => entry.mine) && outbox.isEmpty(address)) say(`${words.saved} ${changed.time}`, 'good'); /* by another tab */
    const taken = written.filter(entry => !entry.mine && place(entry.key)?.offsetParent);
    const who = [...new Set(taken.map(entry => entry.who))].join(', ');
    const which = taken.slice(0, 3).map(entry => titleOf(entry.key)).join('; ');
    if (taken.length) announce(`${who}: ${words.newAnswers} ${which}${taken.length > 3 ? '; …' : ''}`);
  }

  /* --- what applies and what is wrong --- */

  function show(reply) {
    const hidden = new Set(reply.hidden), options = new Set(reply.hidden_options), containers = new Set(reply.hidden_containers);
    const appeared = [];
    latest = reply;
    postponed = false;
    for (const element of form.querySelectorAll('[data-q]')) {
      const key = element.dataset.q + (element.dataset.row ? `:${element.dataset.row}` : '');
      if (element.hidden && !hidden.has(key)) {
        element.classList.add('appeared');
        const text = element.querySelector('.q-text, label, th');
        if (text) appeared.push(text.textContent.trim());
      }
      hide(element, hidden.has(key), isTyping(key));
      showProblems(key, element, reply.problems[key] || []);
      for (const option of element.querySelectorAll('[data-option]')) option.hidden = options.has(`${key}:${option.dataset.option}`);
    }
    for (const element of form.querySelectorAll('[data-c]'))
      hide(element, containers.has(Number(element.dataset.c)), element.contains(document.activeElement));
    showTexts(reply);
    for (const [name, keys] of [['misfit', reply.misfits], ['changed', reply.changes]])
      for (const old of keys ? form.querySelectorAll(`[data-${name}]`) : []) if (!keys.includes(old.dataset[name])) old.remove();
    if (reply.rivals) showRivals(reply.rivals);
    document.dispatchEvent(new CustomEvent('anketa:state', { detail: reply })); /* for what other scripts show beside the answers */
    if (appeared.length) announce(`${words.appeared} ${appeared.slice(0, 3).join('; ')}`);
  }

  /* Nothing goes from under the hands of somebody who types in it. */
  function hide(element, away, inUse) {
    element.hidden = away && !inUse;
    postponed = postponed || (away && inUse);
  }

  function showTexts(reply) {
    const set = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
    for (const [key, value] of Object.entries(reply.calculated)) set(form.querySelector(`[data-calc="${key}"]`), value);
    for (const [id, text] of Object.entries(reply.rows)) set(form.querySelector(`[data-row-progress="${id}"]`), text);
    for (const [id, text] of Object.entries(reply.sections)) set(document.querySelector(`[data-section="${id}"] [data-progress]`), text);
  }

  function showProblems(key, element, list) {
    const box = form.querySelector(`[data-problems="${key}"]`);
    if (!box || box.querySelector('.conflict:not([data-rival])')) return;
    const wrong = list.some(problem => problem.severity === 'error');
    const before = box.textContent;
    const rival = box.querySelector('[data-rival]');
    box.replaceChildren(...list.map(problem =>
      make('p', { class: `problem problem-${problem.severity}` }, make('b', {}, problem.label), ` ${problem.message}`)), ...(rival ? [rival] : []));
    element.classList.toggle('has-error', wrong);
    for (const input of all(`a:${key}`)) {
      if (isChoice(input)) continue;
      if (wrong) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    }
    if (list.length && box.textContent !== before) announce(box.textContent);
  }

  /* --- two answers to one question --- */

  function box(attributes, heading, ...children) {
    return make('div', { class: 'conflict', role: 'group', tabindex: '-1', 'aria-label': heading, ...attributes },
      make('p', {}, make('b', {}, heading)), ...children);
  }

  /* The server keeps both: everybody who sees the question is asked. */
  function showRivals(rivals) {
    for (const old of form.querySelectorAll('[data-rival]')) if (!rivals[old.dataset.rival]) old.remove();
    for (const [key, values] of Object.entries(rivals)) {
      const old = form.querySelector(`[data-rival="${key}"]`), holder = form.querySelector(`[data-problems="${key}"]`);
      const now = JSON.stringify(values);
      if (!holder || old?.dataset.values === now) continue;
      const next = box({ 'data-rival': key, 'data-values': now }, words.rivals, make('ul', { class: 'rivals' }, ...values.map(value => rivalLine(key, value))));
      if (old) old.replaceWith(next);
      else holder.append(next);
      announce(`${titleOf(key)}: ${next.textContent}`);
    }
  }

  /* Like rivals.html. */
  function rivalLine(key, value) {
    const line = make('p', { class: 'meta' }, value.line);
    if (value.stored) line.append(' ', make('span', { class: 'tag' }, words.current));
    const item = make('li', {}, make('div', {}, make('p', { class: 'theirs' }, value.text), line));
    const choose = button(value.keep, () => settle(key, value.number, choose));
    if (!locked) item.append(choose);
    return item;
  }

  async function settle(key, number, pressed) {
    pressed.disabled = true;
    try {
      const reply = await anketa.post(address, new URLSearchParams({ csrf: anketa.csrf(), seen: field(`v:${key}`).value, do: `settle:${key}:${number}` }));
      if (!reply.ok) throw new Error(String(reply.status));
      outbox.drop(address, key);
      refocus(key);
      for (const entry of reply.json.entries) {
        setNewer(entry.key, null);
        write(entry.key, entry);
        field(`v:${entry.key}`).value = entry.version;
        stateLine(entry.key, entry);
      }
      show(reply.json);
      say(`${words.saved} ${reply.json.time}`, 'good');
    } catch {
      pressed.disabled = false;
      say(words.failed, 'bad');
    }
  }

  /* The server keeps what came too late (rivals); the field shows what is stored. */
  function conflict(key, entry) {
    if (field(`v:${key}`)) take({ ...entry, values: entry.theirs_values, special: entry.theirs_special });
  }

  /* --- the end --- */

  /* Nothing can be saved on this page any more; what was typed and not saved is shown above, to be copied. */
  function lock(text, reason, link) {
    if (locked) return;
    locked = true;
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    for (const control of form.querySelectorAll('[name^="a:"], [name^="s:"], [data-local]')) control.disabled = true;
    for (const tool of form.querySelectorAll('.bar button, .row-tools, .add-row, .clear, .conflict button')) tool.hidden = true;
    outbox.stickAll(address, reason);
    say(link ? [text, ' ', link] : text, 'bad');
    announce(text);
  }

  /* --- what people do --- */

  /* A special (not applicable, no data) and a value exclude each other; so does an exclusive option. */
  function exclude(target) {
    const key = keyOf(target);
    if (target.name[0] === 's' && target.checked) {
      for (const other of all(`s:${key}`)) if (other !== target) other.checked = false;
      for (const input of all(`a:${key}`)) { if (isChoice(input)) input.checked = false; else input.value = ''; }
    } else if (target.name[0] === 'a' && (target.checked || (!isChoice(target) && target.value !== ''))) {
      for (const special of all(`s:${key}`)) special.checked = false;
      if (target.type === 'checkbox')
        for (const other of all(`a:${key}`))
          if (other !== target && ('exclusive' in target.dataset || 'exclusive' in other.dataset)) other.checked = false;
    }
    return key;
  }

  function listen() {
    const resumed = document.querySelector('.resumed');
    form.addEventListener('input', () => resumed?.classList.remove('resumed'), { once: true });
    form.addEventListener('change', event => { if (ours(event.target)) change(exclude(event.target), 0); });
    form.addEventListener('input', event => {
      if (ours(event.target) && !isChoice(event.target)) change(exclude(event.target), event.target.inputMode ? 2500 : 1200);
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
      else if (ours(event.target)) change(exclude(event.target), 0);
    });
    form.addEventListener('focusout', () => setTimeout(() => { if (newer.size || postponed) takeWhatWaited(); }));
    form.addEventListener('submit', event => {
      if (outbox.isEmpty(address) || forced) return;
      event.preventDefault();
      leave(() => form.requestSubmit(event.submitter));
    });
    /* The outbox brings the answers; a field of an older moment among them would only stand against what a colleague saved. */
    form.addEventListener('formdata', event => {
      const waiting = new Set(outbox.keys(address).filter(key => !outbox.find(address, key).stuck));
      const pressed = String(event.formData.get('do') ?? '');
      for (const kind of ['take:', 'clear:']) if (pressed.startsWith(kind)) waiting.add(pressed.slice(kind.length));
      for (const name of [...event.formData.keys()]) if (/^[vas]:/.test(name) && !waiting.has(name.slice(2))) event.formData.delete(name);
    });
    document.addEventListener('click', event => {
      const link = event.target.closest?.('a[href]');
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && link?.target !== '_blank';
      if (!link || !plain || outbox.isEmpty(address) || locked || link.origin !== location.origin || link.getAttribute('href')[0] === '#') return;
      event.preventDefault();
      leave(() => { location.href = link.href; });
    });
  }

  /* What another tab of the same person does, and what the outbox says. */
  outbox.listen((event, ...rest) => {
    if (event === 'reply' && rest[0] === address) accept(rest[1], rest[2]);
    else if (event === 'elsewhere' && rest[0] === address && !locked) showElsewhere(rest[1]);
    else if (event === 'state') {
      const [state, sentence] = rest;
      if (locked) return;
      if (sentence) say(sentence, 'bad');
      else if (state === 'saving' && !outbox.isEmpty(address)) say(words.saving);
      else if (warned) say('');
      warned = Boolean(sentence);
    }
  });

  function showElsewhere(key) {
    const entry = outbox.find(address, key);
    if (entry && field(`v:${key}`) && !isTyping(key)) write(key, entry);
  }

  /* What an earlier visit could not send, with the version it was typed over: what a colleague saved since then makes it
   * a conflict, not a loss. */
  if (!locked) {
    for (const key of outbox.keys(address)) {
      if (outbox.find(address, key).stuck === 'conflict') outbox.drop(address, key); /* the server has it: the choice is on the page */
      else if (field(`v:${key}`)) {
        write(key, outbox.find(address, key));
        unsent(key);
      }
    }
    outbox.again(address);
    listen();
  }
  return { address, element: form, place, ours, keyOf, isFree, update, hearVersion, version, lock, isLocked: () => locked };
})();
