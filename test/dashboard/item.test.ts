// The item beside the list: what was read out of its mail and where, the mail itself, and the states in which there is none.
import { expect } from 'chai';
import { becomesTrue, type Page } from '../support/chromium.js';
import { type Desk, openDesk, STATE } from './desk.js';
import { receive, sample } from './mails.js';

const MARKS = `[...document.querySelectorAll('#item mark')].map((one) => one.dataset.fields + '=' + one.textContent).join('|')`;
const READ = `document.getElementById('mail-subject') !== null && document.querySelector('#history li') !== null`;
const TITLE = `document.querySelector('#item h2')?.textContent`;
const ACTIVE = `document.activeElement`;
const field = (name: string): string => `#item [data-field="${name}"]`;
const text = (page: Page, selector: string): Promise<string> =>
  page.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText.replace(/\\s+/g, ' ').trim()`);

describe('the item beside the list', function () {
  this.timeout(90_000);
  let desk: Desk;
  let mill: number;
  let vets: number;
  before(async () => {
    desk = await openDesk();
    mill = await receive(desk, sample('07-flat-encoded'));
    vets = await receive(desk, sample('10-subject-only'));
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints(/ERR_INTERNET_DISCONNECTED|503|404/));

  it('says where in the mail each field was found, and shows the place', async () => {
    const page = await desk.open('alice', { place: `#/all/${mill}` });
    await becomesTrue(page, READ);
    expect(await page.evaluate(MARKS)).to.equal(
      'insured_name=Weftgate Mill Estates Ltd|policy_type=Commercial Property|coverage_amount=£8,650,000|effective_date=01/09/2026|broker=Thistlewick Broking Ltd',
    );
    expect(await text(page, field('coverage_amount'))).to.equal('Limit £8,650,000 Total sum insured: £8,650,000');
    expect(await text(page, field('effective_date'))).to.equal('Effective 1 Sept 2026 Start date: 01/09/2026');
    const pointed = `[...document.querySelectorAll('#item mark[data-pointed]')].map((one) => one.dataset.fields).join()`;
    await page.hover(field('broker'));
    await becomesTrue(page, `${pointed} === 'broker'`);
    await page.hover('#item h2');
    await becomesTrue(page, `${pointed} === ''`);
    await page.focus(`${field('policy_type')} button`);
    await becomesTrue(page, `${pointed} === 'policy_type'`);
    await page.locator('#item nav').getByRole('button', { name: 'History' }).click();
    await becomesTrue(page, `${ACTIVE}.textContent.startsWith('History')`);
    // So low that the mail does not fit.
    await page.setViewportSize({ width: 1200, height: 420 });
    await page.click(`${field('broker')} button`);
    await becomesTrue(
      page,
      `(() => { const { top, bottom } = document.querySelector('#item mark[data-fields=broker]').getBoundingClientRect(); return top > 100 && bottom < 420; })()`,
    );
    expect(await page.evaluate(`${ACTIVE}.dataset.fields`)).to.equal('broker');
    await desk.leave(page);
  });

  it('marks what stands in the subject there', async () => {
    const page = await desk.open('alice', { place: `#/all/${vets}` });
    await becomesTrue(page, `${MARKS} !== ''`);
    expect(await page.evaluate(`document.querySelectorAll('#mail-subject mark').length`)).to.be.at.least(2);
    expect(await text(page, field('insured_name'))).to.contain('Subject: ');
    await desk.leave(page);
  });

  it('shows a table of a mail as one, with the places in it', async () => {
    const cells = (...texts: string[]) => `<tr>${texts.map((one) => `<td>${one}</td>`).join('')}</tr>`;
    const id = await receive(desk, {
      subject: 'Schedule',
      from: 'jo@b.example',
      body: {
        contentType: 'html',
        content: `<p>Hello,</p><table>${cells('Insured', 'Tarn Mill Ltd')}${cells('Limit', '£2,000,000')}${cells('Class', 'Cyber')}</table><p>A\tB</p><p>Regards</p>`,
      },
    });
    const page = await desk.open('alice', { place: `#/all/${id}` });
    await becomesTrue(page, `document.querySelector('#mail-text table') !== null`);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#mail-text tr')].map((row) => [...row.cells].map((one) => one.textContent).join(': '))`,
      ),
    ).to.deep.equal(['Insured: Tarn Mill Ltd', 'Limit: £2,000,000', 'Class: Cyber']);
    // Among words one amount does not stand on the other side.
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#mail-text td:last-child')].map((one) => getComputedStyle(one).textAlign).join()`,
      ),
    ).to.equal('start,start,start');
    expect(await page.evaluate(MARKS)).to.equal(
      'insured_name=Tarn Mill Ltd|coverage_amount=£2,000,000|policy_type=Cyber',
    );
    expect(await page.evaluate(`document.getElementById('mail-text').innerText`)).to.match(/^Hello,[^]*Regards$/);
    await desk.leave(page);
  });

  it('shows addresses of pages as they stand, as links that tell nobody where they were', async () => {
    const id = await receive(desk, {
      subject: 'Links',
      from: 'jo@b.example',
      body: 'See https://b.example/slip?a=1&b=2. Not javascript:alert(1), nor ftp://b.example/x, (http://b.example/y).',
    });
    const page = await desk.open('alice', { place: `#/all/${id}` });
    await becomesTrue(page, `document.querySelector('#mail-text a') !== null`);
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#mail-text a')].map((one) => [one.textContent, one.href, one.rel, one.target].join(' '))`,
      ),
    ).to.deep.equal([
      'https://b.example/slip?a=1&b=2 https://b.example/slip?a=1&b=2 noopener noreferrer _blank',
      'http://b.example/y http://b.example/y noopener noreferrer _blank',
    ]);
    await desk.leave(page);
  });

  it('shows a mail of any length piece by piece, all of it in the end', async () => {
    const lines = Array.from(
      { length: 12_000 },
      (_, at) => `Line ${at} of a list, https://b.example/${at} as it came, and so on.`,
    );
    const id = await receive(desk, { id: 'long', subject: 'Long', from: 'jo@b.example', body: lines.join('\n') });
    const page = await desk.open('alice', { place: `#/all/${id}` });
    const length = `document.getElementById('mail-text').textContent.length`;
    await becomesTrue(page, `document.getElementById('mail-text') !== null`);
    expect(await page.evaluate<number>(length)).to.be.within(90_000, 100_000);
    await page.getByRole('button', { name: /^Show more/ }).click();
    expect(await page.evaluate<number>(length)).to.be.within(350_000, 400_000);
    while ((await page.getByRole('button', { name: /^Show / }).count()) > 0) {
      await page.getByRole('button', { name: /^Show / }).click();
    }
    const shown = `[...document.querySelectorAll('#mail-text > div')].map((one) => one.textContent).join('\\n')`;
    expect(await page.evaluate(`${shown} === ${JSON.stringify(lines.join('\n'))}`)).to.equal(true);
    await desk.leave(page);
  });

  it('takes the focus by the keyboard, keeps it from item to item, and gives it back', async () => {
    const page = await desk.open('alice');
    await becomesTrue(page, `document.querySelectorAll('#items [data-id]').length >= 3`);
    await page.keyboard.press('j');
    await becomesTrue(page, `${ACTIVE}.dataset.index === '0'`);
    await page.keyboard.press('j');
    await becomesTrue(page, `${ACTIVE}.dataset.index === '1'`);
    await page.keyboard.press('Enter');
    await becomesTrue(page, `${ACTIVE}.matches('#item h2') && ${ACTIVE}.textContent === ${TITLE}`);
    const first = await page.evaluate(TITLE);
    await page.keyboard.press('j');
    await becomesTrue(page, `${ACTIVE}.matches('#item h2') && ${TITLE} !== ${JSON.stringify(first)}`);
    await page.getByLabel('Previous item').focus();
    await page.keyboard.press('Enter');
    await becomesTrue(page, `${TITLE} === ${JSON.stringify(first)}`);
    expect(await page.evaluate(`${ACTIVE}.getAttribute('aria-label')`)).to.equal('Previous item');
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.getElementById('item') === null && ${ACTIVE}.dataset.index === '1'`);
    // By a click the focus stays in the list.
    await page.click('#items [data-index="0"]');
    await becomesTrue(page, `document.querySelector('#item h2') !== null && ${ACTIVE}.dataset.index === '0'`);
    expect(
      await page.evaluate(`[...document.querySelectorAll('h1, h2, h3')].map((one) => one.tagName).join(' ')`),
    ).to.equal('H1 H2 H3 H3 H3 H3 H3');
    await desk.leave(page);
  });

  it('covers a phone, and nothing behind it is reached', async () => {
    const page = await desk.open('alice', { viewport: { width: 360, height: 740 }, place: `#/all/${mill}` });
    await becomesTrue(page, READ);
    expect(
      await page.evaluate(
        `(() => { const box = document.getElementById('item').getBoundingClientRect(); return [box.left, box.top, box.width, box.height].join(); })()`,
      ),
    ).to.equal('0,0,360,740');
    // Who has it is read whole, however long the name.
    expect(
      await page.evaluate(`(() => {
        const facts = document.querySelector('#item header p');
        facts.lastElementChild.firstChild.data = 'With Bartholomew Featherstonehaugh-Smythe';
        return [facts, ...facts.children].filter((one) => one.scrollWidth > one.clientWidth && one.clientWidth > 0).length;
      })()`),
    ).to.equal(0);
    for (let at = 0; at < 40; at++) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(`${ACTIVE} === document.body || ${ACTIVE}.closest('#item') !== null`),
        await page.evaluate<string>(`${ACTIVE}.outerHTML.slice(0, 200)`),
      ).to.equal(true);
    }
    await page.getByLabel('Close').click();
    await becomesTrue(page, `document.getElementById('item') === null && ${ACTIVE}.getAttribute('role') === 'row'`);
    await page.click('#items [data-index="0"]');
    await becomesTrue(page, `${ACTIVE}.matches('#item h2')`);
    await page.goBack();
    await becomesTrue(page, `document.getElementById('item') === null && ${ACTIVE}.dataset.index === '0'`);
    await desk.leave(page);
  });

  it('is drawn wider and narrower, and stays so', async () => {
    const page = await desk.open('alice', { place: `#/all/${mill}` });
    const width = `Math.round(document.getElementById('item')?.getBoundingClientRect().width)`;
    await becomesTrue(page, READ);
    const before = await page.evaluate<number>(width);
    // What is left of the list says what each mail is about: other columns go for it.
    const subject = `Math.min(...[...document.querySelectorAll('#items [class*=subject]')].map((one) => one.clientWidth))`;
    for (const [window, columns] of [
      [1024, 'insured,status,age'],
      [1280, 'insured,limit,status,age'],
      [1440, 'insured,class,limit,status,age'],
    ] as const) {
      await page.setViewportSize({ width: window, height: 860 });
      const shown = `[...document.querySelectorAll('#items [role=columnheader][data-column]')].map((one) => one.dataset.column).join()`;
      await becomesTrue(page, `${shown} === '${columns}'`);
      expect(await page.evaluate(subject), String(window)).to.be.at.least(75);
    }
    expect(await page.evaluate(`localStorage.getItem('desk.columns')`)).to.equal(null);
    await page.getByLabel('Width of the item').focus();
    await page.keyboard.press('ArrowLeft');
    await becomesTrue(page, `${width} === ${before + 32}`);
    await page.reload();
    await becomesTrue(page, `${width} === ${before + 32}`);
    await page.getByLabel('Width of the item').dblclick();
    await becomesTrue(page, `${width} === ${before}`);
    await desk.leave(page);
  });

  it('asks once for what does not change, and keeps it while there is no network', async () => {
    const page = await desk.open('alice', { place: `#/all/${mill}` });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await becomesTrue(page, READ);
    await page.evaluate(`location.hash = '#/all/${vets}'`);
    await becomesTrue(page, `${READ} && ${TITLE}.includes('Vet')`);
    await page.evaluate(`location.hash = '#/all/${mill}'`);
    await becomesTrue(page, `${READ} && ${TITLE}.includes('Weftgate')`);
    await page.context().setOffline(true);
    await becomesTrue(page, `${STATE} === 'offline'`, 60_000);
    await page.evaluate(`location.hash = '#/all/${vets}'`);
    await becomesTrue(page, `${READ} && ${TITLE}.includes('Vet')`);
    await page.evaluate(`location.hash = '#/all/${vets - 1}'`);
    await page.evaluate(`location.hash = '#/all/${vets + 1}'`);
    // That one was never read.
    await becomesTrue(page, `document.getElementById('item').innerText.includes('The mail is read as soon as')`);
    await page.context().setOffline(false);
    await becomesTrue(page, `${STATE} === 'live' && ${READ}`, 60_000);
    expect(asked.filter((path) => /submissions/.test(path)).length).to.be.at.most(4);
    for (const id of [mill, vets]) {
      expect(asked.filter((path) => path === `/api/workitems/${id}/history`)).to.have.length.at.most(1);
    }
    await desk.leave(page);
  });

  it('says what could not be read, and reads it when asked again', async () => {
    const context = await desk.context();
    let broken = true;
    await context.route('**/api/submissions/*', (route) =>
      broken
        ? route.fulfill({ status: 503, json: { error: { code: 'unavailable', message: 'The store is away.' } } })
        : route.continue(),
    );
    const page = await desk.open('alice', { context, place: `#/all/${mill}` });
    await becomesTrue(
      page,
      `document.getElementById('item')?.innerText.includes('The mail could not be read. The store is away.')`,
    );
    // The rest is there.
    await becomesTrue(page, `document.querySelector('#history li') !== null && ${TITLE}.includes('Weftgate')`);
    broken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await becomesTrue(page, `${READ} && !document.getElementById('item').innerText.includes('could not be read')`);
    await context.close();
  });

  it('goes with all that was read of it, when it is somebody else’s', async () => {
    const page = await desk.open('alice', { place: `#/all/${vets}` });
    await becomesTrue(page, READ);
    await desk.hub.call('POST', `/api/workitems/${vets}/claim`, await desk.hub.token('bob'), {});
    await becomesTrue(page, `document.getElementById('gone') !== null`);
    expect(await page.evaluate(`document.querySelector('#mail-subject, #history, #item mark') === null`)).to.equal(
      true,
    );
    expect(await text(page, '#item')).to.not.contain('Vet');
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await becomesTrue(page, `document.getElementById('item') === null`);
    await desk.leave(page);
  });
});
