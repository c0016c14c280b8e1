// Signing in leads back to where one was; the time that it took stands on the institution's page.
// SHOTS=folder keeps the screenshots for people to look at.
import { execFileSync } from 'node:child_process';
import { Site, test, equal, truth, violations, fits, shot } from './harness.mjs';

const site = await Site.start();
/* Of the section; an open page posts signs of life as well. */
const saved = page => page.waitForResponse(r => r.request().method() === 'POST' && /\/s\/[^/]+$/.test(new URL(r.url()).pathname));
/* The script of a page goes to the field once it has run. */
async function focused(page) {
  await page.waitForFunction(() => document.activeElement.name, null, { timeout: 5000 }).catch(() => null);
  return page.evaluate(() => document.activeElement.name || '');
}

async function look(page, name) {
  for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['phone', { width: 360, height: 740 }]]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(60);
      await shot(page, `${name}-${size}-${colorScheme}`);
      equal(await fits(page), true, `${name} ${size} fits`);
      equal(await violations(page), [], `${name}, axe, ${size}, ${colorScheme}`);
    }
  }
  equal(page.problems.splice(0), [], `${name}, console`);
}

async function fill(page, question, text) {
  const done = saved(page);
  await page.locator(`[name="a:${question}"]`).fill(text);
  await page.locator(`[name="a:${question}"]`).blur();
  await done;
}

/* Some days of work, a colleague who was invited, one who has left. */
const earlierWork = `
import sqlite3, sys
base, response = sqlite3.connect(sys.argv[1]), int(sys.argv[2])
base.execute("INSERT INTO person (email, name, phone, language, role, institution, created_ms, changed_ms, removed_ms, invited_by)"
             " SELECT 'aivars.garais-uzvards@ministrija.example.org', 'Aivars Garais-Uzvārds', '+371 67 026 533', 'lv', 0, institution, created_ms, 0, 0, id"
             " FROM person WHERE email = 'anna@example.org'")
base.execute("INSERT INTO person (email, name, phone, language, role, institution, created_ms, changed_ms, removed_ms)"
             " SELECT 'dace@example.org', 'Dace Aizgājusī', '', 'lv', 0, institution, created_ms, 0, created_ms"
             " FROM person WHERE email = 'anna@example.org'")
anna, = base.execute("SELECT id FROM person WHERE email = 'anna@example.org'").fetchone()
base.execute("UPDATE round_institution SET responsible = ?, comment = 'Piedalās pirmo reizi' WHERE institution = (SELECT institution FROM person WHERE id = ?)", (anna, anna))
started, _ = base.execute("SELECT min(started_ms), 0 FROM sitting").fetchone()
for day in range(1, 5):
    for section, minutes in (('21006', 4), ('21001', 11), ('21002', 31), ('21005', 17)):
        base.execute("INSERT INTO sitting VALUES (?, ?, ?, ?, 1, ?, ?)", (response, anna + day % 2, started - day * 86400000, section, minutes * 60000 // day, started))
base.execute("UPDATE response SET active_ms = (SELECT coalesce(sum(active_ms), 0) FROM sitting WHERE response_id = response.id)")
base.commit()
`;

try {
  let id;

  await test('the first time leads to the workplace', async () => {
    const anna = await site.person('anna@example.org');
    equal(new URL(anna.url()).pathname, '/work', 'address');
    id = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
    await anna.context().close();
  });

  await test('the section, the field and the values are there again', async () => {
    const before = await site.person('anna@example.org');
    await before.goto(`${site.url}/r/${id}/s/21006`);
    await fill(before, 'V00J', '12');
    await fill(before, 'V01', '1 234');
    await before.locator('[name="a:V01"]').focus();
    await before.context().close();
    const anna = await site.person('anna@example.org');
    equal(new URL(anna.url()).pathname, `/r/${id}/s/21006`, 'the section');
    equal(new URL(anna.url()).hash, '#q-V01', 'the place');
    equal(await focused(anna), 'a:V01', 'the field');
    equal(await anna.locator('[name="a:V01"]').inputValue(), '1234', 'its value');
    equal(await anna.locator('[name="a:V00J"]').inputValue(), '12', 'the other one');
    truth(await anna.getByText('Turpiniet, kur beidzāt.').isVisible(), 'it says so');
    await look(anna, 'resumed');
    await anna.getByRole('link', { name: 'Uz darba vietu' }).click();
    await anna.waitForURL('**/work');
    await anna.context().close();
  });

  await test('a colleague starts at the workplace', async () => {
    const janis = await site.person('janis@example.org');
    equal(new URL(janis.url()).pathname, '/work', 'address');
    await janis.context().close();
  });

  await test('where one looked last counts, also without a script and after a restart', async () => {
    const anna = await site.person('anna@example.org', { javaScriptEnabled: false });
    await anna.goto(`${site.url}/r/${id}/s/21001`);
    await anna.context().close();
    await site.kill('SIGTERM');
    await site.serve();
    const again = await site.person('anna@example.org');
    equal(new URL(again.url()).pathname, `/r/${id}/s/21001`, 'the section');
    equal(new URL(again.url()).hash, '', 'no field was touched');
    await again.context().close();
  });

  await test('a session that ended: the link from the mail leads back', async () => {
    const anna = await site.person('anna@example.org');
    await anna.goto(`${site.url}/r/${id}/s/21006`);
    const done = saved(anna); /* the field keeps the focus, so that signs of life name it as well */
    await anna.locator('[name="a:V00J"]').fill('7');
    await anna.locator('[name="a:V00J"]').dispatchEvent('change');
    await done;
    await anna.context().clearCookies();
    await anna.reload();
    truth(await anna.getByText('Sesija ir beigusies').isVisible(), 'it has ended');
    await anna.goto(site.link('anna@example.org'));
    await anna.getByRole('button', { name: 'Turpināt' }).click();
    await anna.waitForURL(`**/r/${id}/s/21006?*`);
    equal(await focused(anna), 'a:V00J', 'the field');
    await anna.context().close();
  });

  await test('a row of a roster is open again', async () => {
    const janis = await site.person('janis@example.org');
    const links = await janis.locator('.tasks a').evaluateAll(list => list.map(a => a.getAttribute('href')));
    await janis.goto(site.url + links.find(link => !link.startsWith(`/r/${id}/`)));
    await janis.locator('[name="add:services"]').fill('Deklarētās dzīvesvietas reģistrēšana');
    await janis.getByRole('button', { name: 'Pievienot', exact: true }).click();
    await janis.locator('.row-label').waitFor();
    const field = janis.locator('.row-body [name^="a:"]').first();
    const name = await field.getAttribute('name');
    const done = saved(janis);
    if (await field.getAttribute('type') === 'radio') await field.check();
    else { await field.fill('3'); await field.blur(); }
    await done;
    await janis.context().close();
    const again = await site.person('janis@example.org');
    equal(await focused(again), name, 'the field');
    truth(await again.locator(`[name="${name}"]`).first().isVisible(), 'its row is open');
    await again.context().close();
  });

  await test('the institution of the coordinator', async () => {
    await site.kill('SIGTERM');
    execFileSync('/usr/bin/python3', ['-c', earlierWork, `${site.data}/anketa.db`, id]);
    await site.serve();
    const ilze = await site.person('ilze@example.org');
    await ilze.goto(`${site.url}/field/list`);
    truth(await ilze.getByText(/Vidēji aizpildei veltīts: .*, n\s=\s1/).isVisible(), 'the average');
    await look(ilze, 'field-time');
    await ilze.goto(`${site.url}/field/list?find=VARAM`);
    await ilze.setViewportSize({ width: 1280, height: 900 });
    await ilze.locator('tbody tr', { hasText: 'VARAM' }).locator('th a').click();
    await ilze.waitForURL('**/field/i/**');
    truth(await ilze.locator('.frame-people b', { hasText: 'Jānis Kalniņš' }).isVisible(), 'people');
    truth(await ilze.getByText('uzaicināja Anna Bērziņa').isVisible(), 'who invited whom');
    equal(await ilze.locator('.frame-people li', { hasText: 'Anna Bērziņa' }).getByText('Atbildīgā persona').count(), 1, 'who answers for it');
    truth(await ilze.locator('.frame-people .gone', { hasText: 'Dace' }).getByText(/^Noņemta /).isVisible(), 'who has left');
    truth(await ilze.getByText(/^2\u00a0h 1[12]\u00a0min$/).first().isVisible(), 'the whole time');
    truth(await ilze.getByText(/visās iestādēs/i).first().isVisible(), 'time');
    await look(ilze, 'institution');
    await ilze.setViewportSize({ width: 1280, height: 900 });
    await ilze.getByRole('link', { name: /pašvērtējum/i }).first().click();
    await ilze.waitForURL(`**/r/${id}/s/**`);
    await ilze.goto(`${site.url}/field/list?find=finan%C5%A1u+minis`);
    await ilze.getByRole('link', { name: 'Finanšu ministrija', exact: true }).click();
    await look(ilze, 'institution-untouched');
    await ilze.goto(`${site.url}/field/list?find=%C4%81rlietu`);
    await ilze.locator('tbody th a').first().click();
    await look(ilze, 'institution-empty');
  });

  await test('what is measured is said in plain words', async () => {
    const visitor = await site.person(null);
    await visitor.goto(`${site.url}/privacy`);
    truth(await visitor.getByText('Laiku mēra, lai zinātu').isVisible(), 'on the privacy page');
    await look(visitor, 'privacy');
  });
} finally {
  await site.stop();
}
