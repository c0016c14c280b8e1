// Queries: a coordinator asks about an answer, a contact sees it come, answers and corrects, the coordinator closes; with the
// dialog, on wide and narrow windows, and without JavaScript.
import { Site, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

try {
  const anna = await site.person('anna@example.org');
  const ilze = await site.person('ilze@example.org');
  const response = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
  const section = `${site.url}/r/${response}/s/21006`, list = `${site.url}/r/${response}/queries`;
  const mark = (page, key) => page.locator(`[data-talk="${key}"] .talk-query`);
  const dialog = page => page.locator('dialog.question-dialog');
  const sent = page => page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/queries'));
  const fill = async (page, id, value) => {
    const done = page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/s/'));
    await page.locator(`[name="a:${id}"]`).fill(value);
    await page.locator(`[name="a:${id}"]`).blur();
    await done;
  };
  const look = async (page, name) => {
    await shot(page, name);
    equal(await violations(page), [], `axe: ${name}`);
    truth(await fits(page), `${name} fits the window`);
  };

  await test('the coordinator asks in the dialog, and the page keeps its place', async () => {
    await anna.goto(section);
    await fill(anna, 'V01', '120');
    await ilze.goto(section);
    equal(await mark(ilze, 'V01').textContent(), 'Lūgt precizēt', 'a quiet link');
    equal(await mark(anna, 'V01').isVisible(), false, 'contacts have none');
    await mark(ilze, 'V01').click();
    await dialog(ilze).waitFor();
    truth(await ilze.evaluate(() => document.activeElement.id === 'ask-text'), 'the text is at hand');
    await ilze.keyboard.type('Vai tiešām 120 slodzes?');
    await look(ilze, 'query-ask-dialog');
    const done = sent(ilze);
    await dialog(ilze).getByRole('button', { name: 'Lūgt precizēt' }).click();
    await done;
    await dialog(ilze).getByText('Jautājums ir nosūtīts iestādei').waitFor();
    equal(await dialog(ilze).locator('#ask-text').inputValue(), '', 'the field is empty again');
    await ilze.keyboard.press('Escape');
    equal(await mark(ilze, 'V01').textContent(), 'Jāprecizē', 'the mark behind the dialog');
    equal(ilze.url(), section, 'still there');
  });

  await test('an open page of a contact shows the mark by itself', async () => {
    await anna.bringToFront();
    await anna.locator('body').hover();
    await mark(anna, 'V01').filter({ hasText: 'Jāprecizē' }).waitFor();
    await look(anna, 'query-section');
  });

  await test('the contact answers in the dialog; what was typed survives closing it', async () => {
    await mark(anna, 'V01').click();
    await dialog(anna).locator('textarea').first().fill('Jā, ar reģionālajām nodaļām.');
    await anna.keyboard.press('Escape');
    await mark(anna, 'V01').click();
    await dialog(anna).waitFor();
    equal(await dialog(anna).locator('textarea').first().inputValue(), 'Jā, ar reģionālajām nodaļām.', 'the draft');
    await look(anna, 'query-answer-dialog');
    const done = sent(anna);
    await dialog(anna).getByRole('button', { name: 'Nosūtīt atbildi' }).click();
    await done;
    await dialog(anna).getByText('Atbilde ir nosūtīta koordinatoram').waitFor();
    await anna.keyboard.press('Escape');
    equal(await mark(anna, 'V01').textContent(), 'Precizēts', 'the mark');
  });

  await test('a refused text stays in the dialog with its message', async () => {
    await mark(ilze, 'V01').click();
    await dialog(ilze).waitFor();
    const done = sent(ilze);
    await dialog(ilze).locator('#ask-text').fill('');
    await dialog(ilze).locator('.query-ask button').click();
    await done;
    await dialog(ilze).getByText('Ierakstiet tekstu.').first().waitFor();
    await look(ilze, 'query-refused-dialog');
    await ilze.keyboard.press('Escape');
  });

  await test('a correction is shown as such; the coordinator closes', async () => {
    await fill(anna, 'V01', '12');
    await ilze.goto(`${site.url}/queries?state=answered`);
    await look(ilze, 'query-list');
    await ilze.locator('.query-table a').filter({ hasText: 'V01' }).click();
    await ilze.getByText('Atbilde ir mainīta. Bija: 120. Tagad: 12.').waitFor();
    await look(ilze, 'query-question');
    await ilze.getByRole('button', { name: 'Slēgt precizējumu' }).click();
    await ilze.getByText('Precizējums ir slēgts.').waitFor();
  });

  await test('the desk and the check page lead to what is open', async () => {
    await ilze.goto(`${site.url}/r/${response}/h/V00J`);
    await ilze.locator('#ask-text').fill('Kā šis skaitlis ir aprēķināts? Lūdzu, norādiet arī, vai tajā ir iekļautas reģionālās nodaļas un ārštata darbinieki.');
    await ilze.locator('.query-ask button').click();
    await ilze.getByText('Jautājums ir nosūtīts').waitFor();
    await anna.goto(`${site.url}/work`);
    await anna.getByRole('link', { name: 'Koordinators lūdz precizēt 1 atbildi' }).waitFor();
    await look(anna, 'query-desk');
    await anna.goto(`${site.url}/r/${response}/check`);
    await anna.getByRole('link', { name: 'Skatīt precizējumus' }).click();
    await anna.waitForURL(list);
    await look(anna, 'query-response');
  });

  await test('the list narrows, and several are closed at once', async () => {
    await ilze.goto(`${site.url}/queries?state=open`);
    await ilze.locator('#f-find').fill('nav tāda');
    await ilze.getByRole('button', { name: 'Rādīt', exact: true }).click();
    await ilze.getByText('Neviens precizējums neatbilst').waitFor();
    await look(ilze, 'query-list-empty');
    await ilze.goto(`${site.url}/queries?state=open`);
    await ilze.getByRole('checkbox').first().check();
    await ilze.getByRole('button', { name: 'Slēgt atlasītos' }).click();
    await ilze.getByText('Slēgts: 1 precizējums').waitFor();
    equal(ilze.problems.filter(text => !text.includes('400')), [], 'no complaints of the browser but of the refused text');
  });

  await test('on a phone everything fits', async () => {
    const page = await site.person('ilze@example.org', phone);
    await page.goto(`${site.url}/r/${response}/h/V03A`);
    await page.locator('#ask-text').fill('Vai tā ir?');
    await page.locator('.query-ask button').click();
    await look(page, 'query-question-narrow');
    await page.goto(`${site.url}/queries?state=open`);
    await look(page, 'query-list-narrow');
    const theirs = await site.person('janis@example.org', phone);
    await theirs.goto(list);
    await look(theirs, 'query-response-narrow');
    await theirs.goto(section);
    await mark(theirs, 'V03A').click();
    await dialog(theirs).waitFor();
    await look(theirs, 'query-dialog-narrow');
  });

  await test('without JavaScript the same by plain pages', async () => {
    const page = await site.person('janis@example.org', { javaScriptEnabled: false });
    await page.goto(section);
    await mark(page, 'V03A').click();
    await page.waitForURL(/\/h\/V03A/);
    await page.locator('.query textarea').fill('Jā, tā ir.');
    await page.getByRole('button', { name: 'Nosūtīt atbildi' }).click();
    await page.getByText('Atbilde ir nosūtīta koordinatoram').waitFor();
    const staff = await site.person('ilze@example.org', { javaScriptEnabled: false });
    await staff.goto(list);
    await staff.locator('.query-answered').getByRole('button', { name: 'Slēgt precizējumu' }).click();
    await staff.getByText('Precizējums ir slēgts.').waitFor();
    await staff.goto(`${site.url}/queries`);
    await staff.getByRole('button', { name: 'Meklēt, kas jāprecizē' }).click();
    await staff.getByText('Jaunu ieteikumu nav').waitFor();
  });
} finally {
  await site.stop();
}
