// The same pages with JavaScript off, and the whole form by keyboard alone.
import { Site, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();

try {
  const page = await site.person('zane@example.org', { javaScriptEnabled: false });
  const response = (await page.locator('.tasks a').first().getAttribute('href')).split('/')[2];
  const section = id => `${site.url}/r/${response}/s/${id}`;
  const save = () => page.getByRole('button', { name: 'Saglabāt', exact: true }).click();

  await test('without JavaScript: answers are saved by the button and the next section opens', async () => {
    await page.goto(section('21006'));
    await page.locator('[name="a:V00J"]').fill('250');
    await page.locator('[name="a:V01"]').fill('1 234,5');
    await page.locator('[name="a:F00"][value="1"]').check();
    await page.locator('[name="a:ACHIEVEMENTS_DESC"]').fill('Pirmā rinda\nOtrā rinda <b>&amp;');
    await page.getByRole('button', { name: 'Saglabāt un turpināt' }).click();
    await page.waitForURL(/21001/);
    await page.goto(section('21006'));
    equal(await page.locator('[name="a:V01"]').inputValue(), '1234,5', 'a number with a space and a comma');
    equal(await page.locator('[name="a:ACHIEVEMENTS_DESC"]').inputValue(), 'Pirmā rinda\nOtrā rinda <b>&amp;', 'text as typed');
    truth(await page.locator('[name="a:F00"][value="1"]').isChecked(), 'choice');
  });

  await test('without JavaScript: a filter opens its questions after saving', async () => {
    await page.goto(section('21001'));
    truth(await page.locator('[data-q="P1001"]').isHidden(), 'hidden at first');
    await page.locator('[name="a:P1001_YN"][value="1"]').check();
    await save();
    truth(await page.locator('[data-q="P1001"]').isVisible(), 'asked now');
    await page.locator('[name="a:P1001"][value="2"]').check();
    await page.locator('[name="a:P1001"][value="3"]').check();
    await save();
    await page.locator('[name="a:P1001_YN"][value="2"]').check();
    await save();
    truth(await page.locator('[data-q="P1001"]').isHidden(), 'hidden again');
    await page.locator('[name="a:P1001_YN"][value="1"]').check();
    await save();
    truth(await page.locator('[name="a:P1001"][value="3"]').isChecked(), 'the hidden answer is back');
  });

  await test('without JavaScript: a wrong entry is refused beside its field, kept, and listed at the top', async () => {
    await page.goto(section('21006'));
    await page.locator('[name="a:V00J"]').fill('12x');
    await page.getByRole('button', { name: 'Saglabāt un turpināt' }).click();
    equal(await page.locator('[name="a:V00J"]').inputValue(), '12x', 'kept');
    truth(await page.locator('.error-summary a[href="#q-V00J"]').isVisible(), 'in the summary');
    truth(await page.locator('#q-V00J .problem-error').isVisible(), 'beside the field');
    await page.locator('[name="a:V00J"]').fill('250');
    await save();
    equal(await page.locator('#q-V00J .problem-error').count(), 0, 'gone when corrected');
  });

  await test('without JavaScript: a number typed beside a ticked special is not lost', async () => {
    await page.goto(section('21005'));
    await page.locator('[name="s:D21"][value="na"]').check();
    await save();
    truth(await page.locator('[name="s:D21"][value="na"]').isChecked(), 'special');
    await page.locator('[name="a:D21"]').fill('500');
    await save();
    equal(await page.locator('[name="a:D21"]').inputValue(), '500', 'the number counts');
    truth(!(await page.locator('[name="s:D21"][value="na"]').isChecked()), 'the special is off');
    await page.locator('[name="s:D21"][value="nodata"]').check();
    await save();
    truth(await page.locator('[name="s:D21"][value="nodata"]').isChecked(), 'a new special beside an old number counts');
  });

  await test('without JavaScript: a row is added and removed', async () => {
    await page.goto(section('21005'));
    await page.locator('[name="add:systems"]').fill('Grāmatvedības sistēma');
    await page.getByRole('button', { name: 'Pievienot', exact: true }).click();
    equal(await page.locator('.row-label').textContent(), 'Grāmatvedības sistēma', 'added');
    await page.locator('summary', { hasText: 'Noņemt' }).click();
    await page.getByRole('button', { name: 'Jā, noņemt' }).click();
    equal(await page.locator('.row-label').count(), 0, 'removed');
  });

  await test('without JavaScript: an older page does not overwrite a newer answer', async () => {
    await page.goto(section('21006'));
    const other = await site.person('zane@example.org');
    await other.goto(section('21006'));
    await other.locator('[name="a:V00J"]').fill('300');
    const done = other.waitForResponse(r => r.request().method() === 'POST');
    await other.locator('[name="a:V00J"]').blur();
    await done;
    await page.locator('[name="a:V00J"]').fill('280');
    await save();
    const text = await page.locator('#q-V00J .conflict').textContent();
    truth(text.includes('300') && text.includes('280'), `both values: ${text}`);
    equal(await page.locator('[name="a:V00J"]').inputValue(), '300', 'the field holds what is stored');
    truth(await page.locator('.error-summary a[href="#q-V00J"]').isVisible(), 'in the summary');
    await save();
    truth(await page.locator('#q-V00J .conflict').isVisible(), 'saving the page is no choice');
    await page.locator('[name="a:V01"]').fill('99');
    await page.getByRole('button', { name: 'Paturēt: 280' }).click();
    equal(new URL(page.url()).hash, '#q-V00J', 'back at the question');
    equal(await page.locator('[name="a:V00J"]').inputValue(), '280', 'what was chosen');
    equal(await page.locator('[name="a:V01"]').inputValue(), '99', 'the other entries are saved too');
    equal(await page.locator('#q-V00J .conflict').count(), 0, 'settled');
  });

  await test('two who differ both see both values, and either settles, without JavaScript', async () => {
    const off = { javaScriptEnabled: false };
    const anna = await site.person('anna@example.org', off), janis = await site.person('janis@example.org', off);
    const ilze = await site.person('ilze@example.org', off);
    await anna.goto(`${site.url}/work`);
    const ours = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
    const page = `${site.url}/r/${ours}/s/21006`, check = `${site.url}/r/${ours}/check`;
    const put = async (who, values) => {
      for (const [name, value] of Object.entries(values)) await who.locator(`[name="a:${name}"]`).fill(value);
      await who.getByRole('button', { name: 'Saglabāt', exact: true }).click();
    };
    await anna.goto(page);
    await janis.goto(page);
    await put(anna, { V00J: '5', NOTES_DESC: 'Pirmais teksts\nar divām rindām, kas nav nemaz tik īsas, lai ietilptu pogā.' });
    await put(janis, { V00J: '7', NOTES_DESC: 'Otrs' });
    equal(await janis.locator('.conflict').count(), 2, 'both questions');
    await shot(janis, 'rival-section-409');
    await anna.goto(page);
    await ilze.goto(page);
    for (const who of [anna, ilze]) {
      const text = await who.locator('#q-V00J .conflict').textContent();
      truth(['5', '7', 'Anna Bērziņa', 'Jānis Kalniņš'].every(word => text.includes(word)), `both values, for everybody: ${text}`);
    }
    equal(await ilze.locator('.conflict button').count(), 0, 'a reader does not choose');
    await shot(ilze, 'rival-section-reader');
    await shot(anna, 'rival-section-wide');
    await anna.setViewportSize({ width: 360, height: 740 });
    truth(await fits(anna), 'fits a phone');
    await shot(anna, 'rival-section-phone');
    await anna.goto(check);
    const list = anna.locator('.finding-choice');
    equal(await list.count(), 2, 'first on the list of what is to be done');
    truth((await anna.locator('#problems').textContent()).includes('Jāizvēlas: 2'), 'and counted');
    truth(await fits(anna), 'the list fits a phone');
    await shot(anna, 'rival-check-phone');
    await anna.setViewportSize({ width: 1280, height: 900 });
    await shot(anna, 'rival-check-wide');
    const live = await site.person('anna@example.org');
    for (const path of [page, check]) {
      await live.goto(path);
      equal(await violations(live), [], `axe: ${path}`);
    }
    await live.goto(`${site.url}/work`);
    equal(await live.locator('.tag-choose').count(), 1, 'the workplace says in which section');
    await shot(live, 'rival-work');
    await janis.goto(check); // and chooses later
    await anna.getByRole('button', { name: 'Paturēt: 7' }).click();
    equal(await list.count(), 1, 'one is left');
    await janis.getByRole('button', { name: 'Paturēt: 5' }).click();
    truth(await janis.locator('.note-warn').isVisible(), 'who comes second is told');
    await janis.goto(page);
    equal(await janis.locator('[name="a:V00J"]').inputValue(), '7', 'one choice settles it');
    await janis.getByRole('button', { name: 'Paturēt: Otrs' }).click();
    equal(await janis.locator('[name="a:NOTES_DESC"]').inputValue(), 'Otrs', 'on the page of the section too');
    equal(await janis.locator('.conflict').count(), 0, 'nothing is left to choose');
    await janis.goto(`${site.url}/r/${ours}/h/V00J`);
    const rows = await janis.locator('tbody tr').allTextContents();
    truth(rows.length === 3 && rows[1].includes('izvēlēta') && rows[2].includes('5'), rows.join('|'));
    await shot(janis, 'rival-history');
  });

  await test('without JavaScript: an untouched older page changes nothing', async () => {
    await page.goto(section('21006'));
    const other = await site.person('zane@example.org');
    await other.goto(section('21006'));
    await other.locator('[name="a:V00J"]').fill('310');
    const done = other.waitForResponse(r => r.request().method() === 'POST');
    await other.locator('[name="a:V00J"]').blur();
    await done;
    await page.locator('[name="a:D61J"][value="1"]').check();
    await save();
    await other.reload();
    equal(await other.locator('[name="a:V00J"]').inputValue(), '310', 'the newer answer stands');
    truth(await other.locator('[name="a:D61J"][value="1"]').isChecked(), 'and what was changed is saved');
  });

  await test('by keyboard alone: answers, moves on, changes the language, signs out', async () => {
    const keys = await site.person('anna@example.org');
    await keys.goto(`${site.url}/work`);
    const press = async (key, times = 1) => { for (let i = 0; i < times; i++) await keys.keyboard.press(key); };
    await press('Tab');
    equal(await keys.evaluate(() => document.activeElement.className), 'skip', 'the skip link comes first');
    await press('Enter');
    for (let i = 0; i < 20; i++) {
      await press('Tab');
      if (await keys.evaluate(() => document.activeElement.matches('.tasks a'))) break;
    }
    await press('Enter');
    await keys.waitForURL(/\/s\/21006/);
    const reach = async selector => {
      for (let i = 0; i < 60; i++) {
        if (await keys.evaluate(s => document.activeElement.matches(s), selector)) return;
        await press('Tab');
      }
      throw new Error(`cannot reach ${selector}`);
    };
    await reach('[name="a:V00J"]');
    await keys.keyboard.type('75');
    const done = keys.waitForResponse(r => r.request().method() === 'POST');
    await press('Enter');
    await done;
    await reach('[name="a:V03A"]');
    const shown = keys.waitForResponse(r => r.request().method() === 'POST');
    await press('Space');
    await shown;
    await keys.locator('[data-q="V03"]').waitFor({ state: 'visible' });
    await reach('[name="a:V03"]');
    await reach('.bar .main');
    await press('Enter');
    await keys.waitForURL(/21001/);
    equal(await violations(keys), [], 'axe');
    const focus = await keys.evaluate(() => { document.querySelector('.bar .main').focus(); return getComputedStyle(document.querySelector('.bar .main')).outlineStyle; });
    equal(focus, 'solid', 'focus is visible');
  });

  await test('at 320 px and at 400 % nothing is cut off', async () => {
    const small = await site.person('anna@example.org', { viewport: { width: 320, height: 640 } });
    for (const path of ['/work', `/r/${response}/check`]) {
      await small.goto(site.url + path);
      truth(await small.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} at 320 px`);
    }
  });
} finally {
  await site.stop();
}
