// The whole self-assessment by keyboard alone: no pointer, nothing focused by the test, from the workplace to the receipt.
import { Site, test, equal, truth, violations } from './harness.mjs';
import { FIGURES } from './figures.mjs';

const site = await Site.start();
const page = await site.person('anna@example.org');

const press = async (key, times = 1) => { for (let i = 0; i < times; i++) await page.keyboard.press(key); };
const active = () => page.evaluate(() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const style = getComputedStyle(e), ring = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  return { tag: e.tagName, name: e.name || '', type: e.type || '', value: e.value || '', checked: !!e.checked, href: e.getAttribute('href') || '',
    text: e.textContent.trim().slice(0, 60), className: String(e.className), visible: box.width > 0 && box.height > 0, ring,
    described: (e.getAttribute('aria-describedby') || '').split(' ').filter(id => id && !document.getElementById(id)).join() };
});
const saved = () => page.waitForResponse(r => r.request().method() === 'POST' && /\/s\//.test(r.url()));

/** Goes on with Tab until the place is one that is wanted. */
async function reach(wanted, what, limit = 400) {
  for (let i = 0; i < limit; i++) {
    const at = await active();
    if (wanted(at)) return at;
    await press('Tab');
  }
  throw new Error(`cannot reach ${what}`);
}

const isContinue = at => at.name === 'do' && at.value === 'continue';
const isField = at => /^a:/.test(at.name);
const question = at => at.name.slice(2);

/** Answers the field that has the focus. */
async function answer(at) {
  const done = saved();
  if (at.type === 'radio' || at.type === 'checkbox') {
    await press('Space');
  } else {
    await page.keyboard.type(FIGURES[question(at)] || `Atbilde ${question(at)} āčē`);
    await press('Tab');
  }
  await done;
  await page.waitForFunction(() => document.getElementById('saved').className.includes('good'));
}

try {
  let invisible = [], dangling = [], count = 0;

  await test('the workplace leads into the form', async () => {
    await page.goto(`${site.url}/work`);
    await press('Tab');
    equal((await active()).className, 'skip', 'the skip link comes first');
    await press('Enter');
    await reach(at => /^\/r\/\d+\/s\/21006/.test(at.href), 'the first section');
    await press('Enter');
    await page.waitForURL(/\/s\/21006/);
  });

  await test('every question of all six sections is answered; the ring always shows where one is', async () => {
    for (let section = 0; section < 6; section++) {
      const url = page.url();
      const handled = new Set();
      for (;;) {
        const at = await reach(a => isContinue(a) || (isField(a) && !handled.has(question(a))), 'the next field');
        if (!at.visible || !at.ring) invisible.push(at.name);
        if (at.described) dangling.push(`${at.name}: ${at.described}`);
        if (isContinue(at)) break;
        handled.add(question(at));
        count++;
        await answer(at);
      }
      await press('Enter');
      await page.waitForURL(address => String(address) !== url);
    }
    truth(count >= 80, `${count} fields`);
    equal(invisible, [], 'each focused control is visible and has a ring');
    equal(dangling, [], 'each description is there');
    truth(/\/check$/.test(page.url()), 'the last section leads to the check');
  });

  await test('soft findings are explained and the form is submitted', async () => {
    for (let i = 0; i < 40; i++) {
      const open = await page.evaluate(() => document.querySelectorAll('.confirm-entry').length);
      if (!open) break;
      await reach(at => at.tag === 'TEXTAREA', 'an explanation');
      await page.keyboard.type('Pārbaudīts.');
      await reach(at => at.tag === 'BUTTON' && at.name === 'do', 'its button');
      const loaded = page.waitForNavigation();
      await press('Enter');
      await loaded;
    }
    equal(await violations(page), [], 'axe');
    await reach(at => at.tag === 'BUTTON' && /Iesniegt anketu/.test(at.text), 'the button that submits');
    await press('Enter');
    await page.waitForURL(/receipt/);
  });
} finally {
  await site.stop();
}
