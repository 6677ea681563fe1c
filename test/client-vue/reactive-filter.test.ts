// Lists through filters of their own, given as an object, a ref or a getter, or written to in place.
import { useScreen } from './screen.js';
import type { Filter } from '@workitem-hub/client';
import { useWorkItems, type WorkItemsOptions } from '@workitem-hub/client/vue';
import { expect } from 'chai';
import { nextTick, reactive, ref, shallowRef } from 'vue';
import { watchClient } from '../support/client-watch.js';
import { until } from '../support/until.js';

describe('the composable useWorkItems with a filter', () => {
  const screen = useScreen();
  const ann = { teams: ['marine', 'cyber'] };
  const make = async (team: string): Promise<number> => (await screen.hub.item({ team })).submission_id;

  it('keeps several lists live beside each other', async () => {
    const { marine, cyber } = screen.use(screen.client('ann', ann), () => ({
      marine: useWorkItems({ filter: { team: ['marine'] } }),
      cyber: useWorkItems({ filter: { team: ['cyber'] } }),
    }));
    const [ship, breach] = [await make('marine'), await make('cyber')];
    await until(() => marine.value[0]?.id === ship && cyber.value[0]?.id === breach);
    expect(marine.value.every(({ team }) => team === 'marine')).to.equal(true);
    expect(cyber.value.every(({ team }) => team === 'cyber')).to.equal(true);
  });

  const team = ref('marine');
  const held = shallowRef<WorkItemsOptions>({ filter: { team: ['marine'] } });
  const filter = reactive<Filter>({ team: ['marine'] });
  const forms = {
    'that a getter makes': {
      options: () => ({ filter: { team: [team.value] } }),
      narrow: () => (team.value = 'cyber'),
    },
    'in a ref': { options: held, narrow: () => (held.value = { filter: { team: ['cyber'] } }) },
    'that is reactive': { options: { filter }, narrow: () => filter.team?.splice(0, 1, 'cyber') },
  };
  for (const [form, { options, narrow }] of Object.entries(forms)) {
    it(`follows one ${form}`, async () => {
      const watched = watchClient(screen.client('ann', ann));
      const [ship, breach] = [await make('marine'), await make('cyber')];
      const { items, unmount } = screen.use(watched.client, () => ({ items: useWorkItems(options) }));
      await until(() => items.value[0]?.id === ship);
      narrow();
      await nextTick();
      expect(items.value[0]?.id).to.equal(breach);
      expect(items.value.every((item) => item.team === 'cyber')).to.equal(true);
      const next = await make('cyber');
      await until(() => items.value[0]?.id === next);
      expect(watched.standing).to.equal(1);
      unmount();
      expect(watched.standing).to.equal(0);
    });
  }

  it('neither subscribes anew nor gives a new array for a new object that means the same', async () => {
    const watched = watchClient(screen.client('ann', ann));
    const options = shallowRef<WorkItemsOptions>({ filter: { team: ['marine', 'cyber'] } });
    const { items } = screen.use(watched.client, () => ({ items: useWorkItems(options) }));
    const breach = await make('cyber');
    await until(() => items.value[0]?.id === breach);
    const before = items.value;
    options.value = { filter: { team: ['cyber', 'marine'] } };
    await nextTick();
    expect(items.value).to.equal(before);
    expect(watched.made).to.equal(1);
  });
});
