// Starts a server on a free port with a round of its own, and a browser. Tests print TAP lines.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, readFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const program = process.env.ANKETA || join(root, 'build/san/anketa');
const axe = readFileSync(join(root, 'tests/browser/node_modules/axe-core/axe.min.js'), 'utf8');

let number = 0, failed = 0;

export async function test(name, run) {
  number++;
  try {
    await run();
    console.log(`ok ${number} - ${name}`);
  } catch (problem) {
    failed++;
    console.log(`not ok ${number} - ${name}`);
    console.log(String(problem.stack || problem).replace(/^/gm, '# '));
    process.exitCode = 1;
  }
}

export function equal(got, expected, what) {
  if (JSON.stringify(got) !== JSON.stringify(expected))
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
}

export function truth(value, what) {
  if (!value) throw new Error(what);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
  });
}

export function anketa(...args) {
  return execFileSync(program, args, { cwd: root, encoding: 'utf8' }).trim();
}

export class Site {
  static async start({ folder = 'questionnaires/e-index-2017', deadline = '2099-12-06', options = ['--staff-links'] } = {}) {
    const site = new Site();
    site.options = options;
    site.data = mkdtempSync(join(tmpdir(), 'anketa-browser-'));
    anketa('round', 'load', folder, '--data', site.data, '--opens', '2026-11-01', '--deadline', deadline);
    const people = [['anna@example.org', 'Anna Bērziņa', 'contact', 'VARAM'], ['janis@example.org', 'Jānis Kalniņš', 'contact', 'VARAM'],
      ['zane@example.org', 'Zane Liepa', 'contact', 'FM'], ['ilze@example.org', 'Ilze Ozola', 'coordinator'],
      ['martins@example.org', 'Mārtiņš Liepa', 'researcher'], ['liga@example.org', 'Līga Krūmiņa', 'expert']];
    for (const [email, name, role, institution] of people)
      anketa('person', 'add', email, '--data', site.data, '--name', name, '--role', role, ...(institution ? ['--institution', institution] : []));
    site.port = await freePort();
    site.url = `http://127.0.0.1:${site.port}`;
    await site.serve();
    site.browser = await chromium.launch({ executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
    return site;
  }

  async serve() {
    this.log = '';
    this.server = spawn(program, ['serve', '--data', this.data, '--port', String(this.port), ...this.options],
      { cwd: root, env: { ...process.env, ANKETA_STRICT: '1' } });
    this.server.stderr.on('data', text => { this.log += text; });
    for (let i = 0; i < 200; i++) {
      try { await fetch(`${this.url}/`); return; } catch { await new Promise(r => setTimeout(r, 50)); }
    }
    throw new Error(`the server did not start: ${this.log}`);
  }

  async kill(signal = 'SIGKILL') {
    const gone = new Promise(resolve => this.server.once('exit', resolve));
    this.server.kill(signal);
    await gone;
  }

  link(email) { return anketa('link', 'new', email, '--data', this.data, '--base', this.url); }

  /** A browser of its own (cookies, storage), signed in as the person. */
  async person(email, options = {}) {
    const context = await this.browser.newContext({ locale: 'lv-LV', viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.problems = [];
    page.on('console', message => { if (message.type() === 'error') page.problems.push(message.text()); });
    page.on('pageerror', error => page.problems.push(String(error)));
    if (email) {
      await page.goto(this.link(email));
      await page.getByRole('button', { name: /Turpināt|Continue|Продолжить/ }).click();
      await page.waitForURL(url => !url.pathname.startsWith('/e/'));
    }
    return page;
  }

  async stop() {
    await this.browser?.close();
    await this.kill('SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
    console.log(`1..${number}`);
    if (/ERROR: AddressSanitizer|runtime error|LeakSanitizer/.test(this.log)) {
      console.log(`not ok ${++number} - the server ran clean`);
      console.log(this.log.replace(/^/gm, '# '));
      failed++;
    }
    process.exitCode = failed ? 1 : 0;
  }
}

/** axe-core's violations on the page as it stands, one line each. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')} ${n.failureSummary.split('\n')[1] || ''}`));
}

/** True when nothing sticks out of the window sideways. */
export function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

export async function shot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });
}
