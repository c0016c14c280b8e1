// Steering a round in a browser: at both widths, with axe-core, with and without JavaScript; what is typed when the round
// closes stays to be copied.
import { Site, test, equal, truth, violations, fits, shot, anketa } from './harness.mjs';

const site = await Site.start();

async function look(page, name) {
  for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['phone', { width: 360, height: 740 }]]) {
    await page.setViewportSize(viewport);
    await shot(page, `${name}-${size}`);
    truth(await fits(page), `${name} fits, ${size}`);
    equal(await violations(page), [], `axe on ${name}, ${size}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function steer(page, script) {
  await page.goto(`${site.url}/field/list?find=VARAM`);
  await page.getByRole('link', { name: /Vides aizsardzības/ }).first().click();
  const institution = page.url();
  await look(page, `institution-${script}`);
  await page.getByLabel('Ar ko', { exact: true }).fill('Anna');
  await page.getByLabel('Par ko runāts').fill('Sola līdz piektdienai');
  await page.getByLabel('Par ko runāts').press('Enter');
  truth(await page.getByText('Sola līdz piektdienai').first().isVisible(), 'the call is written down');
  await page.getByRole('link', { name: 'Pagarināt termiņu' }).click();
  await page.getByLabel('Jaunā pēdējā diena').fill('31.2.2099');
  await page.getByLabel('Pamatojums', { exact: true }).fill('Slimība');
  await page.getByRole('button', { name: 'Pagarināt termiņu' }).click();
  equal(await page.getByLabel('Pamatojums', { exact: true }).inputValue(), 'Slimība', 'what was typed');
  await look(page, `deadline-${script}`);
  await page.goto(institution);
  await page.getByRole('link', { name: 'Pilnvarojumi' }).click();
  await look(page, `authority-${script}`);
  await page.goto(`${site.url}/field/calls`);
  await look(page, `calls-${script}`);
  for (const address of ['round', 'round/close', 'round/report']) {
    await page.goto(`${site.url}/field/${address}`);
    await look(page, `${address.replace('/', '-')}-${script}`);
  }
  return institution;
}

try {
  const ilze = await site.person('ilze@example.org');
  const anna = await site.person('anna@example.org');
  let institution;

  await test('a coordinator steers', async () => { institution = await steer(ilze, 'script'); equal(ilze.problems.length, 1, 'console: one refused form'); });

  await test('a coordinator steers without JavaScript', async () => {
    const plain = await site.browser.newContext({ javaScriptEnabled: false, locale: 'lv-LV' });
    const page = await plain.newPage();
    await page.goto(site.link('ilze@example.org'));
    await page.getByRole('button', { name: 'Turpināt' }).click();
    await page.goto(institution);
    await page.getByLabel('Par ko runāts').fill('Bez skripta');
    await page.getByRole('button', { name: 'Pierakstīt' }).click();
    truth(await page.getByText('Bez skripta').first().isVisible(), 'written down');
  });

  await test('entering in the name of an institution says so', async () => {
    await ilze.goto(institution);
    await ilze.getByRole('link', { name: 'Pilnvarojumi' }).click();
    await ilze.getByLabel('Kas iestādē deva').fill('Jānis Kalns');
    await ilze.getByLabel('Amats', { exact: true }).fill('direktors');
    await ilze.getByLabel('Pilnvarojuma pamats').fill('vēstule Nr. 1-7/23');
    await ilze.getByRole('button', { name: 'Reģistrēt' }).click();
    truth(await ilze.getByText('Pilnvarojums ir reģistrēts.').isVisible(), 'recorded');
    await anna.goto(`${site.url}/work`);
    truth(await anna.getByText('Iestādes vārdā atbildes ievada Ilze Ozola').isVisible(), 'the notice');
    await look(anna, 'behalf');
    const response = await anna.locator('a[href^="/r/"]').first().getAttribute('href');
    await ilze.goto(site.url + response.match(/^\/r\/\d+/)[0]);
    truth(await ilze.getByText('Jūs ievadāt atbildes iestādes vārdā').isVisible(), 'the banner');
    await look(ilze, 'in-name');
  });

  await test('what is typed when the round closes stays to be copied', async () => {
    await anna.goto(`${site.url}/work`);
    const response = (await anna.locator('a[href^="/r/"]').first().getAttribute('href')).match(/^\/r\/\d+/)[0];
    await anna.goto(`${site.url}${response}`);
    const field = anna.locator('#form input[type=text]:visible, #form textarea:visible').first();
    await field.waitFor();
    await ilze.goto(`${site.url}/field/round/close`);
    await ilze.getByRole('textbox').fill('e-index-2017');
    await ilze.getByRole('button', { name: 'Slēgt kārtu' }).click();
    truth(await ilze.getByText('Kārta ir slēgta.').first().isVisible(), 'closed');
    if (await field.isEnabled()) {
      await field.fill('4711');
      await field.blur();
    }
    await anna.getByText('Aptaujas kārta ir slēgta').or(anna.getByText('iesniegta vai slēgta')).first().waitFor();
    await anna.goto(`${site.url}/work`);
    truth(await anna.getByText('kārta ir slēgta', { exact: false }).first().isVisible(), 'the workplace says so');
    await look(anna, 'work-closed');
    await ilze.goto(`${site.url}/field/round/report`);
    truth(await ilze.getByText('Neiesniedza kontaktpersonu').first().isVisible(), 'the report');
  });
} finally {
  await site.stop();
}
