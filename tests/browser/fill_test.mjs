// The whole self-assessment, filled by two people at once in two browsers, checked, submitted, and exported.
import { Site, test, equal, truth, violations, fits, shot, anketa } from './harness.mjs';
import { FIGURES } from './figures.mjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SECTIONS = ['21006', '21001', '21002', '21003', '21004', '21005'];

const site = await Site.start();
const form = JSON.parse(anketa('form', 'dump', 'questionnaires/e-index-2017/self-assessment.yaml'));
const type = Object.fromEntries(form.sections.flatMap(s => s.questions.map(q => [q.id, q])));
const expected = {};

const idle = page => page.waitForFunction(() => /Saglabāts/.test(document.getElementById('saved').textContent)
  && !/Saglabā…/.test(document.getElementById('saved').textContent));

/** Answers one visible question and waits until it is saved. */
async function answer(page, id) {
  const question = type[id];
  const saved = page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/s/'));
  if (question.type === 'select_one') {
    const code = question.options[0].code;
    await page.locator(`[name="a:${id}"][value="${code}"]`).check();
    expected[id] = String(code);
  } else if (question.type === 'select_multiple') {
    const codes = question.options.map(o => o.code).slice(-2);
    await page.locator(`[name="a:${id}"][value="${codes[0]}"]`).check();
    await saved;
    await idle(page);
    const again = page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/s/'));
    await page.locator(`[name="a:${id}"][value="${codes[1]}"]`).check();
    expected[id] = codes;
    await again;
    await idle(page);
    return;
  } else {
    const text = FIGURES[id] || `Atbilde uz ${id}: āčēģīķļņšūž`;
    await page.locator(`[name="a:${id}"]`).fill(text);
    await page.locator(`[name="a:${id}"]`).blur();
    expected[id] = text;
  }
  await saved;
  await idle(page);
}

/** Goes down the page until nothing visible is unanswered; questions appear as it goes. */
async function fill(page, response, section) {
  await page.goto(`${site.url}/r/${response}/s/${section}`);
  const done = new Set();
  for (;;) {
    const ids = await page.locator('[data-q]:not([hidden])').evaluateAll(list =>
      list.filter(e => !e.closest('[hidden]') && !e.dataset.row && !e.classList.contains('q-calc')).map(e => e.dataset.q));
    const next = ids.find(id => !done.has(id));
    if (!next) break;
    done.add(next);
    await answer(page, next);
  }
  await idle(page);
  return done;
}

let anna, janis, late, response;
const asked = new Set();

try {
  await test('two people of one institution sign in with their links', async () => {
    anna = await site.person('anna@example.org');
    janis = await site.person('janis@example.org');
    response = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
    truth((await anna.locator('.next').textContent()).startsWith('Līdz'), 'the first line says what to do');
    equal(await janis.locator('.tasks a').first().getAttribute('href'), `/r/${response}/s/21006`, 'same response');
  });

  await test('they fill all six sections at the same time, every change saved at once', async () => {
    const halves = [[anna, ['21006', '21002', '21004']], [janis, ['21001', '21003', '21005']]];
    await Promise.all(halves.map(async ([page, sections]) => {
      for (const section of sections) for (const id of await fill(page, response, section)) asked.add(id);
    }));
    truth(asked.has('K13M_NOTES') && asked.has('P1030_NOTES_LINK') && asked.has('V12M_3'), 'filtered questions appeared');
    equal(anna.problems.concat(janis.problems), [], 'the console is clean');
  });

  await test('a filter switched off hides and a filter switched on brings the answer back', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21001`);
    const notes = anna.locator('[data-q="K13M_NOTES"]');
    truth(await notes.isVisible(), 'shown at first');
    await anna.locator('[name="a:K13M"][value="99"]').uncheck();
    await notes.waitFor({ state: 'hidden' });
    await anna.locator('[name="a:K13M"][value="99"]').check();
    await notes.waitFor({ state: 'visible' });
    equal(await anna.locator('[name="a:K13M_NOTES"]').inputValue(), expected.K13M_NOTES, 'the answer is back');
  });

  await test('a wrong number stays in its field with a message and is there after a reload', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21006`);
    await anna.locator('[name="a:V00J"]').fill('divi simti');
    await anna.locator('[name="a:V00J"]').blur();
    await anna.locator('#q-V00J .problem-error').waitFor();
    equal(await anna.locator('[name="a:V00J"]').inputValue(), 'divi simti', 'kept in the field');
    await anna.reload();
    equal(await anna.locator('[name="a:V00J"]').inputValue(), 'divi simti', 'kept after a reload');
    truth(await anna.locator('#q-V00J .problem-error').isVisible(), 'message is there');
    equal(await violations(anna), [], 'axe with an error shown');
    await anna.locator('[name="a:V00J"]').fill('1 234');
    await anna.locator('[name="a:V00J"]').blur();
    await anna.locator('#q-V00J .problem-error').waitFor({ state: 'detached' });
  });

  await test('two people change the same answer: both values are shown and one choice settles it', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21006`);
    await janis.goto(`${site.url}/r/${response}/s/21006`);
    await janis.locator('[name="a:V01"]').fill('7,5');
    await janis.locator('[name="a:V01"]').blur();
    await idle(janis);
    await anna.locator('[name="a:V01"]').fill('6');
    await anna.locator('[name="a:V01"]').blur();
    const conflict = anna.locator('#q-V01 .conflict');
    await conflict.waitFor();
    const text = await conflict.textContent();
    truth(text.includes('7,5') && text.includes('6') && text.includes('Jānis Kalniņš'), `both values: ${text}`);
    equal(await violations(anna), [], 'axe with a conflict shown');
    await shot(anna, 'conflict-wide');
    await anna.getByRole('button', { name: 'Paturēt: 6' }).click();
    await idle(anna);
    await janis.reload();
    equal(await janis.locator('[name="a:V01"]').inputValue(), '6', 'the choice is stored');
    await anna.locator('[name="a:V01"]').fill('5,5');
    await anna.locator('[name="a:V01"]').blur();
    await idle(anna);
  });

  await test('the history of an answer shows who changed it', async () => {
    await anna.goto(`${site.url}/r/${response}/h/V01`);
    const rows = await anna.locator('tbody tr').allTextContents();
    truth(rows.length >= 4 && rows[1].includes('6') && rows.some(r => r.includes('Jānis')), rows.join('|'));
  });

  await test('what could not be sent waits in the browser and is sent after a reload', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21006`);
    await anna.context().setOffline(true);
    await anna.locator('[name="a:NOTES_DESC"]').fill('Rakstīts bez savienojuma');
    await anna.locator('[name="a:NOTES_DESC"]').blur();
    await anna.locator('#saved.bad').waitFor();
    await anna.context().setOffline(false);
    await anna.reload();
    await idle(anna);
    await janis.goto(`${site.url}/r/${response}/s/21006`);
    equal(await janis.locator('[name="a:NOTES_DESC"]').inputValue(), 'Rakstīts bez savienojuma', 'arrived');
  });

  await test('an entry kept by the browser does not overwrite what a colleague saved since', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21006`);
    await anna.context().setOffline(true);
    await anna.locator('[name="a:V03"]').fill('77');
    await anna.locator('[name="a:V03"]').blur();
    await anna.locator('#saved.bad').waitFor();
    await janis.goto(`${site.url}/r/${response}/s/21006`);
    await janis.locator('[name="a:V03"]').fill('78');
    await janis.locator('[name="a:V03"]').blur();
    await idle(janis);
    await anna.context().setOffline(false);
    await anna.reload();
    const conflict = anna.locator('#q-V03 .conflict');
    await conflict.waitFor();
    await anna.reload();
    await conflict.waitFor();
    truth((await conflict.textContent()).includes('78'), 'the conflict is there after a reload');
    await anna.getByRole('button', { name: 'Paturēt: 78' }).click();
    equal(await anna.locator('[name="a:V03"]').inputValue(), '78', 'settled');
    await anna.reload();
    equal(await conflict.count(), 0, 'for good');
    await anna.locator('[name="a:V03"]').fill('12');
    await anna.locator('[name="a:V03"]').blur();
    await idle(anna);
  });

  await test('typing and leaving at once: the entry is saved before the next page comes', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21006`);
    await anna.locator('[name="a:NOTES_DESC"]').fill('Rakstīts un uzreiz prom');
    await anna.locator('.sections a[data-section="21001"]').click();
    await anna.waitForURL(/21001/);
    await janis.goto(`${site.url}/r/${response}/s/21006`);
    equal(await janis.locator('[name="a:NOTES_DESC"]').inputValue(), 'Rakstīts un uzreiz prom', 'saved');
    await janis.locator('[name="a:NOTES_DESC"]').fill('Jāņa labojums');
    await janis.locator('[name="a:NOTES_DESC"]').blur();
    await idle(janis);
    await anna.goto(`${site.url}/r/${response}/s/21006`);
    await anna.waitForTimeout(500);
    equal(await anna.locator('[name="a:NOTES_DESC"]').inputValue(), 'Jāņa labojums', 'and not put back later');
  });

  await test('the server is killed and started again: nothing saved is lost and the page goes on', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21006`);
    await anna.locator('[name="a:ACHIEVEMENTS_DESC"]').fill('Pirms pārtraukuma');
    await anna.locator('[name="a:ACHIEVEMENTS_DESC"]').blur();
    await idle(anna);
    await site.kill('SIGKILL');
    await anna.locator('[name="a:ACHIEVEMENTS_DESC"]').fill('Pēc pārtraukuma');
    await anna.locator('[name="a:ACHIEVEMENTS_DESC"]').blur();
    await anna.locator('#saved.bad').waitFor();
    await site.serve();
    await anna.locator('#saved.good').waitFor({ timeout: 15000 });
    await janis.goto(`${site.url}/r/${response}/s/21006`);
    equal(await janis.locator('[name="a:ACHIEVEMENTS_DESC"]').inputValue(), 'Pēc pārtraukuma', 'arrived');
  });

  await test('one more information system is a row of its own', async () => {
    await janis.goto(`${site.url}/r/${response}/s/21005`);
    await janis.locator('[name="add:systems"]').fill('Vienotā iesniegumu sistēma');
    await janis.getByRole('button', { name: 'Pievienot', exact: true }).click();
    await janis.locator('.row-label').waitFor();
    const choice = janis.locator('.row input[type=radio]').first();
    await choice.check();
    await idle(janis);
    await janis.reload();
    truth(await janis.locator('.row input[type=radio]').first().isChecked(), 'kept');
  });

  await test('check and save lists what is wrong, each a link to its field', async () => {
    await anna.goto(`${site.url}/r/${response}/s/21005`);
    await anna.locator('[name="a:D24"]').fill('20 000');
    await anna.locator('[name="a:D24"]').blur();
    await anna.locator('#q-D24 .problem-error').waitFor();
    await anna.goto(`${site.url}/r/${response}/check`);
    const finding = anna.locator('.finding-error', { hasText: '20' }).first();
    await finding.waitFor();
    equal(await violations(anna), [], 'axe on the list');
    await finding.locator('a').click();
    await anna.waitForURL(/s\/21005#q-/);
    await anna.locator('[name="a:D24"]').fill('8000');
    await anna.locator('[name="a:D24"]').blur();
    await anna.locator('#q-D24 .problem-error').waitFor({ state: 'detached' });
  });

  await test('soft findings are confirmed with a comment, then it can be submitted', async () => {
    await anna.goto(`${site.url}/r/${response}/check`);
    for (let i = 0; i < 30; i++) {
      const open = anna.locator('.confirm-entry').first();
      if (!(await open.count())) break;
      await open.locator('textarea').fill('Skaitļi pārbaudīti ar lietvedību.');
      await open.getByRole('button').click();
      await anna.waitForLoadState();
    }
    const left = await anna.locator('.finding-error, .finding-missing').allTextContents();
    equal(left, [], 'nothing is missing or wrong');
    await anna.getByRole('button', { name: 'Iesniegt anketu' }).waitFor();
    equal(await violations(anna), [], 'axe when ready');
    await shot(anna, 'check-ready-wide');
  });

  await test('of two people who submit at the same moment one submits, and both see the receipt', async () => {
    await janis.goto(`${site.url}/r/${response}/check`);
    late = await site.person('janis@example.org');
    await late.goto(`${site.url}/r/${response}/s/21006`);
    await late.context().setOffline(true);
    await late.locator('[name="a:NOTES_DESC"]').fill('Par vēlu');
    await late.locator('#saved.bad').waitFor();
    await Promise.all([anna, janis].map(async page => {
      await page.getByRole('button', { name: 'Iesniegt anketu' }).click();
      await page.waitForURL(/receipt/);
    }));
    const codes = await Promise.all([anna, janis].map(page => page.locator('.receipt .code').textContent()));
    truth(codes[0].length > 5 && codes[0] === codes[1], `the same code: ${codes}`);
    equal(await violations(anna), [], 'axe on the receipt');
    await shot(anna, 'receipt-wide');
    await anna.setViewportSize({ width: 360, height: 740 });
    truth(await fits(anna), 'fits a phone');
    await shot(anna, 'receipt-phone');
    await anna.setViewportSize({ width: 1280, height: 900 });
  });

  await test('who was still typing hears of it, and what came too late can be copied', async () => {
    await late.context().setOffline(false);
    await late.locator('#saved', { hasText: 'Anketa ir iesniegta' }).waitFor({ timeout: 30000 });
    truth(await late.locator('[name="a:V01"]').isDisabled(), 'closed');
    truth((await late.locator('#outbox').textContent()).includes('Par vēlu'), 'kept');
    await late.reload();
    truth((await late.locator('#outbox').textContent()).includes('Par vēlu'), 'also after a reload');
    await late.locator('#outbox').getByRole('button', { name: 'Dzēst' }).click();
    equal(await late.locator('#outbox').count(), 0, 'until told otherwise');
  });

  await test('a submitted response is locked on the page and for requests made by hand', async () => {
    await janis.goto(`${site.url}/r/${response}/s/21006`);
    truth(await janis.locator('[name="a:V00J"]').isDisabled(), 'fields are closed');
    truth((await janis.locator('.note').textContent()).includes('iesniegta'), 'the page says why');
    const status = await janis.evaluate(async () => (await fetch(location.pathname, { method: 'POST', headers: { Accept: 'application/json' },
      body: new URLSearchParams({ csrf: document.querySelector('[name=csrf]').value, 'v:V00J': '99', 'a:V00J': '5' }) })).status);
    equal(status, 409, 'refused');
    equal(await violations(janis), [], 'axe when locked');
  });

  await test('the coordinator sees it submitted and may read but not change it', async () => {
    const ilze = await site.person('ilze@example.org');
    await ilze.goto(`${site.url}/field/list?find=VARAM`);
    truth((await ilze.locator('tbody tr').first().textContent()).includes('Iesniegta'), 'status');
    await ilze.locator('tbody tr').first().getByRole('link', { name: /^Atbildes/ }).click();
    await ilze.waitForURL(/\/s\//);
    truth(await ilze.locator('[name="a:V00J"]').isDisabled(), 'read only');
    equal(ilze.problems, [], 'the console is clean');
  });

  await test('the researcher downloads what the two people entered', async () => {
    const martins = await site.person('martins@example.org');
    const [download] = await Promise.all([martins.waitForEvent('download'), martins.getByRole('button', { name: /^CSV/ }).first().click()]);
    const file = join(site.data, 'download.csv');
    await download.saveAs(file);
    const rows = readFileSync(file, 'utf8').trim().split('\r\n');
    equal(rows.length, 105, 'one row an institution');
    const header = rows[0].split(','), row = rows.find(line => line.includes(',VARAM,'));
    truth(row.includes('1234') && row.includes('Atbilde uz K13M_NOTES: āčēģīķļņšūž'), 'the answers are there');
    truth(header.includes('V00J') && header.includes('K13M_99') && header.includes('D24'), header.slice(0, 30).join());
  });
} finally {
  await site.stop();
}
