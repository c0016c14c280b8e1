// The coordinator's desk in Chromium: dashboard, list, saved views, institution; with and without a script.
import { Site, test, equal, truth, violations, shot, anketa } from './harness.mjs';

const site = await Site.start();

async function look(page, name, { dark = false } = {}) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await shot(page, `dash-${name}-${width}${dark ? '-dark' : ''}`);
    equal(await violations(page), [], `${name} at ${width}`);
    equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), true, `${name} fits ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

const names = page => page.locator('.field-list tbody th a').allTextContents();

/** What a coordinator does with the list; the same with and without a script. */
async function useList(page, name) {
  await page.goto(`${site.url}/field`);
  await page.getByRole('link', { name: 'Anketu aizpildīšanas gaita' }).click();
  await page.waitForURL('**/field/list*');
  equal((await names(page))[0], 'Aizsardzības ministrija', 'by name');
  await page.locator('.field-list thead').getByRole('link', { name: 'Iestāde' }).click();
  await page.waitForURL('**sort=-name*');
  equal((await names(page))[0], 'Zemkopības ministrija', 'the other way round');
  equal(await page.locator('th[aria-sort=descending]').innerText(), 'Iestāde', 'says so');
  await page.getByLabel('Iestāde vai saīsinājums').fill('finanšu');
  await page.getByLabel('Statuss').selectOption('open');
  await page.getByRole('button', { name: 'Rādīt', exact: true }).click();
  await page.waitForURL('**find=finan*');
  truth((await names(page)).includes('Finanšu ministrija'), 'found');
  truth(page.url().includes('sort=-name'), 'the order stays');
  await page.getByLabel('Saglabāt šo sarakstu ar nosaukumu').fill(name);
  await page.getByRole('button', { name: 'Saglabāt skatu' }).click();
  await page.getByRole('link', { name, exact: true }).waitFor();
  equal(await page.locator('.views [aria-current]').innerText(), name, 'is the current one');
  await page.goto(`${site.url}/field/list`);
  await page.getByRole('link', { name, exact: true }).click();
  truth((await names(page)).includes('Finanšu ministrija'), 'used');
  await page.getByRole('checkbox', { name: /Finanšu ministrija/ }).check();
  equal(await page.locator('form[action="/mailings/new"]').evaluate(form => new URLSearchParams(new FormData(form)).get('round')),
    'e-index-2017', 'the chosen go with their round');
  await page.getByRole('button', { name: `Noņemt skatu: ${name}` }).click();
  await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
}

try {
  await test('the dashboard at the start of a round', async () => {
    const ilze = await site.person('ilze@example.org');
    truth(await ilze.getByRole('heading', { name: 'Kārtas pārskats' }).isVisible(), 'is where a coordinator begins');
    equal(await ilze.getByRole('img', { name: /Iesniegtās anketas un plāns/ }).count(), 1, 'the curve has a name');
    await ilze.getByText('Skaitļi pa dienām').click();
    truth(await ilze.locator('.curve-table table').isVisible(), 'and a table');
    await look(ilze, 'board');
    equal(ilze.problems, [], 'nothing was complained about');
    await ilze.context().close();
  });

  await test('the list is sorted, narrowed, kept and left again', async () => {
    const ilze = await site.person('ilze@example.org');
    await useList(ilze, 'Finanšu nozare');
    await ilze.goto(`${site.url}/field/list?status=open`);
    await look(ilze, 'list');
    await ilze.context().close();
  });

  await test('the same without JavaScript', async () => {
    const ilze = await site.person('ilze@example.org', { javaScriptEnabled: false });
    await useList(ilze, 'Bez skripta');
    await ilze.context().close();
  });

  await test('in the dark', async () => {
    const ilze = await site.person('ilze@example.org', { colorScheme: 'dark' });
    await look(ilze, 'board', { dark: true });
    await ilze.goto(`${site.url}/field/list?overdue=1&find=x`);
    await look(ilze, 'list-empty', { dark: true });
    await ilze.context().close();
  });

  await test('an institution: whom to call, and what happened', async () => {
    anketa('person', 'add', 'anna@example.org', '--data', site.data, '--name', 'Anna Bērziņa', '--role', 'contact', '--institution',
      'VARAM', '--phone', '+371 67 026 533');
    const anna = await site.person('anna@example.org');
    await anna.context().close();
    const ilze = await site.person('ilze@example.org');
    await ilze.goto(`${site.url}/field/list?find=VARAM`);
    await ilze.locator('.field-list tbody th a').click();
    equal(await ilze.locator('.card-call .call-phone').getAttribute('href'), 'tel:+37167026533', 'the phone');
    await ilze.getByRole('link', { name: 'Ieejas', exact: true }).click();
    await ilze.waitForURL('**show=entries*');
    truth(await ilze.getByText('Anna Bērziņa: ieeja').first().isVisible(), 'a sign-in');
    equal(await ilze.getByText('pievienota vai mainīta persona').count(), 0, 'and nothing else');
    await ilze.getByRole('link', { name: 'Visi', exact: true }).click();
    await look(ilze, 'institution');
    await ilze.context().close();
  });

  await test('by keyboard from the dashboard to a phone', async () => {
    const ilze = await site.person('ilze@example.org');
    await ilze.goto(`${site.url}/field/list`);
    const box = ilze.locator('.field-list tbody input[type=checkbox]').first();
    await box.focus();
    await ilze.keyboard.press('Space');
    truth(await box.isChecked(), 'chosen');
    await ilze.keyboard.press('Tab');
    equal(await ilze.evaluate(() => document.activeElement.textContent), 'Aizsardzības ministrija', 'then the institution');
    await ilze.context().close();
  });
} finally {
  await site.stop();
}
