/* Last round's answers beside the fields: what the server says of them after each save. */
(() => {
  'use strict';
  const live = document.getElementById('live');
  document.addEventListener('anketa:state', event => {
    const { prior, prior_all: all } = event.detail;
    if (!prior) return;
    const news = [];
    for (const box of document.querySelectorAll('[data-prior]')) {
      const now = prior[box.dataset.prior];
      if (!now) continue;
      const mark = box.querySelector('[data-prior-mark]'), take = box.querySelector('.take');
      const figure = mark.querySelector('span');
      box.querySelector('[data-prior-same]').hidden = !now.same;
      const same = figure.textContent === now.mark;
      figure.textContent = now.mark;
      mark.hidden = !now.mark;
      if (now.mark && !same) news.push(mark.textContent.trim());
      if (take) take.hidden = !now.take;
    }
    /* Behind what the page itself has to say of the same reply. */
    if (live && news.length) setTimeout(() => { live.textContent = `${live.textContent} ${news.join('; ')}`.trim(); }, 400);
    const fold = document.querySelector('[data-prior-all]');
    if (!fold) return;
    fold.hidden = !all;
    if (all) fold.querySelector('summary').textContent = all;
  });
})();
