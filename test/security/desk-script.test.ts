// The desk in a real browser, full of mails that want to be pages: none of it runs, loads or leads anywhere.
import { expect } from 'chai';
import { becomesTrue, type Browser, startChromium } from '../support/chromium.js';
import { startHub, type TestHub } from '../support/hub.js';

const EVIL = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '<svg onload="window.pwned=1"></svg>',
  '"><script>window.pwned=1</script>',
  "'-(window.pwned=1)-'",
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<a href="javascript:window.pwned=1">click</a>',
  '<style>body{display:none}</style>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">',
  '{{constructor.constructor("window.pwned=1")()}}',
  '${window.pwned=1}',
  '</td></tr></table><h1>Sign in again</h1>',
];

describe('the desk', function () {
  this.timeout(60_000);
  let hub: TestHub;
  let browser: Browser;
  before(async () => {
    browser = await startChromium();
    hub = await startHub();
  });
  after(async () => {
    await browser?.close();
    await hub?.close();
  });

  it('runs no script of a mail, in the list or live, and asks nobody else for anything', async () => {
    const mail = (evil: string, index: number) =>
      hub.mail({
        id: `mail ${index}`,
        subject: evil,
        from: `"${evil.replaceAll('"', '\\"')}" <x${index}@b.example>`,
        body: `Insured: ${evil}\nBroker: ${evil}`,
      });
    for (const [index, evil] of EVIL.entries()) await mail(evil, index);
    await hub.item({ team: undefined as never, subject: EVIL[0] as string, policy_type: EVIL[1] as string });
    // So high that every row exists.
    const page = await browser.newPage({ viewport: { width: 1280, height: 2_000 } });
    const asked: string[] = [];
    const alerts: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => {
      alerts.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(`${hub.url}/#token=${await hub.token('alice')}`);
    await becomesTrue(page, `document.getElementById('connection')?.dataset.state === 'live'`);
    for (const [index, evil] of EVIL.entries()) await mail(evil, 100 + index);
    await becomesTrue(
      page,
      `document.getElementById('items').getAttribute('aria-rowcount') === '${2 * EVIL.length + 2}'`,
    );

    expect(await page.evaluate('window.pwned ?? null')).to.equal(null);
    expect(alerts).to.deep.equal([]);
    expect(asked.filter((url) => !url.startsWith(hub.url))).to.deep.equal([]);
    const elements = `'#items script, #items img, #items [role=row] svg:not(.lucide), #items iframe, #items a, #items style, #items h1, base'`;
    expect(await page.evaluate(`document.querySelectorAll(${elements}).length`)).to.equal(0);
    // They are there, as the texts that they are.
    const text = await page.evaluate<string>(`document.getElementById('items').textContent`);
    expect(text).to.contain('<img src=x onerror="window.pwned=1">');
    await page.close();
  });

  it('would not run one either that had got into it', async () => {
    const page = await browser.newPage();
    await page.goto(hub.url);
    await page.evaluate(`(() => {
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.pwned=1">');
      const script = document.createElement('script');
      script.textContent = 'window.pwned=1';
      document.body.append(script);
      return new Promise((resolve) => {
        // A barrier: an image of the page's own, asked for after the one that fails.
        const image = new Image();
        image.onload = image.onerror = resolve;
        image.src = 'icon.svg?barrier';
      });
    })()`);
    expect(await page.evaluate('window.pwned ?? null')).to.equal(null);
    const framed = await browser.newPage();
    const refused = new Promise<string>((resolve) => {
      framed.on('console', (message) => resolve(message.text()));
    });
    await framed.setContent(`<iframe src="${hub.url}/"></iframe>`);
    expect(await refused).to.match(/frame-ancestors|X-Frame-Options/);
    await Promise.all([page.close(), framed.close()]);
  });

  it('keeps its token out of the address and out of what other sites are told', async () => {
    const page = await browser.newPage();
    await page.goto(`${hub.url}/#token=${await hub.token('alice')}`);
    await becomesTrue(page, `document.getElementById('connection')?.dataset.state === 'live'`);
    expect(page.url()).to.equal(`${hub.url}/`);
    expect(await page.evaluate('history.length')).to.be.at.most(2);
    expect(await page.evaluate('Object.keys(localStorage).length')).to.equal(0);
    expect(await page.evaluate('document.cookie')).to.equal('');
    const { headers } = await fetch(hub.url);
    expect(headers.get('referrer-policy')).to.equal('no-referrer');
    await page.close();
  });
});
