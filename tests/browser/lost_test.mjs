// Whatever fails, nothing that somebody typed is lost: connection, server, session, browser, storage, clock.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Site, test, equal, truth, violations, fits, shot, anketa } from './harness.mjs';

const site = await Site.start();
const LONG = { timeout: Number(process.env.WAIT || 40000) };
let anna, janis, base;

const field = (page, id) => page.locator(`[name="a:${id}"]`);
const open = (page, section) => page.goto(`${site.url}${base}/s/${section}`);
const status = (page, text) => page.locator('#saved', { hasText: text }).waitFor(LONG);
const stored = page => page.evaluate(() => Object.keys(localStorage).filter(name => name.startsWith('anketa ')));
/** Everything that the browser kept has been acknowledged. */
const acknowledged = page => page.waitForFunction(() => !Object.keys(localStorage).some(name => name.startsWith('anketa ')), null, LONG);
const isSave = request => request.method() === 'POST' && /\/s\/\d+$/.test(request.url());

/** No command does that: who changes institutions is removed here and added there. But access may end under an open page. */
function moveToOtherInstitution(email, abbreviation) {
  execFileSync('/usr/bin/python3', ['-c', `import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=30) as db:
  db.execute("UPDATE person SET institution = (SELECT id FROM institution WHERE abbreviation = ?) WHERE email = ?", sys.argv[2:])`,
    join(site.data, 'anketa.db'), abbreviation, email]);
}

async function type(page, id, text) {
  await field(page, id).fill(text);
  await field(page, id).blur();
}

/** What the server has, seen by somebody else. */
async function arrives(id, text, section = '21006') {
  for (let i = 0; i < 60; i++) {
    await open(janis, section);
    if ((await field(janis, id).inputValue()) === text) return;
    await janis.waitForTimeout(500);
  }
  throw new Error(`${id}: expected ${text}, got ${await field(janis, id).inputValue()}`);
}

/** Another tab of the same browser. */
async function tab(page) {
  const other = await page.context().newPage();
  other.problems = page.problems;
  return other;
}

/** Every save to the section fails until told otherwise. */
async function breakSaves(page, section, how = route => route.abort()) {
  const pattern = `**/s/${section}`, handler = route => (isSave(route.request()) ? how(route) : route.continue());
  await page.context().route(pattern, handler);
  return () => page.context().unroute(pattern, handler);
}

/** A test that leaves no interruption behind, however it ends. */
function trial(name, run) {
  return test(name, async () => {
    try {
      await run();
    } finally {
      for (const page of [anna, janis]) {
        await page.context().setOffline(false);
        await page.context().unrouteAll({ behavior: 'ignoreErrors' });
      }
    }
  });
}

try {
  anna = await site.person('anna@example.org');
  janis = await site.person('janis@example.org');
  base = `/r/${(await anna.locator('.tasks a').first().getAttribute('href')).split('/')[2]}`;

  await trial('without a connection the page counts what waits, and sends it when the connection is back', async () => {
    await open(anna, '21006');
    await anna.context().setOffline(true);
    await type(anna, 'V01', '3,5');
    await status(anna, 'Nav savienojuma.');
    await status(anna, '1 ieraksts gaida savienojumu.');
    await type(anna, 'NOTES_DESC', 'Bez savienojuma');
    await status(anna, '2 ieraksti gaida savienojumu.');
    equal(await violations(anna), [], 'axe');
    await shot(anna, 'lost-offline-wide');
    equal((await stored(anna)).length, 2, 'an item for each');
    await anna.context().setOffline(false);
    await anna.locator('#saved.good').waitFor(LONG);
    equal(await stored(anna), [], 'nothing waits');
    await arrives('V01', '3,5');
    await arrives('NOTES_DESC', 'Bez savienojuma');
  });

  await trial('the browser is closed without a connection: the next visit sends it, from any page', async () => {
    const page = await tab(anna);
    await open(page, '21006');
    await anna.context().setOffline(true);
    await type(page, 'ACHIEVEMENTS_DESC', 'Pirms aizvēršanas');
    await status(page, 'gaida');
    await page.close();
    await anna.goto('about:blank').catch(() => {});
    await anna.context().setOffline(false);
    await anna.goto(`${site.url}/work`);
    await anna.waitForFunction(() => !Object.keys(localStorage).some(name => name.startsWith('anketa ')), null, LONG);
    await arrives('ACHIEVEMENTS_DESC', 'Pirms aizvēršanas');
  });

  await trial('what cannot be sent from one section waits while the person goes on in another and on other pages', async () => {
    await open(anna, '21006');
    const mend = await breakSaves(anna, '21006');
    await type(anna, 'NOTES_DESC', 'Pirmā sadaļa');
    await status(anna, 'gaida');
    await open(anna, '21001');
    await status(anna, '1 ieraksts gaida savienojumu.');
    await anna.locator('[name="a:K13M"][value="99"]').check();
    await field(anna, 'K13M_NOTES').waitFor(LONG);
    await anna.goto(`${site.url}/work`);
    const note = anna.locator('#outbox', { hasText: '1 ieraksts gaida savienojumu.' });
    await note.waitFor(LONG);
    equal(await violations(anna), [], 'axe');
    await shot(anna, 'lost-work-wide');
    await anna.setViewportSize({ width: 360, height: 740 });
    truth(await fits(anna), 'fits a phone');
    await shot(anna, 'lost-work-phone');
    await anna.setViewportSize({ width: 1280, height: 900 });
    await mend();
    await note.waitFor({ state: 'detached', ...LONG });
    await arrives('NOTES_DESC', 'Pirmā sadaļa');
  });

  await trial('entries go in the order in which they were typed', async () => {
    await open(anna, '21006');
    await anna.context().setOffline(true);
    for (const [id, text] of [['NOTES_DESC', 'trešais'], ['V01', '4'], ['ACHIEVEMENTS_DESC', 'piektais'], ['V01', '6']]) await type(anna, id, text);
    await status(anna, '3 ieraksti');
    const sent = anna.waitForRequest(isSave);
    await anna.context().setOffline(false);
    equal([...new URLSearchParams((await sent).postData()).keys()].filter(name => name.startsWith('v:')), ['v:NOTES_DESC', 'v:V01', 'v:ACHIEVEMENTS_DESC'], 'order');
    await arrives('V01', '6');
  });

  await trial('a conflict that another page finds is kept and leads to its question', async () => {
    await open(anna, '21006');
    await anna.context().setOffline(true);
    await type(anna, 'V01', '11');
    await status(anna, 'gaida');
    await open(janis, '21006');
    await type(janis, 'V01', '12');
    await janis.locator('#saved.good').waitFor(LONG);
    await anna.goto('about:blank').catch(() => {});
    await anna.context().setOffline(false);
    await anna.goto(`${site.url}/work`);
    /* Said by the outbox when this page sent it, or by the desk when the page before could still do so. */
    const note = anna.locator('#outbox a[href*="#q-V01"], .wait-choose a[href*="#q-V01"]');
    for (let i = 0; i < 8 && !(await note.count()); i++) {
      await anna.waitForTimeout(2000);
      if (!(await stored(anna)).length) await anna.reload();
    }
    equal(await violations(anna), [], 'axe');
    await note.first().click();
    const box = anna.locator('#q-V01 .conflict');
    await box.waitFor(LONG);
    truth((await box.textContent()).includes('11') && (await box.textContent()).includes('12'), 'both values');
    await box.getByRole('button', { name: 'Paturēt: 12' }).click();
    equal([await field(anna, 'V01').inputValue(), (await stored(anna)).length], ['12', 0], 'settled');
  });

  await trial('the check page does not let anybody submit while entries wait here; it sends them and is made anew', async () => {
    await open(anna, '21006');
    const mend = await breakSaves(anna, '21006');
    await type(anna, 'NOTES_DESC', 'Pirms pārbaudes');
    await status(anna, 'gaida');
    await anna.route('**/check', async route => {
      const reply = await route.fetch();
      await route.fulfill({ response: reply, body: (await reply.text()).replace('<p class="actions">', '<form class="submit"><button>Iesniegt anketu</button></form>$&') });
    });
    await anna.goto(`${site.url}${base}/check`);
    await anna.locator('#outbox', { hasText: 'Anketu varēs iesniegt' }).waitFor(LONG);
    truth(await anna.locator('form.submit').isHidden(), 'no button');
    equal(await violations(anna), [], 'axe');
    await shot(anna, 'lost-check-wide');
    const again = anna.waitForNavigation(LONG);
    await mend();
    await again;
    await anna.locator('form.submit').waitFor(LONG);
    equal(await anna.locator('#outbox').count(), 0, 'nothing waits');
    await anna.unroute('**/check');
    await arrives('NOTES_DESC', 'Pirms pārbaudes');
  });

  await trial('the session is over: the page says so and goes on by itself after signing in in another tab', async () => {
    await open(anna, '21006');
    anketa('link', 'revoke', 'anna@example.org', '--data', site.data);
    await type(anna, 'NOTES_DESC', 'Pēc sesijas beigām');
    await status(anna, 'Sesija ir beigusies');
    equal(await anna.locator('#saved a').getAttribute('target'), '_blank', 'help opens beside it');
    equal(await violations(anna), [], 'axe');
    await shot(anna, 'lost-session-wide');
    const help = anna.context().waitForEvent('page');
    await anna.locator('#saved a').click();
    const other = await help;
    await other.getByText('Vēlreiz atveriet savu personisko saiti').waitFor(LONG);
    await other.goto(site.link('anna@example.org'));
    await other.getByRole('button', { name: 'Turpināt' }).click();
    await other.waitForURL(url => !url.pathname.startsWith('/e/'));
    await anna.locator('#saved.good').waitFor(LONG);
    await arrives('NOTES_DESC', 'Pēc sesijas beigām');
    await type(anna, 'NOTES_DESC', 'Un tālāk');
    await arrives('NOTES_DESC', 'Un tālāk');
    await other.close();
  });

  await trial('another person at the same computer neither sees nor sends what waits', async () => {
    await open(anna, '21006');
    await anna.context().setOffline(true);
    await type(anna, 'NOTES_DESC', 'Tikai Annas');
    await status(anna, 'gaida');
    await anna.context().clearCookies();
    await anna.context().setOffline(false);
    const other = await tab(anna);
    const sign = async email => {
      await other.goto(site.link(email));
      await other.getByRole('button', { name: 'Turpināt' }).click();
      await other.waitForURL(url => !url.pathname.startsWith('/e/'));
    };
    await sign('zane@example.org');
    await status(anna, 'pieslēdzies kāds cits');
    equal(await violations(anna), [], 'axe');
    equal([await other.locator('#outbox').count(), (await stored(other)).length], [0, 1], 'kept, and no word of it');
    await open(janis, '21006');
    equal(await field(janis, 'NOTES_DESC').inputValue(), 'Un tālāk', 'not sent');
    await sign('anna@example.org');
    await arrives('NOTES_DESC', 'Tikai Annas');
    await anna.locator('#saved:not(.bad)').waitFor(LONG);
    await other.close();
  });

  await trial('the server is killed and started again: the page goes on by itself', async () => {
    await open(anna, '21006');
    await site.kill('SIGKILL');
    try {
      await type(anna, 'NOTES_DESC', 'Servera nav');
      await status(anna, 'gaida');
    } finally { await site.serve(); }
    await anna.locator('#saved.good').waitFor(LONG);
    await arrives('NOTES_DESC', 'Servera nav');
  });

  await trial('an answer whose acknowledgement was lost and a different one after it do not stand against each other', async () => {
    for (const next of ['otrais', 'pirmais']) {
      await open(anna, '21006');
      let lost = 0;
      const mend = await breakSaves(anna, '21006', async route => { await route.fetch(); lost++; await route.abort(); });
      await type(anna, 'NOTES_DESC', 'pirmais');
      await status(anna, 'gaida');
      await type(anna, 'NOTES_DESC', next);
      truth(lost > 0, 'the server had it');
      await mend();
      await anna.locator('#saved.good').waitFor(LONG);
      equal([await anna.locator('.conflict').count(), (await stored(anna)).length], [0, 0], 'no conflict with oneself');
      await arrives('NOTES_DESC', next);
    }
  });

  await trial('the same across a reload and on a number that is stored in another form', async () => {
    await open(anna, '21006');
    const mend = await breakSaves(anna, '21006', async route => { await route.fetch(); await route.abort(); });
    await type(anna, 'V01', '1 234,50');
    await status(anna, 'gaida');
    await type(anna, 'V01', '5');
    await anna.reload();
    await status(anna, 'gaida');
    equal(await field(anna, 'V01').inputValue(), '5', 'the last one is in the field');
    await mend();
    await anna.locator('#saved.good').waitFor(LONG);
    equal(await anna.locator('.conflict').count(), 0, 'no conflict');
    await arrives('V01', '5');
  });

  await trial('two tabs of one person agree within a moment, also on what waits', async () => {
    await open(anna, '21006');
    const other = await tab(anna);
    await open(other, '21006');
    await type(anna, 'V01', '21');
    await anna.locator('#saved.good').waitFor(LONG);
    await other.waitForFunction(() => document.querySelector('[name="a:V01"]').value === '21', null, LONG);
    equal(await other.locator('.fresh').count(), 0, 'not marked as somebody else’s');
    await anna.context().setOffline(true);
    await type(anna, 'V01', '22');
    await other.waitForFunction(() => document.querySelector('[name="a:V01"]').value === '22', null, LONG);
    await type(other, 'NOTES_DESC', 'No otras cilnes');
    await anna.waitForFunction(() => document.querySelector('[name="a:NOTES_DESC"]').value === 'No otras cilnes', null, LONG);
    await type(other, 'V01', '23');
    await anna.context().setOffline(false);
    await Promise.all([anna, other].map(page => page.locator('#saved:not(.bad)').waitFor(LONG)));
    await arrives('V01', '23');
    await arrives('NOTES_DESC', 'No otras cilnes');
    await acknowledged(anna);
    equal([await anna.locator('.conflict').count(), await other.locator('.conflict').count(), (await stored(anna)).length], [0, 0, 0], 'no conflict');
    await other.close();
  });

  await trial('a clock that is years off changes nothing', async () => {
    for (const years of [-25, 40]) {
      const context = await site.browser.newContext({ locale: 'lv-LV', storageState: await anna.context().storageState() });
      await context.addInitScript(shift => {
        const Real = Date;
        globalThis.Date = class extends Real { constructor(...args) { if (args.length) super(...args); else super(Real.now() + shift); } static now() { return Real.now() + shift; } };
      }, years * 365 * 86400000);
      const page = await context.newPage();
      await open(page, '21006');
      await open(janis, '21006');
      await context.setOffline(true);
      await type(page, 'NOTES_DESC', `Gadi: ${years}`);
      await status(page, 'gaida');
      await context.setOffline(false);
      await page.locator('#saved.good').waitFor(LONG);
      equal(/Saglabāts: \d\d:\d\d$/.test(await page.locator('#saved').textContent()), true, 'a time of today, the server’s');
      await arrives('NOTES_DESC', `Gadi: ${years}`);
      await type(janis, 'NOTES_DESC', `Jānis: ${years}`);
      await page.waitForFunction(text => document.querySelector('[name="a:NOTES_DESC"]').value === text, `Jānis: ${years}`, LONG);
      await context.close();
    }
  });

  for (const [how, script] of [
    ['full', () => { const set = Storage.prototype.setItem; Storage.prototype.setItem = function (name, text) { if (name.startsWith('anketa')) throw new DOMException('full', 'QuotaExceededError'); set.call(this, name, text); }; }],
    ['blocked', () => { Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } }); }],
  ]) {
    await trial(`the browser's storage is ${how}: the page itself holds the entries and says so`, async () => {
      const page = await tab(anna);
      await page.addInitScript(script);
      await open(page, '21006');
      const mend = await breakSaves(anna, '21006');
      await type(page, 'NOTES_DESC', `Krātuve: ${how}`);
      await status(page, 'Neaizveriet šo lapu');
      equal(await violations(page), [], 'axe');
      await mend();
      await page.locator('#saved.good').waitFor(LONG);
      await arrives('NOTES_DESC', `Krātuve: ${how}`);
      await page.close();
    });
  }

  await trial('a storage that is really full', async () => {
    await open(anna, '21006');
    await anna.evaluate(() => { for (let size = 1 << 20; size >= 1; size >>= 1) try { for (let i = 0; ; i++) localStorage.setItem(`junk ${size} ${i}`, 'x'.repeat(size)); } catch { /* as much as goes in */ } });
    await anna.context().setOffline(true);
    await type(anna, 'NOTES_DESC', 'Pilna krātuve');
    await status(anna, 'Neaizveriet šo lapu');
    await anna.context().setOffline(false);
    await anna.locator('#saved.good').waitFor(LONG);
    await arrives('NOTES_DESC', 'Pilna krātuve');
    await anna.evaluate(() => localStorage.clear());
  });

  await trial('a fault of the server, or a page that a proxy puts in its place, is waited out', async () => {
    for (const [text, fault] of [['Kļūda 500', { status: 500, contentType: 'application/json', body: '{"error":"system","message":"x"}' }],
      ['Starpnieks', { status: 200, contentType: 'text/html', body: '<h1>Wi-Fi</h1>' }], ['Pārslogots', { status: 503, contentType: 'text/plain', body: 'busy' }]]) {
      await open(anna, '21006');
      let count = 0;
      const mend = await breakSaves(anna, '21006', route => { count++; return route.fulfill(fault); });
      await type(anna, 'NOTES_DESC', text);
      await status(anna, 'Neizdevās saglabāt');
      await anna.waitForTimeout(2500);
      truth(count <= 2, `not again and again at once: ${count}`);
      await mend();
      await anna.locator('#saved.good').waitFor(LONG);
      await arrives('NOTES_DESC', text);
    }
  });

  await trial('an entry that will never be accepted is shown with what was typed, to be copied', async () => {
    await open(anna, '21006');
    const mend = await breakSaves(anna, '21006', route => route.fulfill({ status: 400, contentType: 'application/json', body: '{"error":"input","message":"Nosūtītie dati nav derīgi."}' }));
    await type(anna, 'NOTES_DESC', 'Nederīgs ieraksts');
    const note = anna.locator('#outbox', { hasText: 'Nederīgs ieraksts' });
    await note.waitFor(LONG);
    await anna.goto(`${site.url}/work`);
    await note.waitFor(LONG);
    equal(await violations(anna), [], 'axe');
    await shot(anna, 'lost-refused-wide');
    await mend();
    await note.getByRole('link').first().click();
    await anna.locator('#saved.good').waitFor(LONG);
    equal(await note.count(), 0, 'opening its section tries once more');
    await arrives('NOTES_DESC', 'Nederīgs ieraksts');
  });

  await trial('a dozen pages at once: none locks the others, and all hear of a save', async () => {
    const pages = [anna];
    await open(anna, '21006');
    for (let i = 0; i < 12; i++) {
      pages.push(await tab(anna));
      await open(pages.at(-1), '21006');
    }
    await type(pages[5], 'NOTES_DESC', 'No sestās cilnes');
    await pages[5].locator('#saved.good').waitFor(LONG);
    for (const page of pages) await page.waitForFunction(() => document.querySelector('[name="a:NOTES_DESC"]').value === 'No sestās cilnes', null, LONG);
    const calls = [];
    anna.context().on('request', request => { if (request.url().endsWith('/live')) calls.push(request.url()); });
    await Promise.all(pages.slice(1).map(page => page.evaluate(() => { // as when a tab goes to the background
      Object.defineProperty(document, 'hidden', { get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    })));
    await anna.waitForTimeout(1500);
    calls.length = 0;
    await anna.waitForTimeout(11000);
    truth(calls.length >= 1 && calls.length <= 8, `only the page that is looked at asks: ${calls.length}`);
    for (const page of pages.slice(1)) await page.close();
  });

  await trial('who loses access keeps what they typed', async () => {
    await open(janis, '21006');
    await janis.locator('#saved').waitFor();
    await janis.context().setOffline(true);
    await type(janis, 'NOTES_DESC', 'Jāņa pēdējais');
    await status(janis, 'gaida');
    moveToOtherInstitution('janis@example.org', 'FM');
    await janis.context().setOffline(false);
    await janis.locator('#outbox', { hasText: 'Jāņa pēdējais' }).waitFor(LONG);
    await status(janis, 'vairs nav pieejama');
    truth(await field(janis, 'V01').isDisabled(), 'closed');
    equal(await violations(janis), [], 'axe');
    await shot(janis, 'lost-access-wide');
  });

  await trial('nothing failed in the scripts', async () => {
    equal([...anna.problems, ...janis.problems].filter(text => !/Failed to load resource/.test(text)), [], 'console');
  });
} finally {
  await site.stop();
}
