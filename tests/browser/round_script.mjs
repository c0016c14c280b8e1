// A whole round as it is lived, from the list of institutions to the report: a coordinator, institutions that name, fill, forget and
// submit, a real mail server, and a clock that the test moves. Each step goes on from the one before.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Site, anketa, equal, root, test, truth } from './harness.mjs';

const FORM = `questionnaire: q
version: "1"
languages: [lv, en]
title: {lv: Pārskats par tīmekļvietnēm, en: Report on websites}
sections:
  - id: s1
    title: {lv: Tīmekļvietne, en: Website}
    questions:
      - {id: A1, type: select_one, text: {lv: Vai iestādei ir tīmekļvietne?, en: Is there a website?},
         options: [{code: 1, text: {lv: jā, en: "yes"}}, {code: 2, text: {lv: nē, en: "no"}}]}
      - {id: C3, type: integer, max: 1000000, text: {lv: Cik apmeklējumu bija gadā?, en: How many visits?}}
      - {id: T4, type: text, required: false, text: {lv: Piezīmes, en: Notes}}
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
const LIST = `Nosaukums;Saīsinājums;Reģistrācijas numurs;E-pasts;Kontaktpersona;Kontaktpersonas e-pasts
Valsts kase;VK;90000050138;pasts@kase.example.org;;
Kultūras ministrija;KM;90000042963;pasts@km.example.org;Katrīna Ābele;katrina@example.org
`;

// ---- the clock: day 0 is tomorrow, so that no midnight comes in between; the last day is day 7

const DAY_MS = 86400000;
const folder = mkdtempSync(join(tmpdir(), 'anketa-round-'));
const clock = join(folder, 'clock');
const first = Date.UTC(...new Date(Date.now() + DAY_MS).toISOString().slice(0, 10).split('-').map((n, i) => n - (i === 1 ? 1 : 0)));
const day = number => new Date(first + number * DAY_MS);
const iso = number => day(number).toISOString().slice(0, 10);
const typed = number => iso(number).split('-').reverse().join('.');
const said = number => `${day(number).getUTCFullYear()}. gada ${day(number).getUTCDate()}. ${
  new Intl.DateTimeFormat('lv-LV', { month: 'long', timeZone: 'UTC' }).format(day(number))}`;
const due = number => new RegExp(`Termiņš: (\\d+\\. gada )?${said(number).split('gada ')[1].replace('.', '\\.')}`); // this year's is not said
/** It is this hour (by UTC; Riga is two or three ahead) of this day. */
const moveTo = (number, hour) => writeFileSync(clock, `${first + number * DAY_MS + hour * 3600000 - Date.now()}\n`);
moveTo(0, 10);
process.env.ANKETA_CLOCK = clock;

// ---- mail that arrives

const inbox = join(folder, 'inbox');
mkdirSync(inbox);
const post = spawn('/usr/bin/python3', [join(root, 'tests/browser/smtp_server.py'), inbox], { stdio: ['pipe', 'pipe', 'inherit'] });
const port = await new Promise((resolve, reject) => {
  post.stdout.once('data', text => resolve(Number(text)));
  post.once('exit', () => reject(new Error('the mail server did not start')));
});
const mails = subject => readdirSync(inbox).filter(name => name.endsWith('.json')).sort()
  .map(name => JSON.parse(readFileSync(join(inbox, name), 'utf8'))).filter(mail => mail.subject.startsWith(subject));
const receivers = subject => mails(subject).flatMap(mail => mail.to).sort();
const linkIn = mail => mail.text.match(/https?:\/\/\S+\/[en]\/\S+/)[0];

/** Waits until so many messages of this subject have come; gives the last one to the address. */
async function arrived(subject, count, address) {
  for (let i = 0; i < 400 && mails(subject).length < count; i++) await new Promise(resolve => setTimeout(resolve, 100));
  equal(receivers(subject).length, count, `messages „${subject}” (${receivers(subject)})`);
  const mine = mails(subject).filter(mail => mail.to.includes(address));
  truth(mine.length > 0, `„${subject}” to ${address}: ${receivers(subject)}`);
  return mine.at(-1);
}

// ---- the round

mkdirSync(join(folder, 'round'));
for (const [name, text] of [['q.yaml', FORM], ['round.yaml', ROUND],
  ['institutions.csv', 'name,abbreviation\nVides aizsardzības un reģionālās attīstības ministrija,VARAM\nFinanšu ministrija,FM\n']])
  writeFileSync(join(folder, 'round', name), text);
const site = await Site.start({ folder: join(folder, 'round'), deadline: iso(7) });
writeFileSync(join(site.data, 'mail.conf'),
  `server = smtp://127.0.0.1:${port}\nsecurity = none\nfrom = anketa@example.org\nfrom_name = Anketu sistēma\n`, { mode: 0o600 });
await site.kill('SIGTERM');
site.options.push('--base', site.url);
await site.serve();

const go = (page, address) => page.goto(site.url + address);
const shows = (page, text) => page.getByText(text).first().waitFor({ timeout: 15000 });

async function follow(page, link) {
  await page.goto(link);
  await page.getByRole('button', { name: 'Turpināt' }).click();
  await page.waitForURL(url => !url.pathname.startsWith('/e/'));
}

/** Types into a field, or chooses with true, and waits until it is saved. */
async function put(page, id, value) {
  const done = page.waitForResponse(r => r.request().method() === 'POST' && r.url().includes('/s/'));
  if (id === 'A1') await page.locator(`[name="a:A1"][value="${value}"]`).check();
  else {
    await page.locator(`[name="a:${id}"]`).fill(value);
    await page.locator(`[name="a:${id}"]`).blur();
  }
  equal((await done).status(), 200, `${id} is saved`);
  await page.waitForFunction(() => document.getElementById('saved').classList.contains('good'));
}

/** The clock moves and what is due then is sent, while the server rests: one look that is known to have been. */
async function look(number, hour) {
  await site.kill('SIGTERM');
  moveTo(number, hour);
  anketa('mail', 'send', '--data', site.data);
  await site.serve();
}

async function responseOf(page) {
  await go(page, '/work');
  return (await page.locator('.tasks a').first().getAttribute('href')).match(/^\/r\/\d+/)[0];
}

async function submit(page, response) {
  await go(page, `${response}/check`);
  await page.getByRole('button', { name: 'Iesniegt anketu' }).click();
  await page.waitForURL(/receipt/);
  await page.getByRole('heading', { name: 'Anketa ir iesniegta' }).waitFor();
}

async function statusOf(page, name) {
  await go(page, `/field/list?round=r1&find=${encodeURIComponent(name)}`);
  return (await page.locator('.field-list tbody tr .tag').first().textContent()).trim();
}

try {
  let ilze = await site.person('ilze@example.org');
  const official = await site.person(null), rita = await site.person(null);
  let response, institution;

  await test('the list of institutions is taken over from a file', async () => {
    const path = join(folder, 'saraksts.csv');
    writeFileSync(path, LIST);
    await go(ilze, '/frame');
    await ilze.locator('input[type=file]').setInputFiles(path);
    await ilze.getByRole('button', { name: 'Skatīt, kas mainīsies' }).click();
    await shows(ilze, 'jaunas: 2, mainītas: 0, bez izmaiņām: 0');
    await ilze.getByRole('button', { name: 'Pārņemt' }).click();
    await shows(ilze, 'Jaunas vai mainītas iestādes: 2, kontaktpersonas: 1');
    await go(ilze, '/frame');
    await shows(ilze, '4 iestādes');
    const row = ilze.locator('tbody tr').filter({ hasText: 'Valsts kase' });
    truth((await row.textContent()).includes('pasts@kase.example.org'), 'with the official address');
    equal((await row.locator('td').last().textContent()).trim(), '0', 'and no contact');
  });

  await test('an institution names its contact by the letter that came; the coordinator approves', async () => {
    await go(ilze, '/frame/nominations');
    await ilze.getByText('Lūgt pieteikt kontaktpersonas').click();
    await ilze.getByRole('button', { name: 'Nosūtīt vēstules' }).click();
    await shows(ilze, 'Vēstules tiks nosūtītas');
    const letter = await arrived('Lūdzam pieteikt kontaktpersonas', 1, 'pasts@kase.example.org');
    truth(letter.text.includes('Valsts kase') && letter.text.includes(said(7)), letter.text);
    await official.goto(linkIn(letter));
    await official.getByLabel('Kas aizpilda šo lapu').first().fill('Direktore A. Ozola');
    await official.getByLabel('Vārds, uzvārds').fill('Rita Riekstiņa');
    await official.getByLabel('E-pasts').fill('rita@example.org');
    await official.getByLabel('Šī persona atbild par anketu').check();
    await official.getByRole('button', { name: 'Pieteikt', exact: true }).click();
    await shows(official, 'Paldies. Pieteikums ir nosūtīts');
    await go(ilze, '/frame/nominations');
    const card = ilze.locator('section.card').filter({ hasText: 'Rita Riekstiņa' });
    truth((await card.textContent()).includes('Valsts kase'), 'who asks');
    await card.getByRole('button', { name: 'Apstiprināt', exact: true }).click();
    await shows(ilze, 'Apstiprināts.');
    await official.reload();
    await shows(official, 'Apstiprināts');
    equal(await statusOf(ilze, 'Valsts kase'), 'Nav uzaicināta', 'approved, not yet invited');
  });

  await test('those not invited are invited, and the link that came opens the form', async () => {
    await go(ilze, '/mailings/new');
    await ilze.getByLabel('Uzaicinājums').check();
    await ilze.getByLabel('Statuss').selectOption('not_invited');
    await ilze.getByRole('button', { name: 'Rādīt saņēmējus' }).click();
    await ilze.getByRole('heading', { name: 'Ziņu saņems 5 personas 4 iestādēs' }).waitFor();
    await ilze.getByRole('button', { name: 'Sūtīt tagad (5)' }).click();
    await shows(ilze, 'Sūtījums ir sākts.');
    const letter = await arrived('Uzaicinājums aizpildīt anketu', 5, 'rita@example.org');
    equal(receivers('Uzaicinājums'), ['anna', 'janis', 'katrina', 'rita', 'zane'].map(n => `${n}@example.org`), 'each once');
    truth(linkIn(letter).startsWith(`${site.url}/e/`), linkIn(letter));
    equal(await statusOf(ilze, 'Valsts kase'), 'Uzaicināta', 'invited');
    await follow(rita, linkIn(letter));
    response = await responseOf(rita);
    await shows(rita, 'Valsts kase');
    await shows(rita, due(7));
  });

  await test('the contact fills a part; others begin, submit or do nothing', async () => {
    await go(rita, `${response}/s/s1`);
    await put(rita, 'A1', '1');
    await put(rita, 'C3', '120000');
    await go(rita, `${response}/check`);
    equal(await rita.getByRole('button', { name: 'Iesniegt anketu' }).count(), 0, 'not yet to be submitted');
    for (const [address, parts] of [['katrina', ['s1', 's2']], ['zane', ['s1']]]) {
      const page = await site.person(null);
      await follow(page, linkIn(mails('Uzaicinājums').find(mail => mail.to.includes(`${address}@example.org`))));
      const own = await responseOf(page);
      truth(own !== response, 'another form');
      await go(page, `${own}/s/s1`);
      await put(page, 'A1', '2');
      await put(page, 'C3', '7');
      if (parts.includes('s2')) {
        await go(page, `${own}/s/s2`);
        await put(page, 'N1', '1');
        await submit(page, own);
      }
      await page.context().close();
    }
    for (const [name, status] of [['Valsts kase', 'Tiek aizpildīta'], ['Kultūras', 'Iesniegta'], ['Finanšu', 'Tiek aizpildīta'], ['Vides', 'Uzaicināta']])
      equal(await statusOf(ilze, name), status, name);
  });

  await test('three days before the last day a rule reminds once, and nobody who submitted', async () => {
    await go(ilze, '/mailings/rules');
    await ilze.getByRole('textbox', { name: 'Dienas' }).fill('3');
    await ilze.getByRole('textbox', { name: 'Stunda' }).fill('9');
    await ilze.getByRole('button', { name: 'Pievienot' }).click();
    await shows(ilze, 'Noteikums ir pievienots.');
    await look(3, 10);
    equal(receivers('Atgādinājums'), [], 'four days before');
    moveTo(4, 10);
    const letter = await arrived('Atgādinājums par anketu', 4, 'rita@example.org');
    const whom = ['anna', 'janis', 'rita', 'zane'].map(name => `${name}@example.org`);
    equal(receivers('Atgādinājums'), whom, 'who has not submitted');
    truth(letter.text.includes('atbildēts 2 no 3') && letter.text.includes(said(7)), letter.text);
    await look(4, 11);
    equal(receivers('Atgādinājums'), whom, 'an hour later');
    await follow(rita, linkIn(letter));
    equal(await responseOf(rita), response, 'the link of the reminder opens the same form');
  });

  await test('the coordinator asks, the contact corrects and answers, the coordinator closes', async () => {
    ilze = await site.person('ilze@example.org');
    await go(ilze, `${response}/h/C3`);
    await ilze.locator('#ask-text').fill('Vai tiešām 120 tūkstoši gadā?');
    await ilze.locator('.query-ask button').click();
    await shows(ilze, 'Jautājums ir nosūtīts');
    moveTo(4, 11.2); // questions of some minutes come together
    const letter = await arrived('Lūdzam precizēt atbildes', 1, 'rita@example.org');
    truth(letter.text.includes('Vai tiešām 120 tūkstoši gadā?'), letter.text);
    await follow(rita, linkIn(letter));
    await go(rita, `${response}/s/s1`);
    await put(rita, 'C3', '12000');
    await go(rita, `${response}/h/C3`);
    await rita.locator('.query textarea').fill('Viena nulle bija lieka.');
    await rita.getByRole('button', { name: 'Nosūtīt atbildi' }).click();
    await shows(rita, 'Atbilde ir nosūtīta koordinatoram');
    await go(ilze, '/queries?state=answered');
    await ilze.locator('.query-table a').filter({ hasText: 'C3' }).click();
    await shows(ilze, 'Viena nulle bija lieka.');
    await shows(ilze, /Atbilde ir mainīta\. Bija: 120.?000\. Tagad: 12.?000\./);
    await ilze.getByRole('button', { name: 'Slēgt precizējumu' }).click();
    await shows(ilze, 'Precizējums ir slēgts.');
    await go(ilze, '/queries?state=answered');
    equal(await ilze.locator('.query-table a').filter({ hasText: 'C3' }).count(), 0, 'nothing waits');
  });

  await test('the institution gets a later day with a reason, and sees both', async () => {
    await go(ilze, '/field/list?round=r1&find=Valsts');
    await ilze.getByRole('link', { name: 'Valsts kase' }).first().click();
    institution = ilze.url();
    await ilze.getByRole('link', { name: 'Pagarināt termiņu' }).click();
    await ilze.getByLabel('Jaunā pēdējā diena').fill(typed(14));
    await ilze.getByLabel('Pamatojums', { exact: true }).fill('Mainās atbildīgā persona');
    await ilze.getByLabel('Pamatojumu parādīt arī iestādei').check();
    await ilze.getByRole('button', { name: 'Pagarināt termiņu' }).click();
    await shows(ilze, 'Termiņš ir mainīts.');
    const letter = await arrived('Mainīts anketas iesniegšanas termiņš', 1, 'rita@example.org');
    truth(letter.text.includes(said(14)) && letter.text.includes('Mainās atbildīgā persona'), letter.text);
    await go(rita, '/work');
    await shows(rita, due(14));
    await shows(rita, 'Pamatojums: Mainās atbildīgā persona');
  });

  await test('the contact submits on a day that only the institution has, and gets a receipt', async () => {
    moveTo(9, 10);
    await follow(rita, linkIn(mails('Mainīts anketas').at(-1)));
    await go(rita, `${response}/s/s2`);
    await put(rita, 'N1', '3');
    await submit(rita, response);
    const receipt = await rita.locator('.receipt').textContent();
    truth(receipt.includes('Valsts kase') && receipt.includes('Rita Riekstiņa') && receipt.includes(said(9)), receipt);
    truth(/\S{8}/.test(await rita.locator('.receipt .code').textContent()), 'a code');
    ilze = await site.person('ilze@example.org');
    equal(await statusOf(ilze, 'Valsts kase'), 'Iesniegta', 'in the list');
  });

  await test('opened again with a reason, changed and submitted again: what was and what is', async () => {
    await ilze.goto(institution);
    await ilze.getByRole('link', { name: 'Atvērt labošanai' }).click();
    await ilze.getByLabel('Pamatojums', { exact: true }).fill('Apmeklējumi jāskaita bez robotiem');
    await ilze.getByRole('button', { name: 'Atvērt labošanai' }).click();
    const letter = await arrived('Anketa atvērta labošanai', 1, 'rita@example.org');
    truth(letter.text.includes('Apmeklējumi jāskaita bez robotiem'), letter.text);
    equal(await statusOf(ilze, 'Valsts kase'), 'Atvērta labošanai', 'in the list');
    await follow(rita, linkIn(letter));
    await go(rita, '/work');
    await shows(rita, 'Apmeklējumi jāskaita bez robotiem');
    await go(rita, `${response}/s/s1`);
    await put(rita, 'C3', '9000');
    await submit(rita, response);
    await go(ilze, `${response}/compare?from=1&to=2`);
    equal(await ilze.locator('.changes > li').count(), 1, 'one change');
    equal((await ilze.locator('.changes .q-id').textContent()), 'C3', 'of the question');
    equal((await ilze.locator('.before-after dd').allTextContents()).map(text => text.replace(/\s/g, '')), ['12000', '9000'], 'old → new');
    await shows(ilze, 'Iesniegtās atbildes atbilst apliecinājuma kodam');
  });

  await test('the round is closed: begun is partial, nothing is not participating, and the report says so', async () => {
    await go(ilze, '/field/round/close?round=r1');
    await ilze.getByLabel('Lai slēgtu kārtu').fill('r1');
    await ilze.getByRole('button', { name: 'Slēgt kārtu' }).click();
    await shows(ilze, 'Kārta ir slēgta.');
    for (const [name, status] of [['Valsts kase', 'Iesniegta'], ['Kultūras', 'Iesniegta'], ['Finanšu', 'Daļēji aizpildīta'], ['Vides', 'Nepiedalās']])
      equal(await statusOf(ilze, name), status, name);
    const lines = anketa('round', 'report', 'r1', '--data', site.data).split(/\r?\n/);
    equal(lines[0].split(',').slice(4), ['Statuss', 'Komentārs'], 'the report: its head');
    equal(lines.slice(1).map(line => line.split(',')).map(cells => [cells[1], cells[4], cells[5]].join(': ')).sort(), [
      'Finanšu ministrija: Iekļauts: Daļēji aizpildīts pašvērtējums', 'Kultūras ministrija: Iekļauts: ', 'Valsts kase: Iekļauts: ',
      'Vides aizsardzības un reģionālās attīstības ministrija: Nepiedalās: Neaizpildīja pašvērtējumu'], 'the report');
  });

  await test('the institution’s timeline tells it all', async () => {
    await ilze.goto(institution);
    const told = await ilze.locator('.timeline').allTextContents().then(days => days.join('\n'));
    for (const words of ['pieteikta kontaktpersona Rita Riekstiņa', 'pieteikums apstiprināts', 'lūgts precizēt atbildi', 'precizējums slēgts',
      'Mainās atbildīgā persona', 'anketa atvērta labošanai. Apmeklējumi jāskaita bez robotiem'])
      truth(told.includes(words), `${words}: ${told}`);
    equal(told.split('anketa iesniegta').length - 1, 2, 'submissions');
  });

  await test('the book of events holds, and the dashboard agrees with the list', async () => {
    truth(/^OK: [1-9]\d+ events/.test(anketa('audit', 'verify', '--data', site.data)), 'the chain');
    await go(ilze, '/field?round=r1');
    const stand = await ilze.locator('.board-stand a').evaluateAll(links => links.map(link =>
      [link.getAttribute('href'), link.querySelector('.tag').textContent.trim(), Number(link.querySelector('b').textContent)]));
    equal(stand.filter(([, , number]) => number > 0).map(([, name, number]) => [name, number]),
      [['Iesniegta', 2], ['Daļēji aizpildīta', 1], ['Nepiedalās', 1]], 'the dashboard');
    for (const [href, name, number] of stand) {
      await go(ilze, href);
      equal(await ilze.locator('.field-list tbody tr').count(), number, `the list: ${name}`);
    }
  });
} finally {
  await site.stop();
  post.stdin.end();
  await new Promise(resolve => post.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}
