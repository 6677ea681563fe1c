// A leak that is planted into a hub's process is reported as what it is; a hub without one is not.
import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { createHubs, type Hub, type Hubs } from '../faults/hubs.js';
import { UNLIMITED } from '../faults/unlimited.js';
import { dataDirectory } from '../support/hub-process.js';
import { type TestDatabase, testDatabase } from '../support/mongo.js';
import { BOUNDS, type Quantity, read, type Reading } from './gauge.js';
import { POINTS_MIN, trendOf } from './trend.js';

const PLANT = fileURLToPath(new URL('./plant.mjs', import.meta.url));

async function growing(hub: Hub): Promise<Quantity[]> {
  const readings: (Reading & { at: number })[] = [];
  while (readings.length < POINTS_MIN) {
    const { reading } = await read(hub);
    readings.push({ at: performance.now() / 60_000, ...reading });
  }
  return (Object.keys(BOUNDS) as Quantity[]).filter((what) => {
    const points = readings.map((reading) => ({ at: reading.at, value: reading[what] }));
    // A hub that has just started grows warm. So few seconds do not tell that from a small leak: these are large ones.
    const { perMinute, noise } = BOUNDS[what];
    // In so few seconds next to nothing is encoded: the half is enough for what is allowed to that.
    const own = what === 'external, MiB' ? noise / 2 : noise;
    return trendOf(points, { perMinute: perMinute * 10, noise: own }).verdict === 'GROWS';
  });
}

describe('the soak', () => {
  let database: TestDatabase;
  let data: { path: string; remove(): Promise<void> };
  let hubs: Hubs;
  before(async function () {
    this.timeout(60_000);
    [database, data] = [await testDatabase(), await dataDirectory()];
    hubs = createHubs({
      env: {
        ...UNLIMITED,
        DATA_DIR: data.path,
        MONGODB_URL: database.url,
        MONGODB_DATABASE: database.name,
        TEST_CENSUS: 'on',
      },
      doors: false,
    });
  });
  after(async () => {
    await hubs.end();
    await data.remove();
    await database.drop();
  });

  it('finds planted listeners, timers, arrays, buffers and sockets, and nothing in a hub without them', async function () {
    this.timeout(90_000);
    const env = { SOAK_PLANT: 'listeners,timers,arrays,buffers,sockets', NODE_OPTIONS: `--import ${PLANT}` };
    const [planted, sound] = [await hubs.start({ env }), await hubs.start()];
    const [found, none] = await Promise.all([growing(planted), growing(sound)]);
    expect(found).to.include.members([
      'heap, MiB',
      'external, MiB',
      'handles',
      'open sockets',
      'socket objects',
      'timers',
      'emitters',
      'listeners',
    ]);
    expect(none).to.deep.equal([]);
  });
});
