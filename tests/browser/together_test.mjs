// Two and three people in one response at once: who is where, what the others change, and what is never touched.
import { Site, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();
const LONG = { timeout: 30000 };
let anna, janis, base;

const field = (page, id) => page.locator(`[name="a:${id}"]`);
const option = (page, id, code) => page.locator(`[name="a:${id}"][value="${code}"]`);
const open = (page, section) => page.goto(`${site.url}${base}/s/${section}`);
const value = (page, id, expected) => page.waitForFunction(([name, text]) => document.querySelector(`[name="${name}"]`).value === text, [`a:${id}`, expected], LONG);
const hasText = (page, selector, text) => page.locator(selector, { hasText: text }).first().waitFor(LONG);

/** Types into a field, leaves it, and waits until it is saved. */
async function enter(page, id, text) {
  const done = page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/s/'));
  await field(page, id).fill(text);
  await field(page, id).blur();
  await done;
  await page.locator('#saved.good').waitFor(LONG);
}

async function tick(page, id, code, on = true) {
  const done = page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/s/'));
  await option(page, id, code).setChecked(on);
  await done;
}

/** What the page's live region says from now on. */
function listen(page) {
  return page.evaluate(() => {
    window.heard = [];
    new MutationObserver(() => window.heard.push(document.getElementById('live').textContent)).observe(document.getElementById('live'), { childList: true, characterData: true, subtree: true });
  });
}

try {
  anna = await site.person('anna@example.org');
  janis = await site.person('janis@example.org');
  base = `/r/${(await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2]}`;

  await test('who works where is said above the form, in the navigation and at the question', async () => {
    await open(anna, '21006');
    equal(await anna.locator('#people').textContent(), '', 'alone at first');
    await open(janis, '21001');
    await hasText(anna, '#people', 'Tagad šeit strādā: Jānis Kalniņš (2. sadaļa)');
    equal(await anna.locator('[data-section="21001"] .here [aria-hidden]').textContent(), 'JK', 'initials');
    equal(await anna.locator('[data-section="21001"] .here .quiet').textContent(), 'Šeit strādā Jānis Kalniņš', 'for screen readers');
    await hasText(janis, '#people', 'Anna Bērziņa (1. sadaļa)');
    await open(janis, '21006');
    await field(janis, 'V01').focus();
    await hasText(anna, '#q-V01 .writes', 'Jānis Kalniņš raksta šeit');
    await hasText(anna, '#people', 'Jānis Kalniņš (šajā sadaļā)');
    for (const colorScheme of ['dark', 'light']) {
      await anna.emulateMedia({ colorScheme });
      await shot(anna, `together-wide-${colorScheme}`);
      equal(await violations(anna), [], `axe, ${colorScheme}`);
    }
    await anna.setViewportSize({ width: 360, height: 740 });
    truth(await fits(anna), 'fits a phone');
    await shot(anna, 'together-phone');
    await anna.setViewportSize({ width: 1280, height: 900 });
  });

  await test('without JavaScript the page says who was there when it was made', async () => {
    const plain = await site.person('anna@example.org', { javaScriptEnabled: false });
    await open(plain, '21001');
    equal(await plain.locator('#people').textContent(), 'Tagad šeit strādā: Jānis Kalniņš (1. sadaļa)', 'in words');
    await plain.context().close();
  });

  await test('a colleague who hides or leaves the page is gone at once', async () => {
    await janis.goto(`${site.url}/accessibility`);
    await anna.waitForFunction(() => document.getElementById('people').textContent === '', null, LONG);
    equal(await anna.locator('.here, .writes').count(), 0, 'no traces');
    await open(janis, '21006');
    await hasText(anna, '#people', 'Jānis Kalniņš');
  });

  await test('what a colleague answers appears in the open page, marked, with time and name, and is read out', async () => {
    await listen(anna);
    await enter(janis, 'V01', '7,5');
    await tick(janis, 'F00', 1);
    await value(anna, 'V01', '7,5');
    await anna.waitForFunction(() => document.querySelector('[name="a:F00"][value="1"]').checked, null, LONG);
    truth((await anna.locator('[data-state="V01"]').textContent()).includes('Jānis Kalniņš'), 'who');
    equal(await anna.locator('.fresh').count() > 0, true, 'marked');
    await anna.waitForFunction(() => window.heard.some(text => text.startsWith('Jānis Kalniņš: jaunas atbildes:')), null, LONG);
    equal(await violations(anna), [], 'axe with a fresh answer');
    await shot(anna, 'together-fresh-wide');
  });

  await test('the next save does not conflict with what came from a colleague', async () => {
    await enter(anna, 'V01', '8');
    equal(await anna.locator('.conflict').count(), 0, 'no conflict');
    await value(janis, 'V01', '8');
  });

  await test("a colleague's filter shows and hides, with problems, calculated values and progress", async () => {
    await open(anna, '21001');
    await open(janis, '21001');
    truth(await anna.locator('[data-q="K13M_NOTES"]').isHidden(), 'hidden at first');
    const before = await anna.locator('[data-section="21001"] [data-progress]').textContent();
    await tick(janis, 'K13M', 99);
    await anna.locator('[data-q="K13M_NOTES"]').waitFor({ state: 'visible', ...LONG });
    await anna.waitForFunction(text => document.querySelector('[data-section="21001"] [data-progress]').textContent !== text, before, LONG);
    await field(anna, 'K13M_NOTES').focus();
    await anna.keyboard.type('Rakst');
    await tick(janis, 'K13M', 99, false);
    await tick(janis, 'K13M', 1);
    await anna.waitForFunction(() => document.querySelector('[name="a:K13M"][value="1"]').checked, null, LONG);
    truth(await anna.locator('[data-q="K13M_NOTES"]').isVisible(), 'not from under her hands');
    await anna.keyboard.type('īts');
    equal(await field(anna, 'K13M_NOTES').inputValue(), 'Rakstīts', 'typing goes on');
    await field(anna, 'K13M_NOTES').blur();
    await anna.locator('[data-q="K13M_NOTES"]').waitFor({ state: 'hidden', ...LONG });
    await tick(janis, 'K13M', 99);
    await anna.locator('[data-q="K13M_NOTES"]').waitFor({ state: 'visible', ...LONG });
    await value(janis, 'K13M_NOTES', 'Rakstīts');
  });

  await test('a field in which somebody types is never overwritten; the newer answer stands beside it', async () => {
    await open(anna, '21006');
    await open(janis, '21006');
    await field(anna, 'NOTES_DESC').focus();
    await enter(janis, 'NOTES_DESC', 'Jāņa teksts');
    await hasText(anna, '.newer', 'Jāņa teksts');
    truth((await anna.locator('.newer').textContent()).includes('Jānis Kalniņš'), 'by whom');
    equal(await field(anna, 'NOTES_DESC').inputValue(), '', 'the field is as it was');
    equal(await violations(anna), [], 'axe with a newer answer');
    await shot(anna, 'together-newer-wide');
    await field(anna, 'NOTES_DESC').blur();
    await value(anna, 'NOTES_DESC', 'Jāņa teksts');
    equal(await anna.locator('.newer').count(), 0, 'taken over when nothing was typed');
  });

  await test('two different answers to one question are a conflict that is settled by choosing', async () => {
    await anna.context().setOffline(true);
    await field(anna, 'V03A').first().scrollIntoViewIfNeeded();
    await field(anna, 'NOTES_DESC').fill('Annas teksts');
    await field(anna, 'NOTES_DESC').blur();
    await anna.locator('#saved.bad').waitFor(LONG);
    await enter(janis, 'NOTES_DESC', 'Jāņa otrais teksts');
    await anna.context().setOffline(false);
    const conflict = anna.locator('#q-NOTES_DESC .conflict');
    await conflict.waitFor(LONG);
    const text = await conflict.textContent();
    truth(text.includes('Annas teksts') && text.includes('Jāņa otrais teksts'), text);
    equal(await field(anna, 'NOTES_DESC').inputValue(), 'Jāņa otrais teksts', 'the field shows what is stored');
    equal(await violations(anna), [], 'axe with a conflict');
    await conflict.getByRole('button', { name: 'Paturēt: Annas teksts' }).click();
    await anna.locator('#saved.good').waitFor(LONG);
    await value(janis, 'NOTES_DESC', 'Annas teksts');
  });

  await test('a conflict the server keeps is shown on both pages and one press settles it on both', async () => {
    const rivals = { V03: [{ number: 0, line: 'Anna Bērziņa · 10:32', text: '7,5', keep: 'Paturēt: 7,5', values: ['7,5'], special: '', mine: false, stored: true },
      { number: 1, line: 'Jānis Kalniņš · 10:33', text: '6', keep: 'Paturēt: 6', values: ['6'], special: '', mine: true, stored: false }] };
    let open_ = true, pressed = '';
    for (const page of [anna, janis]) {
      await page.route('**/live', async route => {
        const reply = await route.fetch(), json = await reply.json();
        if (json.changed) json.changed.rivals = open_ ? rivals : {};
        await route.fulfill({ response: reply, json });
      });
      await page.route('**/s/21006', async route => {
        if (route.request().method() !== 'POST') return route.continue();
        const body = new URLSearchParams(route.request().postData());
        pressed = body.get('do') || '';
        if (pressed.startsWith('settle:')) open_ = false;
        const reply = await route.fetch(), json = await reply.json();
        json.rivals = open_ ? rivals : {};
        if (pressed.startsWith('settle:')) json.entries = [{ key: 'V03', version: 9, result: 'saved', values: ['6'], special: '', state: 'Saglabāts: 10:34 · Jānis Kalniņš' }];
        await route.fulfill({ response: reply, json });
      });
    }
    await tick(janis, 'V03A', 1);
    for (const page of [anna, janis]) {
      await page.locator('#q-V03 [data-rival]').waitFor(LONG);
      const box = page.getByRole('group', { name: /dažādas atbildes/ });
      truth((await box.textContent()).includes('Anna Bērziņa · 10:32') && (await box.textContent()).includes('6'), 'both values');
      equal(await box.getByRole('button').count(), 2, 'a button for each');
      equal(await violations(page), [], 'axe');
    }
    await anna.emulateMedia({ colorScheme: 'dark' });
    equal(await violations(anna), [], 'axe, dark');
    await anna.emulateMedia({ colorScheme: 'light' });
    await shot(anna, 'together-rivals-wide');
    await anna.setViewportSize({ width: 360, height: 740 });
    truth(await fits(anna), 'fits a phone');
    await shot(anna, 'together-rivals-phone');
    await anna.setViewportSize({ width: 1280, height: 900 });
    await janis.getByRole('button', { name: 'Paturēt: 6' }).click();
    await janis.locator('#q-V03 [data-rival]').waitFor({ state: 'detached', ...LONG });
    equal([pressed, await field(janis, 'V03').inputValue()], ['settle:V03:1', '6'], 'settled');
    await enter(janis, 'V00J', '55'); // so that there is something new for Anna to hear
    await anna.locator('#q-V03 [data-rival]').waitFor({ state: 'detached', ...LONG });
    for (const page of [anna, janis]) await page.unrouteAll({ behavior: 'wait' });
  });

  await test('rows that a colleague adds, renames and removes come and go while somebody types', async () => {
    await open(anna, '21005');
    await open(janis, '21005');
    await field(anna, 'D21').fill('12');
    await janis.locator('[name="add:systems"]').fill('Lietvedība');
    await janis.getByRole('button', { name: 'Pievienot', exact: true }).click();
    await hasText(anna, '.row-label', 'Lietvedība');
    equal(await anna.locator('.roster .empty').count(), 0, 'the list is not empty any more');
    await janis.locator('summary', { hasText: 'Mainīt nosaukumu' }).click();
    await janis.locator('[name="rename:systems:r1"]').fill('Lietvedības sistēma');
    await janis.locator('button[value="rename:systems:r1"]').click();
    await hasText(anna, '.row-label', 'Lietvedības sistēma');
    await option(anna, 'P1011:r1', 1).check();
    await janis.waitForFunction(() => document.querySelector('[name="a:P1011:r1"][value="1"]').checked, null, LONG);
    await janis.locator('summary', { hasText: 'Noņemt' }).click();
    await janis.getByRole('button', { name: 'Jā, noņemt' }).click();
    await anna.locator('.row').waitFor({ state: 'detached', ...LONG });
    await hasText(anna, '.roster .empty', 'Pagaidām nav neviena');
    equal(await field(anna, 'D21').inputValue(), '12', 'what was typed is there');
    equal(await violations(anna), [], 'axe');
  });

  await test('three people, and one of them twice, are three', async () => {
    const extra = await anna.context().newPage();
    await open(extra, '21005');
    const ilze = await site.person('ilze@example.org');
    await open(ilze, '21005');
    await hasText(ilze, '#people', 'Anna Bērziņa (šajā sadaļā), Jānis Kalniņš (šajā sadaļā)');
    truth(await field(ilze, 'D21').isDisabled(), 'a coordinator reads');
    await enter(janis, 'D22', '33');
    await value(ilze, 'D22', '33');
    await value(extra, 'D22', '33');
    await extra.close();
    await ilze.context().close();
  });

  await test('when a colleague submits, the page says so, closes its fields and keeps what was typed', async () => {
    const done = anna.waitForResponse(r => r.url().endsWith('/live'));
    await open(anna, '21006');
    await done;
    await anna.route('**/s/21006', route => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    await field(anna, 'ACHIEVEMENTS_DESC').fill('Nepaspēja');
    await anna.route('**/live', async route => {
      const reply = await route.fetch(), json = await reply.json();
      await route.fulfill({ response: reply, json: { ...json, status: 'submitted' } });
    });
    await hasText(anna, '#saved', 'Anketa ir iesniegta');
    truth(await field(anna, 'V01').isDisabled(), 'closed');
    equal(await anna.locator('#saved a').getAttribute('href'), `${base}/receipt`, 'a way to the receipt');
    const note = anna.locator('#outbox .note');
    truth((await note.textContent()).includes('Nepaspēja'), 'what was typed can be read');
    await anna.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await note.getByRole('button', { name: 'Kopēt' }).click();
    await hasText(anna, '#outbox .button', 'Nokopēts');
    truth((await anna.evaluate(() => navigator.clipboard.readText())).includes('Nepaspēja'), 'and copied');
    equal(await violations(anna), [], 'axe when closed');
    await shot(anna, 'together-closed-wide');
    await note.getByRole('button', { name: 'Dzēst' }).click();
    equal(await anna.locator('#outbox').count(), 0, 'gone when told to');
    await anna.unrouteAll({ behavior: 'ignoreErrors' });
    await anna.waitForFunction(() => document.querySelector('[name="a:V01"]') && !document.querySelector('[name="a:V01"]').disabled, null, LONG);
  });

  await test('the console stayed clean', async () => {
    const known = /ERR_INTERNET_DISCONNECTED|ERR_FAILED/; // the tests' own interruptions
    equal([...anna.problems, ...janis.problems].filter(text => !known.test(text)), [], 'console');
  });
} finally {
  await site.stop();
}
