// `anketa form preview`: the author's browser follows the file.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { equal, program, root, shot, test, truth, violations, fits } from './harness.mjs';

const folder = mkdtempSync(join(tmpdir(), 'anketa-preview-'));
const file = join(folder, 'form.yaml');
copyFileSync(join(root, 'questionnaires/e-index-2017/self-assessment.yaml'), file);
const server = spawn(program, ['form', 'preview', file, '--port', '0'], { cwd: root, env: { ...process.env, ANKETA_STRICT: '1' } });
let log = '';
server.stderr.on('data', text => { log += text; });
const url = await new Promise(resolve => server.stdout.on('data', text => {
  const found = /http:\S+/.exec(String(text));
  if (found) resolve(found[0]);
}));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
const page = await (await browser.newContext({ locale: 'lv-LV', viewport: { width: 1280, height: 900 } })).newPage();
const problems = [];
page.on('console', message => { if (message.type() === 'error') problems.push(message.text()); });

try {
  await test('the form is shown and follows its filters', async () => {
    await page.goto(`${url}/s/21001`);
    truth(await page.getByText('Kļūdu nav').isVisible(), 'no findings');
    const notes = page.locator('[data-q="K13M_NOTES"]');
    truth(await notes.isHidden(), 'hidden at first');
    await page.locator('[name="a:K13M"][value="99"]').check();
    await notes.waitFor({ state: 'visible' });
    await page.locator('[name="a:K13M_NOTES"]').fill('pamēģinājums');
    await page.locator('[name="a:K13M_NOTES"]').blur();
    equal(await violations(page), [], 'axe');
    await shot(page, 'preview-wide');
  });
  await test('saving the file loads the page anew, with what was tried and with its findings', async () => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('relevant: K13M = 99', 'relevant: K13N = 99'));
    await page.locator('nav .finding-error').waitFor({ timeout: 10000 });
    truth((await page.locator('nav .finding-error').first().textContent()).includes('did you mean "K13M"'), 'the finding says what to do');
    truth((await page.locator('#q-K13M_NOTES .problem-error').textContent()).includes('K13N'), 'and stands beside its question');
    await shot(page, 'preview-finding-wide');
    equal(await violations(page), [], 'axe with a finding');
    writeFileSync(file, text);
    await page.getByText('Kļūdu nav').waitFor({ timeout: 10000 });
    equal(await page.locator('[name="a:K13M_NOTES"]').inputValue(), 'pamēģinājums', 'what was tried is still there');
  });
  await test('a broken file says where, and comes back when it is mended', async () => {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('questionnaire: self-assessment', 'questionnaire: "self'));
    await page.locator('.error-summary pre').waitFor({ timeout: 10000 });
    truth(/form\.yaml:\d+:\d+: error/.test(await page.locator('.error-summary pre').textContent()), 'file:line:column');
    await page.setViewportSize({ width: 360, height: 740 });
    truth(await fits(page), 'fits a phone');
    writeFileSync(file, text);
    await page.locator('[name="a:K13M_NOTES"]').waitFor({ timeout: 10000 });
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  await test('HTML in a questionnaire is shown, not run', async () => {
    writeFileSync(file, `questionnaire: x\nversion: "1"\nlanguages: [lv]\ntitle: {lv: "<script>alert(1)</script>"}\nsections:\n  - id: a\n    title: {lv: "<b>b</b>"}\n    questions:\n      - {id: A, type: text, text: {lv: "<img src=x onerror=alert(1)>\\"'"}}\n`);
    await page.goto(url);
    await page.getByText('<img src=x').waitFor({ timeout: 10000 });
    equal(await page.locator('img').count(), 0, 'no element was made of it');
  });
  await test('the console is clean', async () => equal(problems, [], 'console'));
} finally {
  await browser.close();
  const gone = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGTERM');
  await gone;
  rmSync(folder, { recursive: true, force: true });
  await test('the server ran clean', async () => truth(!/Sanitizer|runtime error/.test(log), log));
}
