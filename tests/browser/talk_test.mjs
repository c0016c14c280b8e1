// Two colleagues: notes, flags, restoring an answer, sections given to somebody, inviting and removing; with the dialog and
// without JavaScript.
import { Site, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

try {
  const anna = await site.person('anna@example.org');
  const janis = await site.person('janis@example.org');
  const response = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
  const section = `${site.url}/r/${response}/s/21006`;
  const dialog = anna.locator('dialog.question-dialog');
  const talk = (page, key) => page.locator(`[data-talk="${key}"]`);
  const saved = page => page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/s/'));
  const sent = page => page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/h/'));
  const fill = async (page, id, value) => {
    const done = saved(page);
    await page.locator(`[name="a:${id}"]`).fill(value);
    await page.locator(`[name="a:${id}"]`).blur();
    await done;
    await page.waitForFunction(() => document.getElementById('saved').classList.contains('good'));
  };

  await test('the calm form: an unanswered question has one quiet link and no mark', async () => {
    await anna.goto(section);
    equal(await talk(anna, 'V01').locator('a:visible').allTextContents(), ['Piezīme'], 'links');
    await shot(anna, 'talk-form-calm');
    equal(await violations(anna), [], 'axe');
  });

  await test('the link opens the question in a dialog; Escape closes it and focus returns', async () => {
    await talk(anna, 'V01').locator('.talk-notes').click();
    await dialog.waitFor();
    equal(anna.url(), section, 'the form is still there');
    truth(await anna.evaluate(() => document.activeElement.id === 'note-text'), 'the note is at hand');
    equal(await violations(anna), [], 'axe with the dialog open');
    await anna.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    truth(await anna.evaluate(() => document.activeElement.matches('[data-talk="V01"] .talk-notes')), 'focus is back');
    await anna.keyboard.press('Enter');
    await dialog.waitFor();
    await anna.getByRole('button', { name: 'Aizvērt' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  await test('a note is added in the dialog, the form behind keeps its place and counts it', async () => {
    await talk(anna, 'V01').scrollIntoViewIfNeeded();
    const before = await anna.evaluate(() => scrollY);
    await talk(anna, 'V01').locator('.talk-notes').click();
    await dialog.locator('textarea').fill('Skaitlis no <b>gada</b> pārskata.\nJāprecizē ar Zani.');
    const done = sent(anna);
    await anna.getByRole('button', { name: 'Pievienot piezīmi' }).click();
    await done;
    await dialog.getByText('Piezīme ir pievienota').waitFor();
    equal(await dialog.locator('.said .lines').textContent(), 'Skaitlis no <b>gada</b> pārskata.\nJāprecizē ar Zani.', 'as typed');
    equal(await dialog.locator('textarea').inputValue(), '', 'the field is empty again');
    const flagged = sent(anna);
    await anna.getByRole('button', { name: 'Atzīmēt pārbaudei' }).click();
    await flagged;
    await dialog.getByText('Jautājums ir atzīmēts pārbaudei').waitFor();
    equal(await violations(anna), [], 'axe with a note and a flag');
    await shot(anna, 'talk-dialog-wide');
    await anna.keyboard.press('Escape');
    equal(await anna.evaluate(() => scrollY), before, 'nobody lost their place');
    equal(await talk(anna, 'V01').locator('a:visible').allTextContents(), ['Jāpārbauda', '1 piezīme'], 'beside the answer');
    await shot(anna, 'talk-form-wide');
    await anna.reload();
    equal(await talk(anna, 'V01').locator('a:visible').allTextContents(), ['Jāpārbauda', '1 piezīme'], 'the server says the same');
    equal(await violations(anna), [], 'axe of the form with a flag');
  });

  await test('an empty note is refused in the dialog; a note that was not sent waits', async () => {
    await talk(anna, 'V00J').locator('.talk-notes').click();
    const done = sent(anna);
    await anna.getByRole('button', { name: 'Pievienot piezīmi' }).click();
    await done;
    await dialog.getByText('Ierakstiet piezīmi').waitFor();
    await dialog.locator('textarea').fill('Pusratā');
    await anna.keyboard.press('Escape');
    await anna.reload();
    await talk(anna, 'V00J').locator('.talk-notes').click();
    await dialog.waitFor();
    equal(await dialog.locator('textarea').inputValue(), 'Pusratā', 'is there again');
    await anna.context().setOffline(true);
    await anna.getByRole('button', { name: 'Pievienot piezīmi' }).click();
    await dialog.getByText('Neizdevās nosūtīt').waitFor();
    equal(await dialog.locator('textarea').inputValue(), 'Pusratā', 'and was not lost without a connection');
    await anna.context().setOffline(false);
    const sentNow = sent(anna);
    await anna.getByRole('button', { name: 'Pievienot piezīmi' }).click();
    await sentNow;
    await dialog.getByText('Piezīme ir pievienota').waitFor();
    await anna.getByRole('button', { name: /^Atsaukt piezīmi/ }).click();
    await dialog.getByText('Piezīme ir atsaukta').waitFor();
    await anna.keyboard.press('Escape');
    equal(await talk(anna, 'V00J').locator('a:visible').allTextContents(), ['Piezīme'], 'taken back');
    anna.problems = anna.problems.filter(text => !/400|ERR_INTERNET_DISCONNECTED/.test(text));
    equal(anna.problems, [], 'the console is clean');
  });

  await test('an earlier answer is restored in the dialog and stands in the form', async () => {
    await fill(anna, 'V01', '5,5');
    await janis.goto(section);
    await fill(janis, 'V01', '7,5');
    await anna.reload();
    equal(await anna.locator('[name="a:V01"]').inputValue(), '7,5', 'what Jānis saved');
    await anna.locator('[data-state="V01"] a').click();
    await dialog.waitFor();
    await shot(anna, 'talk-history-wide');
    const done = sent(anna);
    await anna.getByRole('button', { name: /^Atjaunot šo atbildi/ }).click();
    await done;
    await dialog.getByText('Atbilde ir atjaunota').waitFor();
    await anna.keyboard.press('Escape');
    await anna.waitForFunction(() => document.querySelector('[name="a:V01"]')?.value === '5,5');
    await fill(anna, 'V01', '6');
    equal(await anna.locator('.conflict').count(), 0, 'the form goes on from the restored version');
  });

  await test('a restore that comes too late says so in the dialog and overwrites nothing', async () => {
    await anna.reload();
    await anna.locator('[data-state="V01"] a').click();
    await dialog.waitFor();
    await janis.reload();
    await fill(janis, 'V01', '8');
    const done = sent(anna);
    await anna.getByRole('button', { name: /^Atjaunot šo atbildi/ }).last().click();
    await done;
    await dialog.getByText('Atbilde nav atjaunota').waitFor();
    equal(await violations(anna), [], 'axe with the refusal');
    await anna.keyboard.press('Escape');
    await janis.reload();
    equal(await janis.locator('[name="a:V01"]').inputValue(), '8', 'the newer answer stands');
  });

  await test('the reply to a save or a poll brings what colleagues said', async () => {
    await anna.evaluate(() => document.dispatchEvent(new CustomEvent('anketa:state',
      { detail: { talk: { V00J: { notes: 2, notes_text: '2 piezīmes', flag: true } } } })));
    equal(await talk(anna, 'V00J').locator('a:visible').allTextContents(), ['Jāpārbauda', '2 piezīmes'], 'said');
    equal(await talk(anna, 'V01').locator('a:visible').allTextContents(), ['Piezīme'], 'nothing said');
  });

  await test('without JavaScript: the same on pages of their own', async () => {
    const plain = await site.person('janis@example.org', { javaScriptEnabled: false });
    await plain.goto(section);
    await plain.locator('[data-talk="V01"] .talk-notes').click();
    await plain.locator('textarea').fill('Atbilde kolēģei');
    await plain.getByRole('button', { name: 'Pievienot piezīmi' }).click();
    truth(await plain.getByText('Piezīme ir pievienota').isVisible(), 'added');
    await plain.getByRole('button', { name: 'Noņemt atzīmi' }).click();
    truth(await plain.getByText('Atzīmi noņēma Jānis Kalniņš').isVisible(), 'lowered');
    await plain.getByRole('button', { name: /^Atjaunot šo atbildi/ }).last().click();
    truth(await plain.getByText('Atbilde ir atjaunota').isVisible(), 'restored');
    equal(await plain.locator('.summary dd').first().textContent(), '5,5', 'the present answer');
    await plain.getByRole('button', { name: 'Atzīmēt pārbaudei' }).click();
    await plain.getByRole('link', { name: 'Atpakaļ uz jautājumu' }).click();
    equal(await plain.locator('[name="a:V01"]').inputValue(), '5,5', 'in the form');
    equal(await plain.locator('[data-talk="V01"] a:visible').allTextContents(), ['Jāpārbauda', '2 piezīmes'], 'marks');
  });

  await test('the page of a question and the dialog fit a phone', async () => {
    await anna.goto(`${site.url}/r/${response}/h/V01`);
    equal(await violations(anna), [], 'axe of the page');
    await shot(anna, 'talk-page-wide');
    const small = await site.person('janis@example.org', phone);
    await small.goto(`${site.url}/r/${response}/h/V01`);
    truth(await fits(small), 'the page');
    await shot(small, 'talk-page-phone');
    await small.goto(section);
    truth(await fits(small), 'the form');
    await shot(small, 'talk-form-phone');
    await talk(small, 'V01').locator('.talk-flag').click();
    await small.locator('dialog.question-dialog').waitFor();
    truth(await fits(small), 'the dialog');
    await shot(small, 'talk-dialog-phone');
    equal(await violations(small), [], 'axe of the dialog on a phone');
    await small.keyboard.press('Escape');
    await small.context().close();
  });

  await test('a section is given to a colleague, who sees it first', async () => {
    await anna.goto(`${site.url}/work`);
    const task = anna.locator('.tasks li').filter({ has: anna.locator('a[href$="/s/21002"]') });
    await task.locator('summary').click();
    await task.locator('select').selectOption({ label: 'Jānis Kalniņš' });
    await shot(anna, 'talk-assign-wide');
    equal(await violations(anna), [], 'axe with the form open');
    await task.getByRole('button', { name: 'Uzticēt', exact: true }).click();
    await anna.getByText('Uzticēta: Jānis Kalniņš').waitFor();
    await janis.goto(`${site.url}/work`);
    truth((await janis.locator('.mine').textContent()).includes('Vispirms Jums uzticētā sadaļa'), 'comes first');
    equal(await violations(janis), [], 'axe');
    await shot(janis, 'talk-work-wide');
    await janis.getByRole('link', { name: 'Turpināt sadaļu' }).click();
    await janis.waitForURL(/\/s\/21002/);
    equal((await janis.locator('.assignee').textContent()).replace(/\s+/g, ' ').trim(), 'uzticēta: Jānis Kalniņš', 'in the navigation');
    await shot(janis, 'talk-nav-wide');
    const small = await site.person('janis@example.org', phone);
    await small.goto(`${site.url}/work`);
    truth(await fits(small), 'the workplace on a phone');
    await shot(small, 'talk-work-phone');
    await small.context().close();
  });

  await test('a colleague is invited, a wrong address stays in its field, and the colleague is removed', async () => {
    await anna.goto(`${site.url}/work`);
    await anna.getByRole('link', { name: 'Kolēģi un uzaicināšana' }).click();
    equal(await violations(anna), [], 'axe');
    await anna.getByLabel('Vārds, uzvārds').fill('Dace Kalna');
    await anna.getByLabel('E-pasts').fill('zane@example.org');
    await anna.getByRole('button', { name: 'Nosūtīt uzaicinājumu' }).click();
    await anna.getByText('Šo adresi nevar uzaicināt').waitFor();
    equal(await anna.getByLabel('E-pasts').inputValue(), 'zane@example.org', 'kept');
    equal(await violations(anna), [], 'axe with a refusal');
    await shot(anna, 'people-refused-wide');
    await anna.getByLabel('E-pasts').fill('dace@example.org');
    await anna.getByLabel(/^Tālrunis/).fill('+371 67000000');
    await anna.getByRole('button', { name: 'Nosūtīt uzaicinājumu' }).click();
    await anna.getByText('Uzaicinājums tiek nosūtīts: Dace Kalna').waitFor();
    await shot(anna, 'people-wide');
    const dace = await site.person('dace@example.org');
    equal(await dace.locator('.tasks a').first().getAttribute('href'), `/r/${response}/s/21006`, 'the same response');
    await anna.reload();
    const card = anna.locator('section.card').filter({ hasText: 'Dace Kalna' });
    await card.locator('summary', { hasText: /^Noņemt/ }).click();
    equal(await violations(anna), [], 'axe with the question open');
    await shot(anna, 'people-remove-wide');
    await anna.getByRole('button', { name: 'Jā, noņemt' }).click();
    await anna.getByText('Kontaktpersona ir noņemta').waitFor();
    await dace.goto(`${site.url}/work`);
    equal(new URL(dace.url()).pathname, '/', 'Dace is out');
    const small = await site.person('janis@example.org', phone);
    await small.goto(`${site.url}/people`);
    truth(await fits(small), 'on a phone');
    equal(await violations(small), [], 'axe on a phone');
    await shot(small, 'people-phone');
    await small.context().close();
  });

  await test('a flagged question is named before submitting', async () => {
    await anna.goto(`${site.url}/r/${response}/check`);
    const flagged = anna.locator('.flagged');
    truth((await flagged.textContent()).includes('Atzīmēts pārbaudei'), 'said');
    equal(await flagged.locator('a').getAttribute('href'), `/r/${response}/h/V01`, 'leads to the question');
    await shot(anna, 'talk-check-wide');
    equal(await violations(anna), [], 'axe');
  });
} finally {
  await site.stop();
}
