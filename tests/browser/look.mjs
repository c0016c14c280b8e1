// Screenshots of every page at both widths, for people to look at: SHOTS=folder node tests/browser/look.mjs
import { Site, shot, violations, fits } from './harness.mjs';

const site = await Site.start();
const sizes = [['wide', { width: 1280, height: 900 }], ['phone', { width: 360, height: 740 }]];
const dark = process.env.DARK ? { colorScheme: 'dark' } : {};

async function look(page, name) {
  for (const [size, viewport] of sizes) {
    await page.setViewportSize(viewport);
    await page.waitForTimeout(120);
    await shot(page, `${name}-${size}`);
    if (!(await fits(page))) console.log(`# ${name} is wider than ${size}`);
  }
  for (const line of await violations(page)) console.log(`# ${name}: ${line}`);
}

try {
  const visitor = await site.person(null, dark);
  await visitor.goto(site.url);
  await look(visitor, 'welcome');
  await visitor.goto(site.link('anna@example.org'));
  await look(visitor, 'link');
  await visitor.goto(`${site.url}/e/wrong`);
  await look(visitor, 'link-bad');
  await visitor.goto(`${site.url}/accessibility`);
  await look(visitor, 'accessibility');

  const anna = await site.person('anna@example.org', dark);
  await look(anna, 'work');
  const id = (await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2];
  for (const section of ['21006', '21001', '21002', '21003', '21004', '21005']) {
    await anna.goto(`${site.url}/r/${id}/s/${section}`);
    await look(anna, `section-${section}`);
  }
  await anna.goto(`${site.url}/r/${id}/s/21006`);
  await anna.setViewportSize(sizes[0][1]);
  await anna.locator('[name="a:V00J"]').fill('pieci');
  await anna.locator('[name="a:V01"]').fill('1 234,5');
  await anna.locator('[name="a:V01"]').blur();
  await anna.waitForTimeout(1200);
  await anna.goto(`${site.url}/r/${id}/s/21006?e=1`);
  await look(anna, 'section-error');
  await anna.goto(`${site.url}/r/${id}/check`);
  await look(anna, 'check');
  await anna.goto(`${site.url}/r/${id}/h/V01`);
  await look(anna, 'history');
  await anna.goto(`${site.url}/r/999999/s/21006`);
  await look(anna, 'error');
  await anna.goto(`${site.url}/work`);
  await look(anna, 'work-started');
  const links = await anna.locator('.tasks a').evaluateAll(list => list.map(a => a.getAttribute('href')));
  const services = links.find(l => l.endsWith('/services') || !l.includes(`/r/${id}/`));
  await anna.goto(`${site.url}${services}`);
  await anna.setViewportSize(sizes[0][1]);
  await anna.locator('[name="add:services"]').fill('Deklarētās dzīvesvietas reģistrēšana');
  await anna.getByRole('button', { name: 'Pievienot', exact: true }).click();
  await anna.waitForLoadState();
  await look(anna, 'services');

  const ilze = await site.person('ilze@example.org', dark);
  await look(ilze, 'field');
  const martins = await site.person('martins@example.org', dark);
  await look(martins, 'data');
  const liga = await site.person('liga@example.org', dark);
  await shot(liga, 'expert');
  for (const page of [visitor, anna, ilze, martins]) for (const p of page.problems) console.log(`# console: ${p}`);
} finally {
  await site.stop();
  console.log(site.log);
}
