// Mails that want to be pages, opened and read: they are texts, whatever is in them.
import { expect } from 'chai';
import { becomesTrue } from '../support/chromium.js';
import { type Desk, openDesk } from './desk.js';
import { file, receive } from './mails.js';

const EVIL = [
  '<script>window.pwned=1</script>',
  '<img src=x onerror="window.pwned=1">',
  '<svg onload="window.pwned=1"></svg>',
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '<a href="javascript:window.pwned=1">click</a>',
  '<style>body{display:none}</style>',
  '<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example">',
  'javascript:window.pwned=1 https://"onmouseover="window.pwned=1 http://b.example/<script>window.pwned=1</script>',
].join('\n');

describe('script in a mail at the desk', function () {
  this.timeout(60_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk?.close());
  afterEach(() => desk.expectNoComplaints());

  for (const [kind, body] of Object.entries({
    text: { bodyText: `Insured: <img src=x onerror="window.pwned=1">\nClass: Cyber\n${EVIL}` },
    HTML: { body: { contentType: 'html', content: `<html><body><p>Insured: Tarn Mill Ltd</p>${EVIL}</body></html>` } },
  })) {
    it(`is never run, as ${kind}`, async () => {
      const id = await receive(desk, {
        id: kind,
        subject: `${EVIL.split('\n')[1]} ${kind}`,
        from: '"<script>window.pwned=1</script>" <jo@b.example>',
        ...body,
        attachments: [file(`<img src=x onerror=window.pwned=1>.pdf`, 'application/pdf', EVIL)],
      });
      const bob = await desk.hub.token('bob');
      await desk.hub.call('GET', '/api/workitems', bob);
      const { body: item } = await desk.hub.call<{ version: number }>('POST', `/api/workitems/${id}/claim`, bob, {});
      await desk.hub.call('PATCH', `/api/workitems/${id}/status`, bob, {
        status: 'declined',
        reason: EVIL,
        version: item.version,
      });
      const context = await desk.context();
      await context.addInitScript(
        `window.reports = []; addEventListener('securitypolicyviolation', (event) => window.reports.push(event.violatedDirective + ' ' + event.blockedURI));`,
      );
      const page = await desk.open('bob', { context, place: `#/all/${id}` });
      const dialogs: string[] = [];
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await becomesTrue(
        page,
        `document.getElementById('mail-text') !== null && document.querySelectorAll('#history li').length === 3`,
      );
      expect(
        await page.evaluate(
          `document.querySelectorAll('#item :is(script, img, iframe, style, base, meta, object, embed, form), #item [srcdoc], #item [onerror], #item [onmouseover], #item svg[onload]').length`,
        ),
      ).to.equal(0);
      expect(
        await page.evaluate(`[...document.querySelectorAll('#item a')].every((one) => /^https?:/.test(one.href))`),
      ).to.equal(true);
      await page.getByLabel(/^Look at/).click();
      await becomesTrue(page, `document.querySelector('#preview [role=status]') !== null`);
      await page.keyboard.press('Escape');
      expect(await page.evaluate(`[window.pwned, window.reports.join(), location.origin].join('|')`)).to.equal(
        `||${desk.hub.url}`,
      );
      expect(dialogs).to.deep.equal([]);
      await context.close();
    });
  }
});
