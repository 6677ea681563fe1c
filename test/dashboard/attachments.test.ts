// Files of a mail: saved as they came, looked at where that is safe, and never opened as a page.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { type Desk, openDesk } from './desk.js';
import { file, PDF, PNG, receive } from './mails.js';

const HTML = '<!doctype html><script>parent.pwned = 1; top.pwned = 1</script><h1>Sign in</h1>';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="top.pwned=1"><script>top.pwned=1</script></svg>';
const SHOWN = `document.querySelector('#preview img, #preview iframe')`;
const URLS = `window.urls = new Map(); const { createObjectURL: make, revokeObjectURL: end } = URL;
  URL.createObjectURL = (blob) => { const url = make.call(URL, blob); window.urls.set(url, blob.type); return url; };
  URL.revokeObjectURL = (url) => { window.urls.delete(url); end.call(URL, url); };`;

describe('attachments at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  async function openMail(attachments: object[]): Promise<Page> {
    const id = await receive(desk, {
      id: Math.random().toString(),
      subject: 'Files',
      from: 'jo@b.example',
      attachments,
    });
    const context = await desk.context();
    await context.addInitScript(URLS);
    const page = await desk.open('alice', { context, place: `#/all/${id}` });
    await becomesTrue(page, `document.querySelectorAll('#item [data-attachment]').length === ${attachments.length}`);
    return page;
  }
  const look = (page: Page, name: string): Promise<void> => page.getByLabel(`Look at ${name}`, { exact: true }).click();
  const words = `document.querySelector('#preview [role=status]')?.innerText`;

  it('are saved byte for byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 31) % 256));
    const page = await openMail([file('Slip & schedule – 2.xlsx', 'application/vnd.ms-excel', bytes)]);
    const row = `document.querySelector('#item [data-attachment]').innerText.replace(/\\s+/g, ' ')`;
    expect(await page.evaluate(row)).to.equal('Slip & schedule – 2.xlsx XLSX, 70 kB');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByLabel('Download Slip & schedule – 2.xlsx').click(),
    ]);
    expect(download.suggestedFilename()).to.equal('Slip & schedule – 2.xlsx');
    const saved = await readFile(await download.path());
    const digest = (of: Buffer): string => createHash('sha256').update(of).digest('hex');
    expect(digest(saved)).to.equal(digest(bytes));
    expect(await page.evaluate(`[...window.urls.values()].join()`)).to.equal('application/octet-stream');
    await page.context().close();
  });

  it('are looked at one after the other, by the keyboard', async () => {
    const page = await openMail([
      file('plan.png', 'image/png', PNG),
      file('slip.pdf', 'application/octet-stream', PDF),
      file('list.csv', 'text/csv', 'a,b'),
      file('torn.pdf', 'application/pdf', PDF.subarray(0, 20)),
    ]);
    await page.getByLabel('Look at plan.png').focus();
    await page.keyboard.press('Enter');
    await becomesTrue(page, `${SHOWN}?.naturalWidth === 1`);
    await page.keyboard.press('ArrowRight');
    await becomesTrue(page, `${SHOWN}?.tagName === 'IFRAME'`);
    // The viewer of the browser has it, and not a page of ours.
    await becomesTrue(page, `document.querySelector('#preview iframe').src.startsWith('blob:')`);
    const viewer = (): boolean => page.frames().some((frame) => frame.url().startsWith('chrome-extension:'));
    for (let at = 0; at < 500 && !viewer(); at++) await page.evaluate(`new Promise(requestAnimationFrame)`);
    expect(
      viewer(),
      page
        .frames()
        .map((frame) => frame.url())
        .join(),
    ).to.equal(true);
    expect(await page.evaluate(`[...window.urls.values()].join()`)).to.equal('application/pdf');
    await page.keyboard.press('ArrowRight');
    await becomesTrue(page, `${words}?.startsWith('A file of this type is not shown here.')`);
    // What the viewer has to say of a broken one does not take the keys away.
    await page.evaluate(`window.addEventListener('blur', () => { window.left = true; })`);
    await page.keyboard.press('ArrowRight');
    await becomesTrue(page, `window.left && document.activeElement.matches('#preview h2')`);
    await page.keyboard.press('ArrowLeft');
    await becomesTrue(page, `${words}?.startsWith('A file of this type is not shown here.')`);
    await page.keyboard.press('ArrowLeft');
    await becomesTrue(page, `${SHOWN}?.tagName === 'IFRAME'`);
    await page.keyboard.press('ArrowLeft');
    await becomesTrue(page, `${SHOWN}?.naturalWidth === 1`);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    await becomesTrue(
      page,
      `document.querySelector('dialog') === null && document.activeElement.getAttribute('aria-label') === 'Look at slip.pdf'`,
    );
    // The item stays, and no address of a file.
    expect(await page.evaluate(`document.getElementById('item') !== null && window.urls.size`)).to.equal(0);
    await page.context().close();
  });

  it('that could carry a script are only saved, whatever they call themselves', async () => {
    const page = await openMail([
      file('page.html', 'text/html', HTML),
      file('drawing.svg', 'image/svg+xml', SVG),
      file('page.pdf', 'text/html', HTML),
      file('drawing.png', 'image/svg+xml', SVG),
      file('fake.pdf', 'application/pdf', HTML),
      file('fake.png', 'image/png', SVG),
    ]);
    for (const name of ['page.html', 'drawing.svg', 'page.pdf', 'drawing.png']) {
      expect(await page.getByLabel(`Look at ${name}`).count(), name).to.equal(0);
      expect(await page.getByLabel(`Download ${name}`).count(), name).to.equal(1);
    }
    for (const [name, said] of [
      ['fake.pdf', 'This is no PDF, whatever its name says.'],
      ['fake.png', 'This is no picture, whatever its name says.'],
    ] as const) {
      await look(page, name);
      await becomesTrue(page, `${words}?.startsWith(${JSON.stringify(said)})`);
      expect(await page.evaluate(`${SHOWN} === null`)).to.equal(true);
      await page.keyboard.press('Escape');
      await becomesTrue(page, `document.querySelector('dialog') === null`);
    }
    expect(await page.evaluate(`'pwned' in window`)).to.equal(false);
    expect(page.frames()).to.have.length(1);
    await page.context().close();
  });

  it('that are plain text are read as such, whatever stands in them and however they are written', async () => {
    const page = await openMail([
      file('note.txt', 'text/plain; charset=utf-8', `${HTML}\nLimit: £2m`),
      file('old.txt', '', Buffer.from('Limit: £2m', 'latin1')),
      file('wide.txt', 'text/plain', Buffer.from('\ufeffLimit: £2m', 'utf16le')),
      file('long.txt', 'text/plain', 'é'.repeat(150_000)),
      file('fake.txt', 'text/plain', PNG),
    ]);
    const text = `document.querySelector('#preview pre')?.innerText`;
    for (const [name, said] of [
      ['note.txt', `${HTML}\nLimit: £2m`],
      ['old.txt', 'Limit: £2m'],
      ['wide.txt', 'Limit: £2m'],
      ['long.txt', 'é'.repeat(100_000)],
    ] as const) {
      await look(page, name);
      await becomesTrue(page, `${text} === ${JSON.stringify(said)}`);
      const left = `document.querySelector('#preview pre + p')?.innerText ?? ''`;
      expect(await page.evaluate(left)).to.equal(
        name === 'long.txt' ? '100 kB more are not shown here: download the file to read them.' : '',
      );
      await page.keyboard.press('Escape');
      await becomesTrue(page, `document.querySelector('dialog') === null`);
    }
    await look(page, 'fake.txt');
    await becomesTrue(page, `${words}?.startsWith('This is no text, whatever its name says.')`);
    expect(await page.evaluate(`'pwned' in window`)).to.equal(false);
    await page.context().close();
  });

  it('are only saved where the browser shows no PDFs', async () => {
    const page = await openMail([file('slip.pdf', 'application/pdf', PDF)]);
    await page.evaluate(`Object.defineProperty(navigator, 'pdfViewerEnabled', { get: () => false })`);
    await look(page, 'slip.pdf');
    await becomesTrue(page, `${words}?.startsWith('This browser shows no PDFs in pages.')`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    expect(await readFile(await download.path())).to.deep.equal(PDF);
    await page.context().close();
  });
});
