// A claim from the screen: it shows before the hub has answered, and is taken back when the hub refuses.
import { eventually, fireEvent, one, render, useScreen } from './screen.js';
import { useCommand, useWorkItem, WorkItemProvider } from '@workitem-hub/client/react';
import { expect } from 'chai';
import { createElement } from 'react';

/** Claims the version that it names, whatever the list says. */
function Card({ id, version }: { id: number; version: number }) {
  const item = useWorkItem(id);
  const { claim, pending, error, reset } = useCommand();
  return createElement(
    'article',
    null,
    createElement('b', null, item ? `${item.assigned_to ?? 'nobody'} v${item.version}` : '…'),
    createElement('button', { className: 'claim', disabled: pending, onClick: () => void claim(id, { version }) }),
    createElement('button', { className: 'reset', onClick: reset }),
    createElement('i', null, error?.code ?? ''),
  );
}

describe('useCommand', () => {
  const screen = useScreen();

  async function show(version: number) {
    const { submission_id: id } = await screen.hub.item();
    const client = screen.client('sam', { roles: ['supervisor', 'underwriter'] });
    const { container } = render(createElement(WorkItemProvider, { client }, createElement(Card, { id, version })));
    const holder = () => one(container, 'b').textContent;
    await eventually(() => expect(holder()).to.equal('nobody v1'));
    return {
      holder,
      error: () => one(container, 'i').textContent,
      button: one(container, '.claim') as HTMLButtonElement,
      reset: one(container, '.reset'),
    };
  }

  it('shows a claim at once, and that it is under way', async () => {
    const { holder, button, error } = await show(1);
    fireEvent.click(button);
    expect(holder()).to.equal('sam v1');
    expect(button.disabled).to.equal(true);
    await eventually(() => expect(holder()).to.equal('sam v2'));
    await eventually(() => expect(button.disabled).to.equal(false));
    expect(error()).to.equal('');
  });

  it('takes a refused claim back, and says why until told to forget it', async () => {
    const { holder, button, error, reset } = await show(7);
    fireEvent.click(button);
    expect(holder()).to.equal('sam v1');
    await eventually(() => expect(error()).to.equal('conflict'));
    await eventually(() => expect(holder()).to.equal('nobody v1'));
    expect(button.disabled).to.equal(false);
    fireEvent.click(reset);
    expect(error()).to.equal('');
  });
});
