// Reminders in a browser: with and without JavaScript, by keyboard, in each language, on a phone.
import { Site, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start({ deadline: new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10) });

async function looks(page, name) {
  await page.setViewportSize({ width: 1280, height: 900 });
  equal(await violations(page), [], `axe on ${name}`);
  await shot(page, `${name}-1280`);
  await page.setViewportSize({ width: 360, height: 740 });
  truth(await fits(page), `${name} fits a phone`);
  equal(await violations(page), [], `axe on ${name}, narrow`);
  await shot(page, `${name}-360`);
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function useReminders(page) {
  await page.goto(`${site.url}/work`);
  await page.getByRole('link', { name: 'Iestatīt atgādinājumu' }).click();
  await page.getByLabel('Datums').fill('6.12.2027');
  await page.getByLabel('Piezīme sev').fill('Pajautāt Jānim par budžetu\nun nosūtīt tabulu Zanei');
  await page.getByLabel('Datums').press('Enter'); // the form's own button, not a choice
  truth(await page.getByText('Atgādinājums ir iestatīts.').isVisible(), 'set');
  truth(await page.getByText('2027. gada 6. decembris, 09:00').isVisible(), 'in the list');
  await page.getByRole('button', { name: /^Rīt/ }).click();
  equal(await page.getByRole('button', { name: 'Noņemt' }).count(), 2, 'reminders');
  await page.getByLabel('Datums').fill('31.2.2027');
  await page.getByLabel('Piezīme sev').fill('Tas paliek');
  await page.getByRole('button', { name: 'Iestatīt atgādinājumu' }).click();
  await page.getByRole('link', { name: /Ierakstiet datumu/ }).click();
  equal(await page.evaluate(() => document.activeElement.id || document.querySelector(':target').id), 'date', 'the summary leads to the field');
  equal(await page.getByLabel('Datums').inputValue(), '31.2.2027', 'date kept');
  equal(await page.getByLabel('Piezīme sev').inputValue(), 'Tas paliek', 'text kept');
}

try {
  const page = await site.person('anna@example.org');

  await test('the empty page', async () => {
    await page.goto(`${site.url}/work`);
    await looks(page, 'work');
    await page.goto(`${site.url}/reminders`);
    await looks(page, 'reminders-empty');
  });

  await test('setting, choosing, correcting', async () => {
    await useReminders(page);
    await looks(page, 'reminders-problem');
    await page.goto(`${site.url}/reminders?done=added`);
    await looks(page, 'reminders');
    equal(page.problems.filter(p => !p.includes('400')), [], 'console');
  });

  await test('removing', async () => {
    await page.getByRole('button', { name: 'Noņemt' }).first().click();
    await page.getByRole('button', { name: 'Noņemt' }).click();
    truth(await page.getByText('Neviens atgādinājums nav iestatīts').isVisible(), 'empty again');
  });

  await test('other languages', async () => {
    for (const [code, words] of [['en', 'My reminders'], ['ru', 'Мои напоминания']]) {
      await page.locator(`.languages button[value="${code}"]`).click();
      truth(await page.getByRole('heading', { name: words }).isVisible(), words);
      await looks(page, `reminders-${code}`);
    }
  });

  await test('the expert comes there too', async () => {
    const expert = await site.person('liga@example.org');
    await expert.goto(`${site.url}/work`);
    await looks(expert, 'expert');
    await expert.getByRole('link', { name: 'Iestatīt atgādinājumu' }).click();
    equal(await expert.getByRole('heading', { level: 1 }).innerText(), 'Mani atgādinājumi', 'heading');
  });

  await test('all the same without JavaScript', async () => {
    await useReminders(await site.person('zane@example.org', { javaScriptEnabled: false }));
  });
} finally {
  await site.stop();
}
