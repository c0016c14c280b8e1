/* Together: every few seconds the section's page says where its person is, and hears who else is there and what has
 * changed. Short questions and not a long wait: a browser opens six connections to a server and no more, so pages that
 * held one each would shut one another out. A page that nobody looks at asks nothing. */
(() => {
  'use strict';
  const { words, make, announce, outbox, form } = anketa;
  if (!form?.element.dataset.response) return;
  const OFTEN_MS = 3000, SELDOM_MS = 10000, LAST_WAIT_MS = 60000;
  const IDLE_MS = 60000; /* without doing anything, asks seldom */
  const AWAY_MS = 30 * 60000; /* and then is not there */
  const { response, section } = form.element.dataset;
  const base = `/r/${response}`, address = `${base}/live`;
  const tab = [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('');
  const device = !matchMedia('(pointer: coarse)').matches ? 'computer' : Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
  let { revision, talk } = form.element.dataset;
  let acted = performance.now(), called = acted; /* intervals are all that is ever measured */
  let together = false, timer = 0, failures = 0, asking = false, askAgain = false, over = false;

  const idle = () => performance.now() - acted;
  const away = () => document.hidden || idle() > AWAY_MS;

  function focusedKey() {
    const at = document.activeElement;
    return form.element.contains(at) && form.ours(at) ? form.keyOf(at) : '';
  }

  const fields = where => new URLSearchParams({ csrf: anketa.csrf(), tab, section: where, key: focusedKey(), rev: revision, talk, device,
    form: form.version, active: String(Math.round(Math.max(0, acted - called))) });

  /* --- asking --- */

  function plan(delay) {
    clearTimeout(timer);
    timer = 0;
    if (over || away()) return;
    const usual = together && idle() < IDLE_MS ? OFTEN_MS : SELDOM_MS;
    timer = setTimeout(ask, delay ?? Math.min(usual * 2 ** failures, LAST_WAIT_MS));
  }

  async function ask() {
    if (over || away()) return leave();
    if (asking) { askAgain = true; return; }
    clearTimeout(timer);
    asking = true;
    left = false;
    const body = fields(section);
    called = performance.now();
    try {
      const reply = await anketa.post(address, body);
      if (reply.ok) await hear(reply.json);
      else await refused(reply);
    } catch { failures++; }
    asking = false;
    plan(askAgain ? 0 : undefined);
    askAgain = false;
  }

  async function refused(reply) {
    failures++;
    if (reply.json.error === 'signin') { stop(); outbox.ended(); }
    else if (reply.json.error === 'csrf') { if (await outbox.renew()) askAgain = true; }
    else if (reply.status === 404 || reply.json.error === 'denied') { stop(); form.lock(words.gone, words.gone); }
  }

  function stop() {
    over = true;
    clearTimeout(timer);
    showPeople({ people: [], people_line: '' });
  }

  let left = true;
  function leave() {
    clearTimeout(timer);
    timer = 0;
    if (left || over) return;
    left = true;
    navigator.sendBeacon(address, fields(''));
  }

  async function hear(reply) {
    if (failures) outbox.tryNow();
    failures = 0;
    together = reply.people.some(person => !person.you);
    showPeople(reply);
    form.hearVersion(reply.form);
    if (reply.changed) {
      if (await rows(reply.changed)) form.update(reply.changed);
      else return; /* the page of the rows did not come; all of it once more */
    }
    for (const row of form.element.querySelectorAll('details.row.gone')) removeRow(row);
    revision = String(reply.revision);
    talk = String(reply.talk);
    status(reply.status);
  }

  /* Submitted, or the round is closed: what is typed here cannot be saved any more. Opened again: the page is made anew. */
  function status(now) {
    const { dataset } = form.element, shut = now !== 'started';
    const was = 'submitted' in dataset || 'roundClosed' in dataset;
    const receipt = () => make('a', { href: `${base}/receipt` }, words.receipt);
    if (now === 'closed' && !form.isLocked()) form.lock(words.closed, words.unsent);
    else if (shut && !form.isLocked()) form.lock(words.locked, words.unsent, receipt());
    else if (!shut && (was || dataset.closed)) location.reload();
    if (shut) dataset.closed = 'yes';
  }

  /* --- who is where --- */

  const initials = name => name.split(/\s+/).map(word => [...word][0] || '').slice(0, 2).join('').toLocaleUpperCase();

  let shownPeople = '';
  function showPeople(reply) {
    const others = reply.people.filter(person => !person.you), now = JSON.stringify(others);
    document.getElementById('people').textContent = reply.people_line;
    if (now === shownPeople) return;
    shownPeople = now;
    for (const old of document.querySelectorAll('.here, .writes')) old.remove();
    for (const person of others) {
      document.querySelector(`.sections [data-section="${CSS.escape(person.section)}"] [data-progress]`)?.before(
        make('span', { class: 'here', title: person.works },
          make('span', { 'aria-hidden': 'true' }, initials(person.name)), make('span', { class: 'quiet' }, person.works)));
      if (person.section === section && person.key) writesAt(person);
    }
  }

  function writesAt(person) {
    const line = form.element.querySelector(`[data-problems="${CSS.escape(person.key)}"]`);
    line?.before(make('p', { class: 'writes' }, person.writes));
  }

  /* --- rows that colleagues add, rename, remove --- */

  const rowOf = (id, from = document) => from.getElementById(`row-${id.replace(':', '-')}`);
  const labelOf = row => row.querySelector('.row-label').textContent;
  const idOf = row => row.querySelector('[data-row-progress]').dataset.rowProgress;

  /* False when the page they are on could not be had. */
  async function rows(changed) {
    const here = new Map([...form.element.querySelectorAll('details.row')].map(row => [idOf(row), row]));
    const labels = changed.row_labels;
    for (const [id, row] of here) if (!(id in labels)) removeRow(row);
    const fresh = Object.keys(labels).filter(id => !here.has(id) || labelOf(here.get(id)) !== labels[id]);
    if (!fresh.length) return true;
    try {
      const reply = await fetch(form.address, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      for (const id of fresh) if (rowOf(id, page)) takeRow(id, here.get(id), rowOf(id, page));
      return true;
    } catch { return false; }
  }

  function takeRow(id, old, row) {
    if (old) {
      old.querySelector('.row-label').textContent = labelOf(row);
      const tools = old.querySelector('.row-tools');
      if (tools && !tools.contains(document.activeElement)) tools.replaceWith(row.querySelector('.row-tools'));
      return;
    }
    const roster = document.getElementById(`roster-${id.split(':')[0]}`);
    const last = [...roster.querySelectorAll('details.row')].at(-1);
    roster.querySelector('.empty')?.remove();
    row.classList.add('fresh');
    const add = roster.querySelector('.add-row');
    if (last) last.after(row);
    else if (add) add.before(row);
    else roster.append(row);
    announce(`${words.rowAdded} ${labelOf(row)}`);
  }

  /* A row in which something is typed or not saved stays until that is settled. */
  function removeRow(row) {
    const text = `${words.rowRemoved} ${labelOf(row)}`;
    const used = [...row.querySelectorAll('[name^="v:"]')].some(version => !form.isFree(form.keyOf(version)));
    if (!row.classList.contains('gone')) announce(text);
    if (used && !row.classList.contains('gone')) row.querySelector('.row-body').prepend(make('p', { class: 'problem problem-warning' }, text));
    row.classList.add('gone');
    if (used) return;
    const roster = row.parentElement;
    row.remove();
    if (roster.querySelector('details.row')) return;
    (roster.querySelector('.add-row') || roster.lastElementChild).before(make('p', { class: 'empty' }, words.noRows));
  }

  /* --- when --- */

  function act() {
    const wasAway = idle() > AWAY_MS, wasIdle = idle() > IDLE_MS;
    acted = performance.now();
    if (wasAway || (wasIdle && together)) ask();
  }
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel', 'touchstart'])
    addEventListener(type, act, { passive: true, capture: true });
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : ask()));
  document.addEventListener('anketa:changed', () => ask());
  addEventListener('focus', () => ask());
  addEventListener('online', () => ask());
  addEventListener('pagehide', leave);
  addEventListener('pageshow', event => { if (event.persisted) ask(); });
  outbox.listen((event, where) => {
    const elsewhere = (event === 'saved' || event === 'elsewhere') && where.startsWith(`${base}/`);
    if (event === 'back') { over = false; failures = 0; ask(); }
    else if (elsewhere && !over && !document.hidden) plan(300);
  });
  ask();
})();
