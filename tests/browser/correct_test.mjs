// A contact has a section open while the questionnaire is corrected: nothing typed is lost, the page says what happened, and the
// new one shows what no longer fits. The coordinator's page before and after.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Site, equal, fits, shot, test, truth, violations } from './harness.mjs';

const FORM = `questionnaire: q
version: "1"
languages: [lv, en]
title: {lv: Pārskats par tīmekļvietnēm, en: Report on websites}
sections:
  - id: s1
    title: {lv: Tīmekļvietne, en: Website}
    questions:
      - {id: A1, type: select_one, text: {lv: Vai iestādei ir tīmekļvietne?, en: Is there a website?},
         options: [{code: 1, text: {lv: jā, en: "yes"}}, {code: 2, text: {lv: nē, en: "no"}}, {code: 3, text: {lv: "plānota, bet vēl nav izveidota", en: planned}}]}
      - {id: C3, type: integer, max: 1000000, text: {lv: Cik apmeklējumu bija gadā?, en: How many visits?}}
      - {id: T4, type: text, required: false, text: {lv: Piezīmes, en: Notes}}
      - {id: T6, type: text, required: false, text: {lv: Adrese, en: Address}}
  - id: s2
    title: {lv: Darbinieki, en: Staff}
    questions:
      - {id: N1, type: integer, text: {lv: Cik darbinieku uztur tīmekļvietni?, en: How many staff?}}
`;
const ROUND = `round: r1
title: {lv: Tīmekļvietņu pārskats 2026, en: Websites, ru: Сайты}
opens: 2026-11-01
deadline: 2099-12-06
institutions: institutions.csv
help: {phone: '+371 67000000', email: help@example.org}
questionnaires:
  - {file: q.yaml, by: contact}
`;
const SECOND = FORM.replace('version: "1"', 'version: "2"')
  .replace(', {code: 3, text: {lv: "plānota, bet vēl nav izveidota", en: planned}}', ', {code: 4, text: {lv: tiek veidota, en: being made}}')
  .replace('id: T4', 'id: T5').replace('Cik apmeklējumu bija gadā?', 'Cik apmeklējumu bija 2025. gadā?')
  .replace('max: 1000000', 'max: 500');

const folder = mkdtempSync(join(tmpdir(), 'anketa-correct-'));
writeFileSync(join(folder, 'q.yaml'), FORM);
writeFileSync(join(folder, 'round.yaml'), ROUND);
writeFileSync(join(folder, 'institutions.csv'), 'name,abbreviation\nVides aizsardzības un reģionālās attīstības ministrija,VARAM\nFinanšu ministrija,FM\n');
const site = await Site.start({ folder });
const anna = await site.person('anna@example.org');
const ilze = await site.person('ilze@example.org');
const noScript = await site.person('janis@example.org', { javaScriptEnabled: false });

const input = (page, key) => page.locator(`#i-${key}`);
const saved = page => page.waitForFunction(() => document.getElementById('saved').classList.contains('good'));

await test('the coordinator looks at the versions', async () => {
  await ilze.goto(`${site.url}/field/questionnaires`);
  truth(await ilze.getByText('pašreizējā').isVisible(), 'the current version is named');
  equal(await violations(ilze), [], 'axe');
  await shot(ilze, 'correct-versions-1280');
  await ilze.setViewportSize({ width: 360, height: 800 });
  truth(await fits(ilze), 'nothing sticks out');
  await shot(ilze, 'correct-versions-360');
  await ilze.setViewportSize({ width: 1280, height: 900 });
});

await test('a text with mistakes comes back with them', async () => {
  await ilze.getByLabel('Vai anketas teksts').fill(FORM.replace('type: integer, max', 'type: integr, max'));
  await ilze.getByRole('button', { name: 'Skatīt, kas mainīsies' }).click();
  const summary = ilze.getByRole('alert');
  truth((await summary.textContent()).includes('integr'), 'the finding');
  equal(await summary.locator('pre').count(), 1, 'with its line');
  truth((await ilze.getByLabel('Vai anketas teksts').inputValue()).includes('integr'), 'what was typed');
  equal(await violations(ilze), [], 'axe');
  await shot(ilze, 'correct-findings-1280');
  await ilze.setViewportSize({ width: 360, height: 800 });
  truth(await fits(ilze), 'nothing sticks out');
  await shot(ilze, 'correct-findings-360');
  await ilze.setViewportSize({ width: 1280, height: 900 });
});

let section;
await test('a contact fills in the first version', async () => {
  await anna.goto(`${site.url}/work`);
  await anna.getByRole('link', { name: 'Tīmekļvietne', exact: true }).click();
  section = new URL(anna.url()).pathname;
  await anna.getByLabel('plānota, bet vēl nav izveidota').check();
  await input(anna, 'C3').fill('1200');
  await input(anna, 'T4').fill('Sākta martā');
  await input(anna, 'T6').fill('varam.gov.lv');
  await input(anna, 'T6').blur();
  await saved(anna);
  await noScript.goto(`${site.url}${section}`);
});

await test('the coordinator sees what a correction does, and publishes it', async () => {
  await ilze.goto(`${site.url}/field/questionnaires`);
  await ilze.locator('input[type=file]').setInputFiles({ name: 'q.yaml', mimeType: 'text/yaml', buffer: Buffer.from(SECOND) });
  await ilze.getByRole('button', { name: 'Skatīt, kas mainīsies' }).click();
  await ilze.getByRole('heading', { name: /versija 1 → 2/ }).waitFor();
  truth((await ilze.locator('.effects').textContent()).includes('Vides aizsardzības'), 'the institution is named');
  equal(await violations(ilze), [], 'axe');
  await shot(ilze, 'correct-preview-1280');
  await ilze.setViewportSize({ width: 360, height: 800 });
  truth(await fits(ilze), 'nothing sticks out');
  await shot(ilze, 'correct-preview-360');
  await ilze.setViewportSize({ width: 1280, height: 900 });
  await ilze.getByLabel('Skaidrojums iestādēm').fill('Kopā ar statistikas pārvaldi precizējām, par kuru gadu jautājam.');
  await ilze.getByRole('button', { name: 'Publicēt laboto anketu' }).click();
  await ilze.getByText('Labotā anketa ir publicēta').waitFor();
  await shot(ilze, 'correct-published-1280');
});

await test('the open page learns it; what is typed is saved or kept', async () => {
  await input(anna, 'T6').fill('www.varam.gov.lv');
  await input(anna, 'T4').fill('Sākta martā, pabeigs jūnijā');
  await input(anna, 'T4').blur();
  await anna.locator('#corrected').waitFor();
  const kept = anna.locator('#outbox');
  await kept.waitFor();
  truth((await kept.textContent()).includes('Sākta martā, pabeigs jūnijā'), 'what cannot be saved is shown');
  equal(await input(anna, 'T4').inputValue(), 'Sākta martā, pabeigs jūnijā', 'and stays in its field');
  equal(await violations(anna), [], 'axe');
  await shot(anna, 'correct-open-1280');
  await anna.setViewportSize({ width: 360, height: 800 });
  truth(await fits(anna), 'nothing sticks out');
  await shot(anna, 'correct-open-360');
  await anna.setViewportSize({ width: 1280, height: 900 });
});

await test('the corrected page has everything, with what no longer fits beside its field', async () => {
  await anna.getByRole('button', { name: 'Atvērt laboto anketu' }).click();
  await anna.locator('[data-misfit="A1"]').waitFor();
  equal(await input(anna, 'T6').inputValue(), 'www.varam.gov.lv', 'a question that is still there was saved');
  truth((await anna.locator('#outbox').textContent()).includes('pabeigs jūnijā'), 'what could not be saved is still shown');
  truth((await anna.locator('[data-misfit="A1"]').textContent()).includes('plānota, bet vēl nav izveidota'), 'the old answer in words');
  truth(await anna.locator('[data-misfit="C3"]').isVisible(), 'the value over the new bound');
  equal(await anna.getByRole('radio', { checked: true }).count(), 0, 'nothing is chosen for them');
  equal(await violations(anna), [], 'axe');
  await shot(anna, 'correct-section-1280');
  await anna.setViewportSize({ width: 360, height: 800 });
  truth(await fits(anna), 'nothing sticks out');
  await shot(anna, 'correct-section-360');
  await anna.setViewportSize({ width: 1280, height: 900 });
});

await test('answering anew takes the notice away', async () => {
  await anna.getByLabel('tiek veidota').check();
  await anna.locator('[data-misfit="A1"]').waitFor({ state: 'detached' });
  await anna.locator('#outbox').getByRole('button', { name: /Noņemt|Aizmirst|Dzēst/ }).first().click();
  await anna.goto(`${site.url}/work`);
  await anna.getByRole('link', { name: 'Skatīt, kas mainīts' }).waitFor();
  equal(await violations(anna), [], 'axe');
  await shot(anna, 'correct-work-1280');
  await anna.getByRole('link', { name: 'Skatīt, kas mainīts' }).click();
  const text = await anna.locator('main').textContent();
  for (const part of ['Sākta martā', 'Kopā ar statistikas pārvaldi', '1200'])
    truth(text.includes(part), part);
  equal(await violations(anna), [], 'axe');
  await shot(anna, 'correct-page-1280');
  await anna.setViewportSize({ width: 360, height: 800 });
  truth(await fits(anna), 'nothing sticks out');
  await shot(anna, 'correct-page-360');
  await anna.getByRole('button', { name: 'Esmu iepazinies' }).click();
  await anna.waitForLoadState();
  equal(await anna.getByText('Svītrotie jautājumi').count(), 0, 'noted');
  truth((await anna.locator('main').textContent()).includes('1200'), 'what waits for an answer stays');
  await anna.setViewportSize({ width: 1280, height: 900 });
});

await test('without a script: a page of before is saved as far as it goes', async () => {
  await noScript.locator('#i-T4').fill('Bez skripta');
  await noScript.locator('#i-T6').fill('cita.lv');
  await noScript.getByRole('button', { name: 'Saglabāt', exact: true }).last().click();
  await noScript.waitForLoadState();
  const text = await noScript.locator('main').textContent();
  truth(text.includes('Bez skripta'), 'what was refused is shown');
  equal(await noScript.getByRole('radio', { checked: true }).getAttribute('value'), '4', 'a colleague\'s new answer stands');
  truth(await noScript.locator('[data-misfit="C3"]').isVisible(), 'what was only sent along settles nothing');
  await shot(noScript, 'correct-plain-1280');
});

await test('no page had a fault', async () => {
  const own = anna.problems.filter(text => !/status of 4/.test(text));
  equal(own, [], 'console');
});

await site.stop();
rmSync(folder, { recursive: true, force: true });
