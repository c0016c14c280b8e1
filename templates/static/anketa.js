/* What every page does beyond plain HTML, and what the other scripts share. The server decides what applies and what is
 * wrong, and gives the words. */
(() => {
  'use strict';
  document.documentElement.classList.add('js');

  const fold = document.querySelector('.sections-fold');
  const narrow = matchMedia('(max-width: 60rem)');
  const setFold = () => { if (fold) fold.open = !narrow.matches; };
  narrow.addEventListener('change', setFold);
  setFold();

  const problems = document.getElementById('problems');
  if (problems) problems.focus();

  const preview = document.querySelector('.preview');
  if (preview) watch(preview.dataset.revision);
  addEventListener('load', () => setTimeout(toTarget));
  document.querySelector('.ways [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

  /* A link to a question leads into its first control. After the page is there: the browser goes to the place itself and
   * takes the focus away in doing so. */
  function toTarget() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const control = target && !problems && target.querySelector('input:not([type=hidden]):not(:disabled), textarea:not(:disabled)');
    if (control && document.activeElement === document.body) control.focus();
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

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function button(text, press) {
    const element = make('button', { type: 'button', class: 'button' }, text);
    element.addEventListener('click', press);
    return element;
  }

  /* What comes at once is said together. */
  let said = [], saying = 0;
  function announce(text) {
    if (!said.includes(text)) said.push(text);
    clearTimeout(saying);
    saying = setTimeout(() => { document.getElementById('live').textContent = said.join(' '); said = []; }, 150);
  }

  /* "one=# entry|other=# entries" with the number in its form. */
  function plural(forms, number) {
    const wanted = new Intl.PluralRules(document.documentElement.lang).select(number);
    const all = Object.fromEntries(forms.split('|').map(form => [form.slice(0, form.indexOf('=')), form.slice(form.indexOf('=') + 1)]));
    return (all[wanted] ?? all.other).replace('#', String(number));
  }

  /* The reply to a change, as JSON; throws when there is none, as for a page that some proxy puts in its place. */
  async function post(address, body, options = {}) {
    const signal = AbortSignal.timeout?.(30000);
    const reply = await fetch(address, { method: 'POST', body, headers: { Accept: 'application/json' }, signal, ...options });
    if (!(reply.headers.get('Content-Type') || '').startsWith('application/json')) throw new Error(String(reply.status));
    return { ok: reply.ok, status: reply.status, json: await reply.json() };
  }

  window.anketa = {
    words: document.getElementById('words')?.dataset ?? {},
    csrf: () => document.querySelector('input[name=csrf]')?.value ?? '',
    make, button, announce, plural, post,
  };
})();
