// Accounts in a browser: setting one up, signing in, the pages of an administrator; with and without JavaScript, on a phone.
import { createHmac } from 'node:crypto';
import { Site, anketa, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start({ options: [] });
const password = 'garā pīle lido zemu';
anketa('person', 'add', 'andris@example.org', '--data', site.data, '--name', 'Andris Vītols', '--role', 'administrator');

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

/** RFC 6238; steps: of half a minute from now. */
function totp(secret, steps = 0) {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest(), at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

let secret, codes;
try {
  const page = await site.person();

  await test('setting up an account', async () => {
    await page.goto(site.link('andris@example.org'));
    await looks(page, 'setup');
    await page.getByLabel('Jaunā parole', { exact: true }).fill('Andris Vītols 1');
    await page.getByLabel('Jaunā parole vēlreiz').fill('Andris Vītols 1');
    await page.getByRole('button', { name: 'Turpināt' }).click();
    truth(await page.getByRole('link', { name: /gandrīz tikai Jūsu vārds/ }).isVisible(), 'refused, with the reason');
    await looks(page, 'setup-refused');
    await page.getByLabel('Jaunā parole', { exact: true }).fill(password);
    await page.getByLabel('Jaunā parole vēlreiz').fill(password);
    await page.getByRole('button', { name: 'Turpināt' }).click();
    truth(await page.getByRole('img', { name: /Kvadrātkods/ }).isVisible(), 'the square code');
    await looks(page, 'factor');
    secret = (await page.locator('.secret code').textContent()).replaceAll(' ', '');
    await page.getByLabel('Kods no lietotnes').fill(totp(secret));
    await page.getByRole('button', { name: 'Pabeigt iestatīšanu' }).click();
    codes = await page.locator('.codes code').allTextContents();
    equal(codes.length, 10, 'recovery codes');
    await looks(page, 'codes');
    await page.getByRole('link', { name: /Kodi ir saglabāti/ }).click();
    truth(page.url().endsWith('/field'), 'where the role begins');
  });

  await test('signing in', async () => {
    await page.getByRole('button', { name: 'Iziet' }).click();
    await looks(page, 'welcome');
    await page.getByRole('link', { name: 'ieeja ar paroli' }).click();
    await looks(page, 'sign-in');
    await page.getByLabel('E-pasta adrese').fill('andris@example.org');
    await page.getByLabel('Parole', { exact: true }).fill('nav pareiza parole');
    await page.getByRole('button', { name: 'Turpināt' }).click();
    truth(await page.getByText('E-pasta adrese vai parole nav pareiza.').isVisible(), 'wrong');
    equal(await page.getByLabel('E-pasta adrese').inputValue(), 'andris@example.org', 'the address stays');
    await looks(page, 'sign-in-wrong');
    await page.getByLabel('Parole', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Turpināt' }).click();
    await looks(page, 'sign-in-code');
    await page.getByLabel('Kods', { exact: true }).fill(codes[0]);
    await page.getByRole('button', { name: 'Ieiet' }).click();
    truth(await page.getByText('Jūs ienācāt ar atkopes kodu').isVisible(), 'by a recovery code');
    await looks(page, 'account-security');
    await page.getByRole('link', { name: 'Mainīt paroli' }).click();
    await looks(page, 'password');
  });

  await test('staff', async () => {
    await page.getByRole('link', { name: 'Darbinieki' }).click();
    await looks(page, 'staff');
    await page.getByLabel('Vārds, uzvārds').fill('Jauna Darbiniece');
    await page.getByRole('button', { name: 'Pievienot un nosūtīt saiti' }).click();
    truth(await page.getByRole('link', { name: /e-pasta adres/ }).isVisible(), 'an address is missing');
    equal(await page.getByLabel('Vārds, uzvārds').inputValue(), 'Jauna Darbiniece', 'the name stays');
    await looks(page, 'staff-refused');
    await page.getByLabel('E-pasta adrese', { exact: true }).fill('jauna@example.org');
    await page.getByLabel('Eksperts').check();
    await page.getByRole('button', { name: 'Pievienot un nosūtīt saiti' }).click();
    truth(await page.getByText('Darbinieks ir pievienots').isVisible(), 'added');
    await page.getByRole('link', { name: 'Jauna Darbiniece' }).click();
    await page.getByLabel('Pētnieks').check();
    await page.getByRole('button', { name: 'Mainīt lomu' }).click();
    truth(await page.getByText('Loma ir mainīta.').isVisible(), 'role');
    await looks(page, 'staff-person');
    await page.getByRole('button', { name: 'Noņemt' }).click();
    truth(await page.getByText('Darbinieks ir noņemts.').isVisible(), 'removed');
  });

  await test('a contact’s sessions', async () => {
    const zane = await site.person('zane@example.org');
    await page.goto(`${site.url}/staff`);
    await page.getByPlaceholder('Vārds vai e-pasta adrese').fill('zane liepa');
    await page.getByRole('button', { name: 'Meklēt' }).click();
    await looks(page, 'staff-search');
    await page.getByRole('link', { name: 'Zane Liepa' }).click();
    truth(await page.getByText('Chrome, Linux').isVisible(), 'her browser');
    await page.getByRole('button', { name: /^Beigt sesiju/ }).click();
    truth(await page.getByText('Atvērtu sesiju nav.').isVisible(), 'ended');
    await zane.goto(`${site.url}/work`);
    truth(zane.url().includes('/?next='), 'she is out');
    await zane.context().close();
  });

  await test('the log of events', async () => {
    await page.getByRole('link', { name: 'Notikumi', exact: true }).click();
    await looks(page, 'audit');
    await page.getByLabel('Veids').selectOption('sign-in-failed');
    await page.getByRole('button', { name: 'Rādīt' }).click();
    equal(await page.locator('.audit tbody tr').count(), 1, 'one failed attempt');
    truth(await page.getByText('neizdevusies ieeja, 127.0.0.1').isVisible(), 'in words');
    equal(page.problems.filter(p => !p.includes('400')), [], 'console');
  });

  await test('without JavaScript, and in other languages', async () => {
    const plain = await site.person(undefined, { javaScriptEnabled: false, locale: 'ru-RU' });
    await plain.goto(`${site.url}/sign-in`);
    await plain.getByLabel('Адрес эл. почты').fill('andris@example.org');
    await plain.getByLabel('Пароль', { exact: true }).fill(password);
    await plain.getByRole('button', { name: 'Продолжить' }).click();
    await plain.getByLabel('Код', { exact: true }).fill(codes[1]);
    await plain.getByRole('button', { name: 'Войти' }).click();
    truth(plain.url().includes('/account'), 'in');
    await plain.goto(`${site.url}/audit`);
    equal(await plain.locator('.audit tbody tr').count() > 10, true, 'events');
    await plain.goto(`${site.url}/staff`);
    truth(await fits(plain), 'fits');
    await plain.context().close();
  });
} finally {
  await site.stop();
}
