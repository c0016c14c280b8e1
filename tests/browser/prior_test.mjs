// Last round's answers beside the fields: shown, compared with what is typed, taken over one by one and all at once; with a
// script and without. SHOTS=folder keeps the screenshots for people to look at.
import { writeFileSync } from 'node:fs';
import { Site, anketa, test, equal, truth, violations, fits, shot } from './harness.mjs';

const BEFORE = 'questionnaires/e-index-2015';
const SIZES = [['wide', { width: 1280, height: 900 }], ['phone', { width: 360, height: 740 }]];
const LONG = 'Izdomāts teksts. '.repeat(20).trim();
const site = await Site.start();

async function look(page, name) {
  for (const [size, viewport] of SIZES) {
    await page.setViewportSize(viewport);
    for (const colorScheme of size === 'wide' ? ['light', 'dark'] : ['light']) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(60);
      await shot(page, `${name}-${size}${colorScheme === 'dark' ? '-dark' : ''}`);
      equal(await fits(page), true, `${size} fits`);
      equal(await violations(page), [], `axe, ${size}, ${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(SIZES[0][1]);
}

try {
  anketa('round', 'load', BEFORE, '--data', site.data);
  const path = `${site.data}/long.csv`;
  writeFileSync(path, `abbreviation,ACHIEVEMENTS_DESC\nFM,"${LONG}"\n`);
  anketa('answers', 'load', path, '--round', 'e-index-2015', '--questionnaire', 'self-assessment', '--commit', '--data', site.data);
  for (const questionnaire of ['self-assessment', 'services'])
    anketa('answers', 'load', `${BEFORE}/answers-${questionnaire}.csv`, '--round', 'e-index-2015', '--questionnaire', questionnaire,
      '--submitted', '--commit', '--data', site.data);
  anketa('round', 'load', `${BEFORE}/next`, '--data', site.data, '--opens', '2026-11-01', '--deadline', '2099-12-06');

  const anna = await site.person('anna@example.org');
  const href = await anna.locator('.tasks a').first().getAttribute('href');
  const section = id => `${site.url}/r/${href.split('/')[2]}/s/${id}`;
  const place = key => anna.locator(`[data-prior="${key}"]`);
  const saved = () => anna.waitForResponse(r => r.request().method() === 'POST');

  await test('the earlier answer stands beside the field', async () => {
    await anna.goto(section('21006'));
    equal(await place('V00J').locator('.prior-line').textContent(), 'Iepriekš (2015): 231', 'a figure');
    truth(await place('V00J').locator('.take').isVisible(), 'may be taken over');
    truth(await place('V00J').locator('[data-prior-mark]').isHidden(), 'no mark while it is empty');
    await look(anna, 'prior');
    await anna.goto(section('21005'));
    await look(anna, 'prior-tables');
  });

  await test('an unusual change is marked as soon as it is saved, and said', async () => {
    await anna.goto(section('21006'));
    let done = saved();
    await anna.locator('[name="a:V00J"]').fill('1000');
    await anna.locator('[name="a:V00J"]').blur();
    await done;
    await place('V00J').locator('[data-prior-mark]').waitFor();
    equal((await place('V00J').locator('[data-prior-mark]').textContent()).trim(), 'Neparastas izmaiņas: +333 %', 'mark');
    truth(await place('V00J').locator('.take').isHidden(), 'nothing to take over any more');
    await anna.waitForFunction(() => document.getElementById('live').textContent.includes('+333 %'));
    await look(anna, 'prior-unusual');
    done = saved();
    await anna.locator('[name="a:V00J"]').fill('240');
    await anna.locator('[name="a:V00J"]').blur();
    await done;
    await place('V00J').locator('[data-prior-mark]').waitFor({ state: 'hidden' });
    done = saved();
    await anna.locator('[name="a:V00J"]').fill('');
    await anna.locator('[name="a:V00J"]').blur();
    await done;
    await place('V00J').locator('.take').waitFor();
  });

  await test('one answer is taken over with what is typed elsewhere', async () => {
    await anna.goto(section('21006'));
    await anna.locator('[name="a:V01"]').fill('20,5');
    await place('V00J').locator('.take').click();
    await anna.waitForURL(/#q-V00J$/);
    equal(await anna.locator('[name="a:V00J"]').inputValue(), '231', 'taken over');
    equal(await anna.locator('[name="a:V01"]').inputValue(), '20,5', 'typed');
    truth(await place('V00J').locator('[data-prior-same]').isVisible(), 'said to be unchanged');
    truth(await place('V01').locator('[data-prior-mark]').isVisible(), 'the typed one is unusual');
  });

  await test('the whole section is taken over after a question', async () => {
    const fold = anna.locator('[data-prior-all]');
    const text = await fold.locator('summary').textContent();
    const count = Number(/\((\d+)\)/.exec(text)[1]);
    equal(await anna.locator('.take:visible').count(), count, 'its number');
    await fold.locator('summary').click();
    await look(anna, 'prior-all');
    await fold.getByRole('button').click();
    await anna.waitForURL(/taken=/);
    truth(Number(/\d+/.exec(await anna.locator('.note-ok').textContent())[0]) > count, 'how many, with those that they brought up');
    truth(await anna.locator('[name="a:F00"][value="1"]').isChecked(), 'a choice');
    equal(await anna.locator('[name="a:V01"]').inputValue(), '20,5', 'what was there stays');
    await look(anna, 'prior-taken');
  });

  await test('the number goes down as fields are filled', async () => {
    await anna.goto(section('21005'));
    const fold = anna.locator('[data-prior-all]');
    const number = async () => Number(/\((\d+)\)/.exec(await fold.locator('summary').textContent())[1]);
    const before = await number();
    const done = saved();
    await anna.locator('[name="a:D21"]').fill('5');
    await anna.locator('[name="a:D21"]').blur();
    await done;
    await anna.waitForFunction(n => Number(/\((\d+)\)/.exec(document.querySelector('[data-prior-all] summary').textContent)[1]) < n, before);
    equal(await number(), before - 1, 'one less');
  });

  await test('the check lists unusual changes with links', async () => {
    await anna.goto(section('21006').replace(/s\/21006$/, 'check'));
    truth(await anna.locator('#unusual').isVisible(), 'heading');
    await look(anna, 'prior-check');
    await anna.locator('.finding-notice a').first().click();
    await anna.waitForURL(/#q-/);
    equal(anna.problems, [], 'console');
  });

  await test('a long answer folds away', async () => {
    const zane = await site.person('zane@example.org');
    const theirs = (await zane.locator('.tasks a').first().getAttribute('href')).split('/')[2];
    await zane.goto(`${site.url}/r/${theirs}/s/21006`);
    const long = zane.locator('[data-prior="ACHIEVEMENTS_DESC"]');
    equal(await long.locator('summary').textContent(), 'Iepriekš (2015)', 'what it is');
    truth(await long.locator('details p').isHidden(), 'folded');
    await long.locator('summary').click();
    equal(await long.locator('details p').textContent(), LONG, 'whole');
    await look(zane, 'prior-long');
    await zane.context().close();
  });

  await test('without JavaScript: shown, taken over one and all', async () => {
    const zane = await site.person('zane@example.org', { javaScriptEnabled: false });
    await zane.goto(`${site.url}/work`);
    const theirs = (await zane.locator('.tasks a').first().getAttribute('href')).split('/')[2];
    await zane.goto(`${site.url}/r/${theirs}/s/21006`);
    await zane.locator('[name="a:V01"]').fill('900');
    await zane.locator('[data-prior="V00J"] .take').click();
    equal(await zane.locator('[name="a:V00J"]').inputValue(), '410', 'taken over');
    equal(await zane.locator('[name="a:V01"]').inputValue(), '900', 'what was typed is saved');
    truth((await zane.locator('[data-prior="V01"]').textContent()).includes('Neparastas izmaiņas:'), 'marked');
    await zane.locator('[data-prior-all] summary').click();
    await zane.locator('[data-prior-all] button').click();
    await zane.waitForURL(/taken=/);
    truth(await zane.locator('[name="a:F00"][value="1"]').isChecked(), 'all taken over');
    equal(await zane.locator('[name="a:V01"]').inputValue(), '900', 'and nothing overwritten');
  });

  await test('the workplace offers the workbook', async () => {
    await anna.goto(`${site.url}/work`);
    await look(anna, 'prior-work');
    const [download] = await Promise.all([anna.waitForEvent('download'), anna.locator('.card-foot a[href$="/xlsx"]').first().click()]);
    equal(download.suggestedFilename(), 'e-index-2017-self-assessment-lv.xlsx', 'its name');
  });

  await test('in English and Russian', async () => {
    for (const [language, words] of [['en', 'Previously (2015): 231'], ['ru', 'Ранее (2015): 231']]) {
      await anna.locator(`.languages button[value=${language}]`).click();
      await anna.goto(section('21006'));
      equal(await place('V00J').locator('.prior-line').textContent(), words, language);
      await look(anna, `prior-${language}`);
    }
  });
} finally {
  await site.stop();
}
