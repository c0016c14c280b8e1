// The list of institutions in a browser: files, previews, contacts, nominations; wide and on a phone.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Site, anketa, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();

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

async function choose(page, text) {
  const path = join(site.data, 'saraksts.csv');
  writeFileSync(path, text);
  await page.goto(`${site.url}/frame`);
  await page.getByLabel('Datne', { exact: true }).setInputFiles(path);
  await page.getByRole('button', { name: 'Skatīt, kas mainīsies' }).click();
}

try {
  const page = await site.person('ilze@example.org');

  await test('the list', async () => {
    await page.goto(`${site.url}/frame`);
    await looks(page, 'frame');
    await page.getByText('Pievienot iestādi', { exact: true }).click();
    await page.getByRole('button', { name: 'Pievienot', exact: true }).click();
    truth(await page.getByText('iestādei nav nosaukuma').isVisible(), 'what is wrong');
    await looks(page, 'frame-add');
  });

  await test('a file is looked at and taken over', async () => {
    await choose(page, 'Nosaukums;Reģistrācijas numurs;E-pasts;Kontaktpersona;Kontaktpersonas e-pasts\n' +
      'Aizsardzības ministrija;90000022632;pasts@mod.gov.lv;Anna Liepa;anna.liepa@mod.gov.lv\nJauna iestāde;90000099999;;;\n');
    await looks(page, 'frame-preview');
    await page.getByRole('button', { name: 'Pārņemt' }).click();
    truth(await page.getByText('Jaunas vai mainītas iestādes: 2').isVisible(), 'taken over');
  });

  await test('a file with faults', async () => {
    await choose(page, 'Nosaukums;E-pasts;Krāsa\nViena;slikts;zila\n;otra@example.org;\n');
    truth(await page.getByText('Datnē ir 2 kļūdas').isVisible(), 'how many');
    await looks(page, 'frame-faults');
    equal(await page.getByRole('button', { name: 'Pārņemt' }).count(), 0, 'nothing to press');
    await choose(page, '');
    truth(await page.getByText('Datne ir tukša.').isVisible(), 'an empty file');
  });

  await test('contacts of an institution', async () => {
    await page.goto(`${site.url}/frame?find=aizsardz`);
    await page.getByRole('link', { name: 'Aizsardzības ministrija' }).click();
    await page.getByRole('button', { name: 'Sūtīt saiti: Anna Liepa' }).click();
    truth(await page.getByText('Personiskā saite tiks nosūtīta').isVisible(), 'sent');
    await looks(page, 'frame-people');
    await page.getByRole('link', { name: 'Pievienot kontaktpersonu' }).click();
    await page.getByRole('button', { name: 'Saglabāt' }).click();
    await looks(page, 'frame-contact');
  });

  await test('nominations', async () => {
    const link = new URL(anketa('nomination', 'link', 'FM', '--round', 'e-index-2017', '--data', site.data).trim()).pathname;
    const visitor = await site.person(null);
    await visitor.goto(site.url + link);
    await looks(visitor, 'nomination-empty');
    await visitor.getByLabel('Kas aizpilda šo lapu').first().fill('Direktore A. Ozola');
    await visitor.getByLabel('Vārds, uzvārds').fill('Rita Riekstiņa');
    await visitor.getByLabel('E-pasts').fill('rita@example.org');
    await visitor.getByRole('button', { name: 'Pieteikt', exact: true }).click();
    truth(await visitor.getByText('Paldies. Pieteikums ir nosūtīts').isVisible(), 'sent');
    await looks(visitor, 'nomination');
    await page.goto(`${site.url}/frame/nominations`);
    await looks(page, 'nominations');
    await page.getByRole('button', { name: 'Apstiprināt un nosūtīt saiti' }).click();
    truth(await page.getByText('Apstiprināts.').isVisible(), 'approved');
  });
} finally {
  await site.stop();
}
