/* Entries that the server has not acknowledged. Each is an item of the browser's storage under the person, the address it
 * goes to and its field; so tabs do not overwrite each other's, another person at this computer has none of them, and any
 * page of the program sends them, also at a later visit.
 *
 * An entry that was sent and not acknowledged may have arrived. What is typed after it waits behind it: it is sent again
 * first (a second arrival changes nothing), and the next one goes with the version that it got. So nobody ever stands in
 * conflict with themselves. Nothing here asks what time it is. */
anketa.outbox = (() => {
  'use strict';
  const { words, make, button, announce, plural } = anketa;
  const FIRST_WAIT = 3000, LAST_WAIT = 60000, FOREIGN_WAIT = 5000;
  const BATCH_CHARACTERS = 400000; /* of entries in one request, well under what the server takes */
  const person = document.body.dataset.person;
  const prefix = `anketa ${person} `;
  const entries = new Map(); /* name -> { number, seen, form, values, special, label, text, sent, stuck, reason } */
  const typing = new Set(); /* names that are still being typed */
  const unkept = new Set(); /* names that the storage did not take */
  const listeners = [];
  const channel = person !== '0' && window.BroadcastChannel ? new BroadcastChannel(prefix) : null;
  let state = ''; /* '', saving, failed, ended, other */
  let wait = FIRST_WAIT, timer = 0, busy = false, leaving = false, blocked = false;

  const nameOf = (address, key) => `${prefix}${address} ${key}`;
  const addressOf = name => name.slice(prefix.length).split(' ')[0];
  const keyOf = name => name.slice(prefix.length).split(' ')[1];
  const same = (a, b) => a.special === b.special && a.values.join('\n') === b.values.join('\n');
  const byNumber = (a, b) => entries.get(a).number - entries.get(b).number;
  const names = address => [...entries.keys()].filter(name => !address || addressOf(name) === address).sort(byNumber);
  const tell = (...event) => listeners.forEach(listener => listener(...event));

  /* --- the storage --- */

  function keep(name) {
    const entry = entries.get(name);
    unkept.delete(name);
    if (person === '0') return;
    try {
      if (entry) localStorage.setItem(name, JSON.stringify(entry));
      else localStorage.removeItem(name);
    } catch {
      if (!entry) return;
      unkept.add(name);
      try { localStorage.removeItem(name); } catch { /* blocked altogether */ }
    }
  }

  function remember(name, text) {
    try {
      const entry = JSON.parse(text);
      if (Array.isArray(entry.values) && keyOf(name)) entries.set(name, entry);
    } catch { /* not ours to read */ }
  }

  function load() {
    if (person === '0') return;
    try {
      for (const name of entries.keys()) if (!unkept.has(name)) entries.delete(name);
      for (let i = 0; i < localStorage.length; i++) {
        const name = localStorage.key(i);
        if (name.startsWith(prefix)) remember(name, localStorage.getItem(name));
      }
    } catch { /* blocked */ }
  }

  addEventListener('storage', event => {
    if (event.key === null) load();
    else if (!event.key.startsWith(prefix) || typing.has(event.key)) return;
    else if (event.newValue !== null) remember(event.key, event.newValue);
    else entries.delete(event.key);
    if (event.key !== null) tell('elsewhere', addressOf(event.key), keyOf(event.key));
    later(FOREIGN_WAIT); /* the page it was typed in is the first to send it */
    show();
  });

  /* --- what a section's page does with it --- */

  /* entry: seen, form (the questionnaire's version), values, special, label, text. What waits already keeps its place and the version it was typed over. */
  function put(address, key, entry, stillTyping) {
    const name = nameOf(address, key), old = entries.get(name);
    const last = Math.max(0, ...[...entries.values()].map(other => other.number || 0));
    entries.set(name, { ...entry, number: old ? old.number : last + 1, seen: old ? old.seen : entry.seen, sent: old?.sent });
    if (stillTyping) typing.add(name);
    else typing.delete(name);
    keep(name);
    show();
  }

  function typed(address, key) { typing.delete(nameOf(address, key)); }

  function drop(address, key) {
    const name = nameOf(address, key);
    entries.delete(name);
    typing.delete(name);
    keep(name);
    show();
  }

  /* Whatever stopped them, they are tried once more. */
  function again(address) {
    for (const name of names(address)) {
      const entry = entries.get(name);
      delete entry.stuck;
      keep(name);
    }
  }

  function stick(name, stuck, reason) {
    Object.assign(entries.get(name), { stuck, reason, sent: undefined });
    keep(name);
  }

  function stickAll(address, reason) {
    for (const name of names(address)) {
      typing.delete(name);
      stick(name, 'lost', reason);
    }
    show();
  }

  /* --- sending --- */

  const ready = () => names().filter(name => !typing.has(name) && !entries.get(name).stuck);

  /* Entries of one address, in order, not too much at once; those of this page before the others. */
  function batches() {
    const here = document.getElementById('form')?.getAttribute('action');
    const all = [], last = new Map();
    for (const name of ready()) {
      const size = JSON.stringify(entries.get(name)).length, address = addressOf(name);
      let batch = last.get(address);
      if (!batch || batch.size + size > BATCH_CHARACTERS) {
        batch = { address, names: [], size: 0 };
        all.push(batch);
        last.set(address, batch);
      }
      batch.names.push(name);
      batch.size += size;
    }
    return all.sort((a, b) => (b.address === here) - (a.address === here));
  }

  function bodyOf(sent) {
    const body = new URLSearchParams({ csrf: anketa.csrf() });
    for (const [name, what] of sent) {
      const key = keyOf(name);
      body.append(`v:${key}`, entries.get(name).seen);
      if (entries.get(name).form) body.append(`f:${key}`, entries.get(name).form);
      for (const value of what.values) body.append(`a:${key}`, value);
      body.append(`s:${key}`, what.special);
    }
    return body;
  }

  async function sendBatch(batch) {
    const sent = new Map();
    for (const name of batch.names) {
      const entry = entries.get(name);
      if (!entry) continue;
      entry.sent ??= { values: entry.values, special: entry.special };
      sent.set(name, entry.sent);
      keep(name);
    }
    if (!sent.size) return true;
    const reply = await anketa.post(batch.address, bodyOf(sent), { keepalive: leaving });
    if (reply.ok) return accept(batch.address, reply.json, sent);
    return refuse(batch.address, reply, sent);
  }

  function accept(address, reply, sent) {
    const results = new Map(reply.entries.map(result => [nameOf(address, result.key), result]));
    for (const [name, what] of sent) {
      const result = results.get(name), entry = entries.get(name);
      if (result && entry) settle(name, entry, what, result);
    }
    channel?.postMessage({ saved: address });
    tell('reply', address, reply, sent);
    return [...sent.keys()].every(name => results.has(name));
  }

  function settle(name, entry, what, result) {
    const last = same(entry, what); /* nothing was typed after it */
    const stored = result.result === 'saved' || result.result === 'invalid';
    entry.sent = undefined;
    if (stored) entry.seen = String(result.version);
    const chosenHere = result.result === 'conflict' && addressOf(name) === document.getElementById('form')?.getAttribute('action');
    if (last && (stored || chosenHere)) entries.delete(name); /* the server keeps a conflict's values; its page asks to choose */
    else if (last) stick(name, result.result, result.result === 'corrected' ? words.corrected : words.lost);
    keep(name);
  }

  /* True when it makes sense to try again at once. */
  async function refuse(address, reply, sent) {
    const { error, message } = reply.json;
    if (!error) throw new Error('not an answer of ours');
    if (error === 'signin') throw Object.assign(new Error(error), { state: 'ended' });
    if (error === 'csrf' && (await renew())) return true;
    if (error === 'csrf' || reply.status >= 500 || reply.status === 408 || reply.status === 429) throw new Error(message);
    const reason = error === 'locked' ? words.unsent : error === 'not_found' || error === 'denied' ? words.gone : words.lost;
    for (const name of sent.keys()) if (entries.has(name)) stick(name, 'lost', reason);
    tell('refused', address, reply);
    return true;
  }

  async function sendAll() {
    let failure = null;
    for (const batch of batches()) {
      try {
        if (!(await sendBatch(batch))) failure = new Error('an entry was not answered');
      } catch (problem) {
        failure = problem;
        if (problem.state) break; /* nobody is signed in */
      }
    }
    if (failure) throw failure;
  }

  /* One tab at a time sends, where the browser can see to that. */
  const alone = run => (navigator.locks && !leaving ? navigator.locks.request(prefix, run) : run());

  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (busy || !ready().length) return show();
    busy = true;
    if (state !== 'ended' && state !== 'other') state = 'saving';
    show();
    try {
      if (state !== 'saving' && !(await renew())) throw Object.assign(new Error(state), { state });
      await alone(sendAll);
      state = '';
      wait = FIRST_WAIT;
    } catch (problem) {
      state = problem.state || 'failed';
      later(wait);
      wait = Math.min(2 * wait, LAST_WAIT);
    }
    busy = false;
    show();
    if (!state && ready().length) send();
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  /* Something says that it may work now. */
  function tryNow() {
    if (!busy && (ready().length || state === 'ended' || state === 'other')) revive();
  }

  async function revive() {
    if (state !== 'ended' && state !== 'other') return send();
    if (await renew()) {
      state = '';
      tell('back');
      send();
    }
    show();
  }

  /* Who is signed in now? Takes over the token of the session; false when it is nobody or somebody else. */
  async function renew() {
    try {
      const reply = await fetch(location.href, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const token = page.querySelector('input[name=csrf]')?.value;
      const now = page.body.dataset.person;
      if (now !== undefined && now !== person) {
        state = now === '0' ? 'ended' : 'other';
        show();
      }
      if (!token || now !== person || (token === anketa.csrf() && state !== 'ended' && state !== 'other')) return false;
      for (const input of document.querySelectorAll('input[name=csrf]')) input.value = token;
      return true;
    } catch { return false; }
  }

  function ended() {
    if (state === 'ended' || state === 'other') return;
    state = 'ended';
    show();
  }

  /* --- what the page says --- */

  function signIn() {
    return make('a', { href: `/?next=${encodeURIComponent(location.pathname)}`, target: '_blank' }, words.signIn);
  }

  /* The state in words, with what can be done about it; nothing when all is well. */
  function sentence() {
    const waiting = ready().length + typing.size;
    if (state === 'ended') return [words.ended, ' ', signIn()];
    if (state === 'other') return [words.other];
    const inWords = unkept.size ? words.unkept : navigator.onLine ? words.failed : words.offline;
    if (state === 'failed' && waiting) return [inWords, ' ', plural(words.waiting, waiting)];
    return null;
  }

  function line(name) {
    const entry = entries.get(name), address = addressOf(name);
    return make('li', {}, make('a', { href: `${address}#q-${keyOf(name)}` }, entry.label || keyOf(name)),
      ...(entry.stuck === 'conflict' ? [] : [': ', make('span', { class: 'kept' }, entry.text || entry.values.join('; '))]));
  }

  /* Entries that will not be sent as they are, with a way to take them elsewhere. */
  function stuckNote(reason, list) {
    const note = make('div', { class: 'note note-warn' }, make('p', {}, reason), make('ul', {}, ...list.map(line)));
    if (entries.get(list[0]).stuck === 'conflict') return note;
    const copy = button(words.copy, async () => {
      const text = list.map(name => `${entries.get(name)?.label || keyOf(name)}: ${entries.get(name)?.text ?? ''}`).join('\n');
      try {
        await navigator.clipboard.writeText(text);
      } catch { /* only over https */
        getSelection().selectAllChildren(note.querySelector('ul'));
        document.execCommand('copy');
      }
      copy.textContent = words.copied;
      announce(words.copied);
    });
    const forget = button(words.drop, () => { for (const name of list) drop(addressOf(name), keyOf(name)); });
    note.append(make('p', { class: 'actions' }, copy, forget));
    return note;
  }

  function stuckNotes(here) {
    const groups = new Map();
    for (const name of names()) {
      const entry = entries.get(name), conflict = entry.stuck === 'conflict';
      if (!entry.stuck || (conflict && addressOf(name) === here)) continue;
      const reason = conflict ? words.settle : entry.reason;
      groups.set(reason, [...(groups.get(reason) || []), name]);
    }
    return [...groups].map(([reason, list]) => stuckNote(reason, list));
  }

  function place(notes) {
    const texts = notes.map(note => note.querySelector('p').textContent);
    const body = document.querySelector('.form-body') || document.getElementById('main').firstElementChild;
    body.prepend(make('section', { id: 'outbox', class: 'outbox', 'aria-label': texts[0] }, ...notes));
    announce(texts.join(' '));
  }

  let shown = '';
  function show() {
    const saved = document.getElementById('saved');
    const here = document.getElementById('form')?.getAttribute('action');
    const said = sentence();
    const notes = stuckNotes(here);
    const check = checkNote(said);
    if (check) notes.unshift(check);
    else if (!saved && said) notes.unshift(make('div', { class: 'note note-warn' }, make('p', {}, ...said)));
    const html = notes.map(note => note.outerHTML).join('');
    if (html !== shown) {
      shown = html;
      document.getElementById('outbox')?.remove();
      if (notes.length) place(notes);
    }
    tell('state', state, said);
  }

  /* Nobody submits while something of the response waits here. Then the page is made anew, unless something was typed. */
  function checkNote(said) {
    const check = document.querySelector('.check');
    if (!check) return null;
    const submit = check.querySelector('form.submit');
    const own = names().some(name => name.startsWith(`${prefix}/r/${check.dataset.response}/`));
    if (submit) submit.hidden = own || blocked;
    if (own) {
      blocked = true;
      return make('div', { class: 'note note-warn' }, make('p', {}, words.waitingCheck, ' ', ...(said || [])));
    }
    if (!blocked) return null;
    if ([...check.querySelectorAll('textarea')].some(area => area.value !== area.defaultValue))
      return make('div', { class: 'note' }, make('p', {}, make('a', { href: location.href }, words.reload)));
    location.reload();
    return null;
  }

  addEventListener('online', tryNow);
  addEventListener('focus', tryNow);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) tryNow(); });
  addEventListener('pageshow', event => {
    leaving = false;
    if (event.persisted) load();
    tryNow();
  });
  addEventListener('pagehide', () => {
    leaving = true;
    busy = false;
    typing.clear();
    send();
  });
  addEventListener('beforeunload', event => { if (unkept.size) event.preventDefault(); });
  channel?.addEventListener('message', event => {
    if (event.data.saved) tell('saved', event.data.saved);
    if (event.data.here) tryNow();
  });

  load();
  channel?.postMessage({ here: true });
  addEventListener('DOMContentLoaded', () => { show(); send(); });

  return {
    put, typed, drop, again, stickAll, send, renew, ended, tryNow,
    find: (address, key) => entries.get(nameOf(address, key)),
    keys: address => names(address).map(keyOf),
    isEmpty: address => names(address).every(name => entries.get(name).stuck), /* nothing is on its way */
    listen: listener => listeners.push(listener),
  };
})();
