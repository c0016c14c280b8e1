// The coordinator's mail in a browser: planning, words, rules, the outbox; with and without JavaScript, on a phone.
import { Site, anketa, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start({ deadline: new Date(Date.now() + 7 * 86400000).toISOString().slice(0, 10) });

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

async function plan(page) {
  await page.goto(`${site.url}/field`);
  await page.getByRole('link', { name: 'Pasts', exact: true }).click();
  await page.getByRole('link', { name: 'Jauns sūtījums' }).first().click();
  await page.getByLabel('Atgādinājums par termiņu').check();
  await page.getByLabel('Statuss').selectOption('open');
  await page.getByRole('button', { name: 'Rādīt saņēmējus' }).click();
  truth(await page.getByRole('heading', { name: 'Vēstuli saņems 3 personas 2 iestādēs' }).isVisible(), 'how many');
  await page.getByText('Kas saņems', { exact: true }).click();
  truth(await page.getByText('zane@example.org').first().isVisible(), 'who');
  await page.getByLabel('Datums').fill('31.2.2027');
  await page.getByRole('button', { name: 'Ieplānot' }).click();
  await page.getByRole('link', { name: /Ierakstiet datumu/ }).click();
  equal(await page.getByLabel('Datums').inputValue(), '31.2.2027', 'date kept');
  await page.getByLabel('Datums').fill('6.12.2027');
  await page.getByLabel('Datums').press('Enter'); // plans, and never sends now
  truth(await page.getByText('Sūtījums ir ieplānots.').isVisible(), 'planned');
}

try {
  const page = await site.person('ilze@example.org');

  await test('empty pages', async () => {
    for (const name of ['', '/new', '/templates', '/rules', '/outbox']) {
      await page.goto(`${site.url}/mailings${name}`);
      await looks(page, `mailing-empty${name.replace('/', '-')}`);
    }
  });

  await test('a mailing is planned and called off', async () => {
    await plan(page);
    await looks(page, 'mailing-planned');
    await page.getByText('Atcelt sūtījumu').click();
    await page.getByRole('button', { name: 'Jā, atcelt' }).click();
    truth(await page.getByText('Atcelts.', { exact: false }).first().isVisible(), 'called off');
    equal(page.problems.filter(p => !p.includes('400')), [], 'console');
  });

  await test('what will be sent is shown', async () => {
    await page.goto(`${site.url}/mailings/new?mail=invitation&look=1`);
    await page.getByText('Izvēlēties iestādes').click();
    await looks(page, 'mailing-new');
    await page.getByLabel('Finanšu ministrija').check();
    await page.getByRole('button', { name: 'Rādīt saņēmējus' }).click();
    truth(await page.getByRole('heading', { name: 'Vēstuli saņems 1 persona 1 iestādē' }).isVisible(), 'the ticked one');
    await page.getByRole('button', { name: 'Sūtīt tagad (1)' }).click();
    truth(await page.getByText('Sūtījums ir sākts.').isVisible(), 'begun');
    for (let i = 0; i < 60 && !(await page.getByText('Nosūtītas 1 no 1.').isVisible()); i++) {
      await page.waitForTimeout(500);
      await page.reload();
    }
    await looks(page, 'mailing-sent');
    await page.goto(`${site.url}/mailings`);
    await looks(page, 'mailing-list');
  });

  await test('words are changed, tried and put back', async () => {
    await page.goto(`${site.url}/mailings/templates?mail=deadline&language=lv`);
    await page.getByLabel('Teksts', { exact: true }).fill('Labdien, {vards}!\n{link}');
    await page.getByRole('button', { name: 'Saglabāt' }).click();
    truth(await page.getByText('1. rindas 10. vietā ir nezināms vietturis „vards”').first().isVisible(), 'where it is wrong');
    await looks(page, 'words-problem');
    await page.getByLabel('Teksts', { exact: true }).fill('Labdien, {name}!\n\n{link}\n\nTermiņš: {deadline}.');
    await page.getByLabel('Saņēmējs').fill('Zane');
    await page.getByRole('button', { name: 'Rādīt' }).click();
    truth(await page.getByText('Labdien, Zane Liepa!').isVisible(), 'as it would go out');
    await looks(page, 'words-preview');
    await page.getByRole('button', { name: 'Saglabāt' }).click();
    truth(await page.getByText('Teksts ir saglabāts.').isVisible(), 'saved');
    await page.getByRole('button', { name: 'Atjaunot sākotnējo tekstu' }).click();
    truth(await page.getByText('Atkal tiek lietots sākotnējais teksts.').isVisible(), 'put back');
    await looks(page, 'words');
  });

  await test('rules', async () => {
    await page.goto(`${site.url}/mailings/rules`);
    await page.getByRole('textbox', { name: 'Dienas' }).fill('x');
    await page.getByRole('button', { name: 'Pievienot' }).click();
    await page.getByRole('link', { name: /Ierakstiet dienu skaitu/ }).click();
    await page.getByRole('textbox', { name: 'Dienas' }).fill('7');
    await page.getByRole('textbox', { name: 'Stunda' }).fill('19');
    await page.getByRole('button', { name: 'Pievienot' }).click();
    truth(await page.getByText('Noteikums ir pievienots.').isVisible(), 'added');
    await page.getByLabel('Kad atgādināt').selectOption('idle');
    await page.getByRole('textbox', { name: 'Dienas' }).fill('21');
    await page.getByRole('button', { name: 'Pievienot' }).click();
    await looks(page, 'rules');
    await page.getByRole('button', { name: 'Izslēgt' }).first().click();
    truth(await page.getByText('Izslēgts', { exact: true }).isVisible(), 'off');
  });

  await test('the outbox, and a message that came back', async () => {
    await page.goto(`${site.url}/mailings/outbox`);
    await looks(page, 'outbox');
    await page.getByRole('link', { name: /Uzaicinājums aizpildīt anketu/ }).click();
    truth(await page.getByText('[personiskā saite]').isVisible(), 'no link');
    await page.getByText('Atzīmēt kā atgrieztu').first().click();
    await page.getByLabel('Kas rakstīts atgrieztajā vēstulē').fill('Pastkastīte neeksistē');
    await page.getByRole('button', { name: 'Atzīmēt kā atgrieztu' }).click();
    await looks(page, 'message');
    await page.getByRole('link', { name: 'Finanšu ministrija' }).click();
    truth(await page.getByText('Pastkastīte neeksistē').first().isVisible(), 'a warning at the institution');
    await looks(page, 'institution-mail');
  });

  await test('other languages', async () => {
    for (const [code, words] of [['en', 'Mailings'], ['ru', 'Рассылки']]) {
      await page.goto(`${site.url}/mailings`);
      await page.locator(`.languages button[value="${code}"]`).click();
      truth(await page.getByRole('heading', { name: words }).isVisible(), words);
      for (const name of ['/new?mail=deadline&look=1', '/templates?mail=deadline&language=ru', '/rules', '/outbox']) {
        await page.goto(`${site.url}/mailings${name}`);
        await looks(page, `mailing-${code}${name.split('?')[0].replace('/', '-')}`);
      }
    }
  });

  await test('all the same without JavaScript', async () => {
    anketa('person', 'add', 'dace@example.org', '--data', site.data, '--name', 'Dace Dūja', '--role', 'coordinator');
    await plan(await site.person('dace@example.org', { javaScriptEnabled: false }));
  });
} finally {
  await site.stop();
}
