// A claim from the screen: it shows before the hub has answered, and is taken back when the hub refuses.
import { useScreen } from './screen.js';
import { useCommand, useWorkItem } from '@workitem-hub/client/vue';
import { expect } from 'chai';
import { h, watch } from 'vue';
import { failCommand } from '../support/mongo.js';
import { until } from '../support/until.js';

describe('the composable useCommand', () => {
  const screen = useScreen();

  /** A card whose button claims the version that it names, and everything that the card has said. */
  async function show(version: number) {
    const { submission_id: id } = await screen.hub.item();
    const said: string[] = [];
    const wrapper = screen.show(screen.client('sam', { roles: ['supervisor', 'underwriter'] }), () => {
      const item = useWorkItem(id);
      const { claim, pending, error, reset } = useCommand();
      watch(item, (now) => void said.push(now ? `${now.assigned_to} v${now.version}` : '…'));
      return () => [
        h('button', { class: 'claim', disabled: pending.value, onClick: () => void claim(id, { version }) }),
        h('button', { class: 'reset', onClick: reset }),
        h('i', error.value?.code),
      ];
    });
    await until(() => said.length === 1);
    expect(said).to.deep.equal(['null v1']);
    const button = wrapper.find<HTMLButtonElement>('.claim').element;
    return { wrapper, said, button, error: () => wrapper.find('i').text() };
  }

  /** The answer takes longer than a frame. */
  const slowly = () =>
    failCommand(screen.hub.database.mongo, {
      commands: ['find', 'findAndModify', 'aggregate'],
      delayMs: 200,
      times: 1,
    });

  it('shows a claim before it is confirmed, and that it is under way', async () => {
    const { wrapper, said, button, error } = await show(1);
    await slowly();
    await wrapper.find('.claim').trigger('click');
    expect(button.disabled).to.equal(true);
    await until(() => !button.disabled && said.at(-1) === 'sam v2');
    expect(said).to.deep.equal(['null v1', 'sam v1', 'sam v2']);
    expect(error()).to.equal('');
  });

  it('takes a refused claim back, and says why until told to forget it', async () => {
    const { wrapper, said, button, error } = await show(7);
    await slowly();
    await wrapper.find('.claim').trigger('click');
    await until(() => !button.disabled && said.length === 3);
    expect(said).to.deep.equal(['null v1', 'sam v1', 'null v1']);
    expect(error()).to.equal('conflict');
    await wrapper.find('.reset').trigger('click');
    expect(error()).to.equal('');
  });

  it('finishes a command whose component is gone meanwhile', async () => {
    const { submission_id: id } = await screen.hub.item();
    const client = screen.client('ann');
    const { claim, unmount } = screen.use(client, useCommand);
    await until(() => client.state.name === 'connected');
    const claimed = claim(id);
    unmount();
    expect(await claimed).to.include({ id, assigned_to: 'ann' });
  });
});
