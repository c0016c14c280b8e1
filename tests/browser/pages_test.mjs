// Every page at both widths, in light and dark: axe-core finds nothing, nothing sticks out, the console is clean.
// SHOTS=folder keeps the screenshots for people to look at.
import { Site, test, equal, violations, fits, shot } from './harness.mjs';

const site = await Site.start();
const SIZES = [['wide', { width: 1280, height: 900 }], ['phone', { width: 360, height: 740 }]];

async function look(page, name, expectedProblems = 0) {
  await test(`${name}: axe, 360 and 1280 px, console`, async () => {
    for (const [size, viewport] of SIZES) {
      await page.setViewportSize(viewport);
      for (const colorScheme of size === 'wide' ? ['light', 'dark'] : ['light']) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(60);
        await shot(page, `${name}-${size}${colorScheme === 'dark' ? '-dark' : ''}`);
        equal(await fits(page), true, `${size} fits`);
        equal(await violations(page), [], `axe, ${size}, ${colorScheme}`);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(SIZES[0][1]);
    equal(page.problems.splice(0).length, expectedProblems, 'console');
  });
}

try {
  const visitor = await site.person(null);
  await visitor.goto(site.url);
  await look(visitor, 'welcome');
  await visitor.goto(`${site.url}/work`);
  await look(visitor, 'welcome-ended');
  await visitor.goto(site.link('anna@example.org'));
  await look(visitor, 'link');
  await visitor.goto(`${site.url}/e/wrong`);
  await look(visitor, 'link-bad', 1);
  await visitor.goto(`${site.url}/accessibility`);
  await look(visitor, 'accessibility');
  await visitor.goto(`${site.url}/privacy`);
  await look(visitor, 'privacy');

  const anna = await site.person('anna@example.org');
  await look(anna, 'work');
  const id = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
  for (const section of ['21006', '21001', '21002', '21003', '21004', '21005']) {
    await anna.goto(`${site.url}/r/${id}/s/${section}`);
    await look(anna, `section-${section}`);
  }
  const saved = () => anna.waitForResponse(r => r.request().method() === 'POST');
  for (const [question, code] of [['V11M', 1], ['D10', 1]]) {
    const done = saved();
    await anna.locator(`[name="a:${question}"][value="${code}"]`).check();
    await done;
  }
  await anna.locator('[name="a:V12M_1"]').first().waitFor();
  await look(anna, 'matrix');
  await anna.goto(`${site.url}/r/${id}/s/21006`);
  for (const [question, text] of [['V00J', 'pieci'], ['V01', '1 234,5']]) {
    const done = saved();
    await anna.locator(`[name="a:${question}"]`).fill(text);
    await anna.locator(`[name="a:${question}"]`).blur();
    await done;
  }
  await anna.goto(`${site.url}/r/${id}/s/21006?e=1`);
  await look(anna, 'section-error');
  await anna.goto(`${site.url}/r/${id}/check`);
  await look(anna, 'check');
  await anna.goto(`${site.url}/r/${id}/h/V01`);
  await look(anna, 'history');
  await anna.goto(`${site.url}/r/999999/s/21006`);
  await look(anna, 'error', 1);
  await anna.goto(`${site.url}/work`);
  await look(anna, 'work-started');
  const links = await anna.locator('.tasks a').evaluateAll(list => list.map(a => a.getAttribute('href')));
  await anna.goto(site.url + links.find(link => !link.startsWith(`/r/${id}/`)));
  await anna.locator('[name="add:services"]').fill('Deklarētās dzīvesvietas reģistrēšana');
  await anna.getByRole('button', { name: 'Pievienot', exact: true }).click();
  await anna.locator('.row-label').waitFor();
  await look(anna, 'services');
  for (const language of ['en', 'ru']) {
    await anna.locator(`.languages button[value=${language}]`).click();
    await anna.goto(`${site.url}/r/${id}/s/21005`);
    await look(anna, `section-${language}`);
  }

  const ilze = await site.person('ilze@example.org');
  await look(ilze, 'field');
  await ilze.goto(`${site.url}/field/list?find=nav+t%C4%81das`);
  await look(ilze, 'field-empty');
  const martins = await site.person('martins@example.org');
  await look(martins, 'data');
  const liga = await site.person('liga@example.org');
  await look(liga, 'expert');
} finally {
  await site.stop();
}
