// HTML becomes the lines that a reader sees.
import { expect } from 'chai';
import { htmlToText, isHtml } from '../../src/intake/text.js';
import { parseOne } from './message.js';

const CASES: [string, string, string][] = [
  ['blocks are lines', '<div>One</div><div>Two<br>Three</div>', 'One\nTwo\nThree'],
  [
    'paragraphs have a gap, those of Word none',
    '<p>One</p><p>Two</p><p class="MsoNormal">3</p><p class=MsoNormal>4</p>',
    'One\n\nTwo\n\n3\n4',
  ],
  [
    'table rows are lines of cells',
    '<table><tr><th>Insured</th><td><div>Banksia <b>Lane</b></div></td></tr><tr><td>Limit<td>£5m</table>',
    'Insured\tBanksia Lane\nLimit\t£5m',
  ],
  [
    'layout tables keep their lines',
    '<table><tr><td></td><td>A<br>B<br>C<br>D<br>E</td></tr></table>',
    'A\nB\nC\nD\nE',
  ],
  ['tables in tables', '<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>', 'a\tb'],
  ['text beside cells is kept', '<table>x<tr>y<td>z</td></tr></table>', 'x\ny\tz'],
  ['lists', '<ul><li>One</li><li>Two</li></ul>', '- One\n- Two'],
  ['entities and blanks', 'a&nbsp;&amp;&nbsp;b &lt;c&gt; &pound;5 &#8364;\u200b7', 'a & b <c> £5 €7'],
  [
    'styles, scripts, heads and comments go',
    '<head><title>T</title><style>p{x:1}</style></head><script>if (a<b) x()</script>a<!-- <p>no</p> -->b',
    'ab',
  ],
  [
    'tags that shape nothing leave their text',
    '<span>a<o:p></o:p></span><font size=1>b</font><a href="x>y">c</a>',
    'abc',
  ],
  ['a stray bracket is text', 'a < b and c > d <3', 'a < b and c > d <3'],
];

describe('HTML to text', () => {
  for (const [name, html, expected] of CASES) it(name, () => expect(htmlToText(html)).to.equal(expected));

  it('loses layout but no words when the HTML is absurd', () => {
    const words = (text: string) => text.split(/\s+/).filter(Boolean).length;
    expect(words(htmlToText(`${'<div>'.repeat(100_000)}deep words`))).to.equal(2);
    expect(words(htmlToText('<p>word</p>'.repeat(100_000)))).to.equal(100_000);
    expect(words(htmlToText('<table><tr><td>a</td><td>b</td></tr></table>'.repeat(20_000)))).to.equal(40_000);
    expect(words(htmlToText(`<p>${'word '.repeat(500_000)}`))).to.equal(500_000);
    expect(htmlToText(`<p>${'<'.repeat(2_000_000)}`).length).to.be.at.least(2_000_000);
  });

  // These would take minutes if anything in them were quadratic; mocha's time-out is the judge.
  for (const unit of [
    '<b>',
    '<!--',
    '<style>',
    '<title>',
    '<a x="',
    "<a y='>",
    '</p>',
    '<ul><li>',
    '<table>',
    '<td>',
    '&',
    '<x ',
    ' ',
    '<',
    '\u00a0',
    '\r',
  ]) {
    it(`2 MB of ${JSON.stringify(unit)} come to an end`, () => {
      expect(htmlToText(`<p>start</p>${unit.repeat(2_000_000 / unit.length)}<p>end</p>`)).to.match(/^start/);
    });
  }
});

describe('which bodies are HTML', () => {
  it('is told by the flag, when the body agrees', () => {
    expect(isHtml('<p>x</p>', true)).to.equal(true);
    expect(isHtml('a &amp; b', true)).to.equal(true);
    expect(isHtml('plain < text', true)).to.equal(false);
  });
  it('is told by the body when there is no flag, or a wrong one', () => {
    expect(isHtml('<div>x</div>', null)).to.equal(true);
    expect(isHtml('Jane <jane@b.example>', null)).to.equal(false);
    expect(isHtml('<html><body>x</body></html>', false)).to.equal(true);
    expect(isHtml('Write <b>bold</b> like this', false)).to.equal(false);
  });
  it('shows in the message', () => {
    const html = parseOne({ subject: 'x', isHtml: 'false', body: '<html><body><p>Hi</p></body></html>' });
    expect(html).to.include({ bodyText: 'Hi', bodyHtml: '<html><body><p>Hi</p></body></html>' });
    expect(parseOne({ subject: 'x', isHtml: true, body: 'a  b\r\n\r\n\r\n\r\nc ' })).to.include({
      bodyText: 'a  b\n\nc',
      bodyHtml: null,
    });
  });
});
