// For everyone: what a screen reader gets, 400 % zoom, print, forced colours, reduced motion, three languages.
import { Site, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();
const anna = await site.person('anna@example.org');
const response = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
const section = id => `${site.url}/r/${response}/s/${id}`;
const SECTIONS = ['21006', '21001', '21002', '21003', '21004', '21005'];
const saved = page => page.waitForResponse(r => r.request().method() === 'POST' && /\/s\//.test(r.url()));

async function choose(page, id, code) {
  const done = saved(page);
  await page.locator(`[name="a:${id}"][value="${code}"]`).check();
  await done;
}

/** The accessibility tree as assistive technology gets it: a list of {role, name}. */
async function tree(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.filter(n => !n.ignored).map(n => ({ role: n.role?.value, name: n.name?.value || '' }));
}

try {
  await anna.goto(section('21005'));
  for (const [id, code] of [['V11M', 1], ['D10', 1]]) await choose(anna, id, code);
  await anna.locator('[name="a:V12M_1"]').first().waitFor();

  await test('a matrix: every cell says its question and its answer, rows and columns have headers', async () => {
    const nodes = await tree(anna);
    const rows = await anna.locator('.matrix tbody tr:visible').evaluateAll(list => list.map(tr =>
      ({ text: tr.querySelector('[id^="t-"]').textContent.trim(), cells: tr.querySelectorAll('input:not([type=hidden])').length })));
    truth(rows.length > 3, 'a matrix is shown');
    for (const row of rows) {
      const cells = nodes.filter(n => ['radio', 'checkbox'].includes(n.role) && n.name.startsWith(`${row.text}: `));
      const same = rows.filter(r => r.text === row.text).reduce((sum, r) => sum + r.cells, 0);
      equal(cells.length, same, `cells of "${row.text}"`);
      truth(nodes.some(n => n.role === 'rowheader' && n.name.includes(row.text)), `row header "${row.text}"`);
    }
    truth(nodes.filter(n => n.role === 'columnheader' && n.name).length >= rows[0].cells, 'column headers');
  });

  await test('a matrix on a phone is a stack of groups with the answers in words', async () => {
    await anna.setViewportSize({ width: 320, height: 640 });
    truth(await fits(anna), 'fits 320 px');
    const cell = anna.locator('.matrix td label').first();
    const text = await cell.locator('.cell-text').boundingBox();
    truth(text.width > 20, 'the answer is written beside its mark');
    truth((await cell.boundingBox()).height >= 44, 'and big enough to touch');
    await anna.setViewportSize({ width: 1280, height: 900 });
  });

  await test('a question that appears is announced, a wrong entry too, and a save is said once', async () => {
    await anna.goto(section('21001'));
    await choose(anna, 'P1001_YN', 2);
    await choose(anna, 'P1001_YN', 1);
    await anna.waitForFunction(() => document.getElementById('live').textContent.length > 20);
    equal(await anna.locator('#live').getAttribute('aria-live'), 'polite', 'politely');
    equal(await anna.locator('#saved').getAttribute('role'), 'status', 'the saved line is a live region');
    await anna.goto(section('21006'));
    const done = saved(anna);
    await anna.locator('[name="a:V00J"]').fill('daudz');
    await anna.locator('[name="a:V00J"]').blur();
    await done;
    await anna.waitForFunction(() => /Jālabo/.test(document.getElementById('live').textContent));
    equal(await anna.locator('[name="a:V00J"]').getAttribute('aria-invalid'), 'true', 'marked as wrong');
    const described = await anna.locator('[name="a:V00J"]').getAttribute('aria-describedby');
    truth(described.split(' ').includes('p-V00J'), 'and described by the message');
  });

  await test('at 400 % of 1280 px (320 px) every section, the workplace and the check fit and pass axe', async () => {
    await anna.setViewportSize({ width: 320, height: 256 });
    for (const path of [...SECTIONS.map(section), `${site.url}/work`, `${site.url}/r/${response}/check`]) {
      await anna.goto(path);
      truth(await fits(anna), path);
      equal(await violations(anna), [], path);
    }
    await anna.setViewportSize({ width: 1280, height: 900 });
  });

  await test('with text spacing of WCAG 1.4.12 nothing is cut off', async () => {
    await anna.setViewportSize({ width: 360, height: 740 });
    await anna.goto(section('21001'));
    await anna.evaluate(() => {
      for (const e of document.querySelectorAll('*'))
        e.style.cssText += ';line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important';
    });
    truth(await fits(anna), 'fits');
    const cut = await anna.evaluate(() => [...document.querySelectorAll('button, .button, .tag, label, th, a')]
      .filter(e => e.offsetParent && getComputedStyle(e).overflow === 'hidden' && e.scrollWidth > e.clientWidth + 1 && !e.closest('.quiet') && !e.closest('thead'))
      .map(e => e.textContent.trim()));
    equal(cut, [], 'no text is cut');
    await anna.setViewportSize({ width: 1280, height: 900 });
  });

  await test('forced colours: what is chosen and where the focus is can be told', async () => {
    await anna.emulateMedia({ forcedColors: 'active' });
    await anna.goto(section('21001'));
    await anna.locator('[name="a:P1001_YN"][value="1"]').focus();
    const ring = await anna.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    equal(ring, 'solid', 'focus');
    const chosen = await anna.locator('[name="a:P1001_YN"]:checked + label').evaluate(e => getComputedStyle(e).outlineStyle);
    equal(chosen, 'solid', 'chosen');
    const edge = current => anna.locator(`.sections li a${current ? '[aria-current]' : ':not([aria-current])'}`).first().evaluate(e => getComputedStyle(e).borderLeftColor);
    truth(await edge(true) !== await edge(false), 'the current section has an edge of its own');
    await shot(anna, 'forced-colours');
    await anna.emulateMedia({ forcedColors: 'none' });
  });

  await test('reduced motion: nothing moves', async () => {
    await anna.emulateMedia({ reducedMotion: 'reduce' });
    await anna.goto(section('21001'));
    const moving = await anna.evaluate(() => [...document.querySelectorAll('*')].filter(e => {
      const style = getComputedStyle(e);
      return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0 || style.scrollBehavior === 'smooth';
    }).map(e => e.className));
    equal(moving, [], 'no animation');
    await anna.emulateMedia({ reducedMotion: 'no-preference' });
  });

  await test('on paper: questions and answers without the machinery', async () => {
    await anna.emulateMedia({ media: 'print' });
    for (const selector of ['.sections', '.bar', '.frame-foot', '.who'])
      truth(await anna.locator(selector).first().isHidden(), `${selector} is not printed`);
    truth(await anna.locator('[data-q="P1001_YN"]').isVisible(), 'questions are');
    await anna.setViewportSize({ width: 700, height: 990 });
    await shot(anna, 'print');
    await anna.setViewportSize({ width: 1280, height: 900 });
    await anna.emulateMedia({ media: 'screen' });
  });

  await test('in each language the page says so, and figures, times and plurals are of that language', async () => {
    const words = { lv: /atlicis atbildēt uz \d+ no \d+ jautājum(iem|a)|jautājum/, en: /questions?/, ru: /вопрос(а|ов)?/ };
    for (const language of ['en', 'ru', 'lv']) {
      await anna.goto(`${site.url}/work`);
      await anna.locator(`.languages button[value=${language}]`).click();
      await anna.waitForFunction(l => document.documentElement.lang === l, language);
      truth(words[language].test(await anna.locator('.next').textContent()), language);
      equal(await violations(anna), [], language);
    }
  });
  equal(anna.problems, [], 'the console is clean');
} finally {
  await site.stop();
}
