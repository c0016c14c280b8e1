// A contact's desk in Chromium: what waits before and after, search, the next unanswered question by keyboard alone, own
// details with mistakes; each page and state at three widths with axe-core. SHOTS=folder keeps the screenshots.
import { Site, anketa, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();
const SIZES = [['wide', 1280, 900], ['phone', 360, 740], ['small', 320, 640]];

/** axe is asked at the two ends; dark: in the dark scheme, too (the colours are the same in every language). */
async function look(page, name, { problems = 0, dark = false } = {}) {
  await test(`${name}: axe, 1280, 360 and 320 px, console`, async () => {
    for (const [size, width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(60);
      equal(await fits(page), true, `${size} fits`);
      if (size === 'small') equal(await violations(page), [], 'axe, small');
      else await shot(page, `desk-${name}-${size}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    equal(await violations(page), [], 'axe, wide');
    if (dark) await page.emulateMedia({ colorScheme: 'dark' });
    if (dark) equal(await violations(page), [], 'axe, dark');
    await page.emulateMedia({ colorScheme: 'light' });
    equal(page.problems.splice(0).length, problems, 'console');
  });
}

/** Presses Tab until what has the focus matches. */
async function reach(page, selector) {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(s => document.activeElement.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`cannot reach ${selector}`);
}

/** The target of the address, by its id, once the keyboard is in it: at once, or with the first Tab. */
async function keyboardIn(page) {
  const inside = () => page.evaluate(() => document.activeElement.closest(':target')?.id);
  await page.waitForTimeout(100);
  if (!(await inside())) await page.keyboard.press('Tab');
  return inside();
}

const nameOfFocus = async page => { await keyboardIn(page); return page.evaluate(() => document.activeElement.name); };
const waits = page => page.locator('.wait').evaluateAll(list => list.map(li => li.className.replace('wait wait-', '')));

try {
  const anna = await site.person('anna@example.org');
  const id = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
  const section = name => `${site.url}/r/${id}/s/${name}`;
  const type = async (question, text) => {
    const done = anna.waitForResponse(reply => reply.request().method() === 'POST');
    await anna.locator(`[name="a:${question}"]`).fill(text);
    await anna.locator(`[name="a:${question}"]`).blur();
    await done;
  };

  await test('a fresh workplace says where to begin, and the button leads there', async () => {
    equal(await waits(anna), ['begin', 'begin'], 'both questionnaires wait');
    await anna.locator('.next-box .button').click();
    await anna.waitForURL(new RegExp(`/r/${id}/s/21006`));
    await anna.goto(`${site.url}/work`);
  });
  await look(anna, 'work-new');

  await test('by keyboard alone: to the next unanswered question and into its field, then to the one after it', async () => {
    await anna.goto(section('21001'));
    await anna.evaluate(() => document.body.focus());
    await reach(anna, '.bar .next-link');
    await anna.keyboard.press('Enter');
    await anna.waitForURL(/at=/);
    const first = await keyboardIn(anna);
    truth(first?.startsWith('q-'), `in a field: ${first}`);
    equal(new URL(anna.url()).hash, `#${first}`, 'the field of the address');
    await reach(anna, '.bar .next-link');
    await anna.keyboard.press('Enter');
    await anna.waitForURL(url => url.hash !== `#${first}` && url.searchParams.has('at'));
    const second = await keyboardIn(anna);
    truth(second?.startsWith('q-') && second !== first, `on to the next: ${second}`);
    equal(await violations(anna), [], 'axe');
  });

  await test('an answer that is typed is saved before the link is followed', async () => {
    await anna.goto(section('21006'));
    await anna.locator('[name="a:V00J"]').fill('250');
    await anna.locator('.bar .next-link').click();
    await anna.waitForURL(/at=/);
    equal(await keyboardIn(anna), 'q-V01', 'the answered question is passed over');
    equal(await anna.locator('[name="a:V00J"]').inputValue(), '250', 'and its answer is there');
  });

  await anna.goto(section('21006'));
  await type('V01', 'trīs');
  await type('ACHIEVEMENTS_DESC', 'Ieviests jauns portāls <b>\nOtrā rinda');
  await anna.goto(`${site.url}/work`);
  await test('the workplace leads to the wrong entry itself', async () => {
    equal(await waits(anna), ['answer', 'wrong', 'begin'], 'what waits');
    await anna.locator('.wait-wrong a').click();
    await anna.waitForURL(/#q-V01/);
    equal(await nameOfFocus(anna), 'a:V01', 'the field has the focus');
    await anna.goto(`${site.url}/work`);
  });
  await look(anna, 'work-started');

  anketa('round', 'load', 'questionnaires/e-index-2017', '--data', site.data, '--opens', '2016-11-01', '--deadline', '2017-12-06');
  await anna.goto(`${site.url}/work`);
  await test('a deadline that is over waits, too', async () => {
    truth((await anna.locator('.next').textContent()).startsWith('Termiņš bija pirms'), 'in the first line');
    equal((await waits(anna)).at(-1), 'deadline', 'in the list');
  });
  await look(anna, 'work-late', { dark: true });
  anketa('round', 'load', 'questionnaires/e-index-2017', '--data', site.data, '--opens', '2016-11-01', '--deadline', '2099-12-06');

  await test('a search from the workplace, and from a section, leads to the field', async () => {
    await anna.goto(`${site.url}/work`);
    await anna.locator(`#find-${id}`).fill('SLODZU lietvediba');
    await anna.keyboard.press('Enter');
    await anna.waitForURL(/\/find\?q=/);
    equal(await anna.locator('.found-name a').first().locator('.q-id').textContent(), 'V01', 'the best comes first');
    equal(await anna.locator('.found mark').allTextContents().then(all => all.slice(0, 2)), ['Slodžu', 'lietvedībā'], 'marked');
    truth((await anna.locator('.found li').first().textContent()).includes('trīs'), 'with its present answer');
    await anna.locator('.found-name a').first().click();
    await anna.waitForURL(/#q-V01/);
    equal(await nameOfFocus(anna), 'a:V01', 'the focus is in the field');
    await anna.locator('.sections input[type=search]').fill('F00');
    await anna.locator('.sections .find button').click();
    await anna.waitForURL(/\/find\?q=F00/);
    equal(await anna.locator('.found-name .q-id').first().textContent(), 'F00', 'by its id');
  });
  await anna.goto(`${site.url}/r/${id}/find?q=klientu+apkalpo%C5%A1ana`);
  await look(anna, 'find', { dark: true });
  await anna.goto(`${site.url}/r/${id}/find?q=${encodeURIComponent('<script>alert(1)</script> zirgs')}`);
  await look(anna, 'find-none');
  await anna.goto(`${site.url}/r/${id}/find`);
  await look(anna, 'find-empty');
  await anna.goto(`${site.url}/r/${id}/find?q=${'x'.repeat(500)}`);
  await look(anna, 'find-long');

  await anna.goto(`${site.url}/history`);
  await look(anna, 'history', { dark: true });

  await anna.goto(`${site.url}/account`);
  await look(anna, 'account');
  await test('mistakes in own details are told at the field; what was typed stays', async () => {
    await anna.locator('#name').fill('');
    await anna.locator('#phone').fill('zvaniet man');
    await anna.locator('#notify-notes').uncheck();
    await anna.getByRole('button', { name: 'Saglabāt', exact: true }).click();
    await anna.locator('.error-summary').waitFor();
    equal(await anna.evaluate(() => document.activeElement.id), 'problems', 'the summary has the focus');
    equal(await anna.locator('#phone').inputValue(), 'zvaniet man', 'as it was typed');
    equal(await anna.locator('#notify-notes').isChecked(), false, 'what was unticked');
    await anna.locator('.error-summary a[href="#phone"]').click();
    equal(await anna.evaluate(() => document.activeElement.id), 'phone', 'its link leads to the field');
  });
  await look(anna, 'account-wrong', { problems: 1, dark: true });
  await test('own details are changed, and a colleague sees the new name', async () => {
    await anna.locator('#name').fill('Anna Kalna');
    await anna.locator('#phone').fill('+371 67 000 001');
    await anna.getByRole('button', { name: 'Saglabāt', exact: true }).click();
    await anna.waitForURL(/saved=1/);
    const janis = await site.person('janis@example.org');
    await janis.goto(section('21006'));
    truth((await janis.locator('[data-state="V00J"]').textContent()).includes('Anna Kalna'), 'beside the answer');
  });
  await look(anna, 'account-saved');

  for (const [language, words] of [['en', 'to the deadline'], ['ru', 'До срока']]) {
    await anna.goto(`${site.url}/work`);
    await anna.locator(`.languages button[value=${language}]`).click();
    await anna.locator(`html[lang=${language}]`).waitFor();
    await test(`the deadline in ${language}`, async () =>
      truth((await anna.locator('.next').textContent()).includes(words), await anna.locator('.next').textContent()));
    await look(anna, `work-${language}`);
    for (const [name, path] of [['account', '/account'], ['find', `/r/${id}/find?q=anketa`]]) {
      await anna.goto(site.url + path);
      await look(anna, `${name}-${language}`);
    }
  }

  await test('without JavaScript: search, the next unanswered question, own details', async () => {
    const plain = await site.person('zane@example.org', { javaScriptEnabled: false });
    const own = (await plain.locator('.tasks a').first().getAttribute('href')).split('/')[2];
    await plain.locator(`#find-${own}`).fill('darbinieku skaits');
    await plain.locator(`form:has(#find-${own}) button`).click();
    equal(await plain.locator('.found-name .q-id').first().textContent(), 'V00J', 'found');
    await plain.goto(`${site.url}/r/${own}/s/21006`);
    await plain.locator('.bar .next-link').click();
    await plain.waitForURL(/at=V00J#q-V00J/);
    await plain.goto(`${site.url}/account`);
    await plain.locator('#phone').fill('12345');
    await plain.getByRole('button', { name: 'Saglabāt', exact: true }).click();
    truth(await plain.locator('.note-ok').isVisible(), 'saved');
    await plain.getByRole('button', { name: 'Iziet visās ierīcēs' }).click();
    await plain.goto(`${site.url}/work`);
    truth(plain.url().includes('/?next='), 'signed out');
  });

  const liga = await site.person('liga@example.org');
  await look(liga, 'expert');
} finally {
  await site.stop();
}
