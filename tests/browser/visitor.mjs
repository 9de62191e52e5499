// Somebody at the page: opens it in Chromium, types, clicks, and reads what is there.
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

export const ADDRESS = process.env.AMBIX_URL ?? 'http://127.0.0.1:8080/';

export const TUTORIAL_MODELS = `# models.py
from sqlalchemy import Column, Integer, String
from .database import Base

class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True, index=True)
    title = Column(String, index=True)
    description = Column(String, index=True)
`;

export const REVISION = 'alembic revision --autogenerate -m "Add Item model"';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
});
after(() => browser?.close());

/** A browser profile of its own: storage is shared by its tabs and by nobody else. */
export async function profile(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, acceptDownloads: true, ...options });
  // Long enough for a machine that is busy with something else.
  context.setDefaultTimeout(30_000);
  return context;
}

/** Opens the page in a new tab and waits until it can be used. */
export async function visit(context, address = ADDRESS) {
  const visitor = new Visitor(await context.newPage());
  await visitor.page.goto(address);
  await visitor.ready();
  return visitor;
}

/** Opens the page in a profile of its own; the profile is closed at the end of the test `t`. */
export async function newcomer(t, options = {}) {
  const context = await profile(options);
  t.after(() => context.close());
  return visit(context);
}

export class Visitor {
  /** What the page reported as an error, which no test expects. */
  errors = [];

  constructor(page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
  }

  get prompt() {
    return this.page.getByRole('textbox', { name: 'Command' });
  }

  async ready() {
    // On a narrow screen the terminal is there and not shown.
    await this.page.locator('input[aria-label="Command"]:enabled').waitFor({ state: 'attached' });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Types a line and gives what it answered: a list of { kind, text }. */
  async types(line) {
    await this.prompt.fill(line);
    await this.prompt.press('Enter');
    return this.answer(line);
  }

  /** What the newest command, which must be `line`, answered. */
  async answer(line) {
    await this.page.locator('[data-entry="command"]').last().filter({ hasText: line }).waitFor();
    await this.ready();
    return this.page.locator('.log').evaluate((log) => {
      const entries = [...log.querySelectorAll('[data-entry]')].map((entry) => ({
        kind: entry.dataset.entry,
        text: entry.textContent,
      }));
      return entries.slice(entries.findLastIndex((entry) => entry.kind === 'command') + 1);
    });
  }

  /** The lines of standard output that a line answered. */
  async lines(line) {
    return (await this.types(line)).filter((entry) => entry.kind === 'line').map((entry) => entry.text);
  }

  /** Types a line that must be answered with an error, and gives its text. */
  async fails(line) {
    await this.types(line);
    // It may be drawn a moment after the prompt can be used again.
    const error = await this.page.waitForFunction(() => {
      const entries = [...document.querySelectorAll('.log [data-entry]')];
      const last = entries.findLastIndex((entry) => entry.dataset.entry === 'command');
      return entries.slice(last).find((entry) => entry.dataset.entry === 'error')?.textContent;
    }).catch(() => {
      throw new Error(`${line} was not answered with an error`);
    });
    return error.jsonValue();
  }

  /** Writes into a file of the project. */
  async edits(file, text) {
    await this.page.getByRole('tab', { name: file }).click();
    await this.page.getByRole('textbox', { name: `Text of ${file}` }).fill(text);
  }

  /** Makes a revision and edits its script: these become the bodies of its functions, and `top` is written above. */
  async revises(id, { upgrade, downgrade = 'pass', top = '' }) {
    await this.types(`alembic revision -m ${id} --rev-id ${id}`);
    const body = (lines) => lines.replace(/^(?=.)/gm, '    ');
    const script = (await this.text())
      .replace('"""Upgrade schema."""\n    pass', () => body(upgrade).trimStart())
      .replace('"""Downgrade schema."""\n    pass', () => body(downgrade).trimStart())
      .replace('\n\n\ndef upgrade', () => `${top && `\n${top}`}\n\n\ndef upgrade`);
    await this.page.getByRole('textbox', { name: `Text of versions/${id}` }).fill(script);
  }

  /** The text of the file that lies open. */
  async text() {
    return this.page.getByRole('textbox', { name: /^Text of / }).inputValue();
  }

  /** The sentences of the tree beside the picture, newest revision first. */
  async history() {
    const items = this.page.getByRole('treeitem');
    return items.evaluateAll((all) => all.map((item) => item.textContent));
  }

  /** Chooses one of Schema, Data, SQL. */
  async look(view) {
    await this.page.getByRole('tablist', { name: 'Views of the database' }).getByRole('tab', { name: view }).click();
  }

  /** The names of the tables that the schema pane shows. */
  async tables() {
    await this.look('Schema');
    const boxes = this.page.locator('section[aria-label^="Table "]');
    return boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label').slice('Table '.length)));
  }

  /** What the schema pane shows of tables, views and triggers: a text for each, in the order of their names. */
  async schema() {
    await this.look('Schema');
    const boxes = await this.page.getByRole('region', { name: 'Tables of the database' }).locator('section').allInnerTexts();
    return boxes.sort().join('\n');
  }

  /** The newest run of the SQL pane. */
  async run() {
    await this.look('SQL');
    return this.page.getByRole('region', { name: 'Statements that ran' }).locator('.run').first();
  }

  /** Exports the database and gives the file's bytes. */
  async exports() {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.button('Export the database').first().click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** Gives a file to the page as a person who picks one. */
  async imports(name, bytes) {
    await this.page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'application/vnd.sqlite3', buffer: Buffer.from(bytes) });
  }

  /** What the page says above everything else. */
  async notices() {
    return this.page.locator('.notice').allTextContents();
  }

  /** Waits for a notice that holds `text`. */
  async notice(text) {
    const notice = this.page.locator('.notice').filter({ hasText: text });
    await notice.waitFor();
    return notice;
  }

  /** Waits until everything is stored. */
  async saved() {
    await this.page.getByText('Saved in this browser').waitFor();
  }
}
