/* A question's page in a dialog over the form, so that nobody loses their place, and what colleagues say beside the
 * answers. Without this file the links lead to the page itself. */
(() => {
  'use strict';
  const form = document.getElementById('form');
  const told = document.getElementById('question-words');
  if (!form || !told || typeof HTMLDialogElement === 'undefined') return;
  const words = told.dataset;
  let dialog = null, opener = null, address = '', restored = false;

  /* --- beside the answers --- */

  function say(element, talk) {
    const flag = element.querySelector('.talk-flag'), notes = element.querySelector('.talk-notes');
    flag.hidden = !talk.flag;
    const query = element.querySelector('.talk-query');
    query.textContent = talk.query_text || words.ask;
    query.className = `talk-query query-${talk.query || 'none'}`;
    query.hidden = !query.textContent;
    if (!notes) return;
    notes.textContent = talk.notes ? talk.notes_text : words.note;
    notes.hidden = !talk.notes && form.dataset.editable === undefined;
  }

  /* The reply to a save or a poll: what is not in it has nothing. */
  document.addEventListener('anketa:state', event => {
    const talk = event.detail && event.detail.talk;
    if (!talk) return;
    for (const element of form.querySelectorAll('[data-talk]')) say(element, talk[element.dataset.talk] || {});
  });

  /* --- the dialog --- */

  const isQuestion = link => link.origin === location.origin && /^\/r\/\d+\/h\//.test(link.pathname);

  document.addEventListener('click', event => {
    const link = event.target.closest?.('#form a[href]');
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || !isQuestion(link)) return;
    event.preventDefault();
    event.stopPropagation(); /* nobody leaves the page */
    open(link);
  }, true);

  async function open(link) {
    opener = link;
    restored = false;
    try {
      const reply = await fetch(link.href, { headers: { Accept: 'text/html' } });
      const page = part(await reply.text());
      if (!page) throw new Error(String(reply.status));
      make();
      address = new URL(reply.url).pathname + new URL(link.href).search;
      show(page, link.hash);
      dialog.showModal();
      for (const field of fields()) field.value = draft(field.name) || field.value;
      (first(link.hash) || dialog.querySelector('.dialog-bar button')).focus();
      scroll(link.hash);
    } catch {
      location.href = link.href; /* the page itself says what is the matter */
    }
  }

  function make() {
    if (dialog) return;
    dialog = document.createElement('dialog');
    dialog.className = 'question-dialog';
    const bar = document.createElement('div'), close = document.createElement('button');
    bar.className = 'dialog-bar';
    close.type = 'button';
    close.className = 'button';
    close.textContent = words.close;
    close.addEventListener('click', () => dialog.close());
    bar.append(close);
    dialog.append(bar);
    document.body.append(dialog);
    dialog.addEventListener('close', closed);
    dialog.addEventListener('submit', send);
    dialog.addEventListener('input', event => { if (event.target.name) keep(event.target.name, event.target.value); });
    dialog.addEventListener('click', event => {
      if (event.target === dialog) dialog.close(); /* beside it */
    });
  }

  /* What belongs into the dialog, null when the reply is another page. */
  function part(html) {
    return new DOMParser().parseFromString(html, 'text/html').getElementById('question-page');
  }

  const page = () => dialog.querySelector('.question-page');
  const fields = () => [...dialog.querySelectorAll('textarea[name]')];
  const field = name => fields().find(one => one.name === name);

  /* Where a link to the notes or the queries begins to be typed: the first form of that part. */
  function first(hash) {
    if (hash === '#notes') return field('note');
    return hash === '#queries' ? fields().find(one => one.name !== 'note') : null;
  }

  function show(fresh) {
    page()?.remove();
    fresh.querySelector('h1').id = 'question-title';
    dialog.setAttribute('aria-labelledby', 'question-title');
    dialog.append(document.adoptNode(fresh));
    const beside = form.querySelector(`[data-talk="${CSS.escape(fresh.dataset.key)}"]`);
    const notes = Number(fresh.dataset.notes);
    if (beside) say(beside, { notes, notes_text: fresh.dataset.notesText, flag: fresh.dataset.flag !== undefined,
      query: fresh.dataset.query, query_text: fresh.dataset.queryText });
  }

  function scroll(hash) {
    if (hash.length > 1) page().querySelector(`#${CSS.escape(hash.slice(1))}`)?.scrollIntoView();
  }

  async function send(event) {
    event.preventDefault();
    const its = event.target, body = new URLSearchParams(new FormData(its));
    const pressed = event.submitter?.name ? event.submitter.value : '';
    if (pressed) body.append(event.submitter.name, pressed);
    if (dialog.hasAttribute('aria-busy')) return;
    dialog.setAttribute('aria-busy', 'true');
    try {
      const reply = await fetch(its.getAttribute('action'), { method: 'POST', body, headers: { Accept: 'text/html' } });
      const html = await reply.text(), fresh = part(html);
      if (fresh) done(fresh, pressed, reply.ok);
      else complain(reply.ok ? words.ended : errorText(html) || words.failed);
    } catch {
      complain(words.failed);
    }
    dialog.removeAttribute('aria-busy');
  }

  /* The name of the text that a button sends. */
  const textOf = pressed => (pressed === 'note' ? 'note' : pressed === 'ask' ? 'text' : `text:${pressed.split(':')[1]}`);

  function done(fresh, pressed, good) {
    const typed = new Map(fields().map(one => [one.name, one.value])), sent = textOf(pressed);
    if (good) keep(sent, '');
    show(fresh);
    for (const one of fields()) if (one.name !== sent && typed.get(one.name)) one.value = typed.get(one.name);
    if (good && pressed.startsWith('restore')) {
      restored = true;
      document.dispatchEvent(new CustomEvent('anketa:changed', { detail: { key: fresh.dataset.key } }));
    }
    const message = page().querySelector('.error-summary, .note');
    if (message) { message.tabIndex = -1; message.focus(); }
    if (!good) field(sent)?.focus();
  }

  function complain(text) {
    page().querySelector('.error-summary')?.remove();
    const box = document.createElement('div'), heading = document.createElement('h2');
    box.className = 'error-summary';
    box.tabIndex = -1;
    box.setAttribute('role', 'alert');
    heading.textContent = text;
    box.append(heading);
    page().querySelector('h1').after(box);
    box.focus();
  }

  function errorText(html) {
    return new DOMParser().parseFromString(html, 'text/html').querySelector('main .lead')?.textContent;
  }

  /* A text that was not sent yet is there again when the dialog is, also after the page was loaded anew. */
  const place = name => `anketa ${name} ${form.dataset.person} ${address}`;
  function keep(name, text) {
    try {
      if (text) sessionStorage.setItem(place(name), text);
      else sessionStorage.removeItem(place(name));
    } catch { /* no storage: it lives as long as the dialog */ }
  }
  function draft(name) {
    try { return sessionStorage.getItem(place(name)) || ''; } catch { return ''; }
  }

  /* Focus goes back to where it was. When an answer was restored and the form does not have it (yet), the page is loaded
   * anew at its place; what is not sent is kept in the browser. */
  function closed() {
    const { key, version } = page().dataset;
    const seen = form.elements.namedItem(`v:${key}`);
    const link = opener.isConnected ? opener : form.querySelector(`[data-talk="${CSS.escape(key)}"] a:not([hidden])`);
    page().remove();
    link?.focus();
    if (!restored || !seen || seen.value === version) return;
    history.replaceState(null, '', `${location.pathname}${location.search}#q-${key}`);
    location.reload();
  }
})();
